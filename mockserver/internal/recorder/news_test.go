package recorder

import (
	"slices"
	"testing"
)

// A reader learns which entries were removed; one that has some of which the journal no
// longer knows that they were removed begins again.
func TestReadersLearnWhatWasRemoved(t *testing.T) {
	t.Parallel()
	r := New(10_000, 1<<30, func(b []byte) { clear(b) })
	removeOne := func(unwanted *Entry) { r.Remove(func(e *Entry) bool { return e == unwanted }) }
	first, second := record(r, "first"), record(r, "second")
	atFirst := r.News(0)
	removeOne(first)
	between := r.News(atFirst.Revision)
	removeOne(second)
	if now := r.News(atFirst.Revision); !slices.Equal(between.Removed, []uint64{1}) || !slices.Equal(now.Removed, []uint64{1, 2}) || now.Oldest != 3 || now.Forgotten {
		t.Errorf("%+v, and then %+v", between, now)
	}
	if news := r.News(between.Revision); !slices.Equal(news.Removed, []uint64{2}) || len(news.Changes) != 0 {
		t.Errorf("after the first was removed: %+v", news)
	}
	if news := r.News(0); news.Removed != nil || news.Forgotten {
		t.Errorf("a reader without entries has %+v", news)
	}
	for range mostRemovals - 1 {
		record(r, "many")
	}
	r.Remove(func(*Entry) bool { return true })
	if old, known := r.News(atFirst.Revision), r.News(between.Revision); !old.Forgotten || known.Forgotten || len(known.Removed) != mostRemovals {
		t.Errorf("forgotten for the first reader %t, and for the second %t with %d removed", old.Forgotten, known.Forgotten, len(known.Removed))
	}
}

// Who has entries of before the journal was cleared begins again.
func TestReadersOfAClearedJournalBeginAgain(t *testing.T) {
	t.Parallel()
	r := New(10, 1<<20, func(b []byte) { clear(b) })
	record(r, "first")
	before := r.News(0)
	r.Clear()
	record(r, "second")
	if news := r.News(before.Revision); !news.Forgotten || len(news.Changes) != 0 {
		t.Errorf("%+v", news)
	}
	if news := r.News(0); news.Forgotten || len(news.Changes) != 1 || news.Oldest != 2 {
		t.Errorf("%+v", news)
	}
	if news := r.News(r.News(0).Revision); news.Forgotten {
		t.Errorf("%+v", news)
	}
}
