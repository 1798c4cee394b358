package recorder

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"
)

// The changes are those of what the journal keeps, each record once, in the order
// of their last change.
func TestChangesHaveWhatIsKept(t *testing.T) {
	t.Parallel()
	r := New(3, 1<<20, func([]byte) {})
	var entries []*Entry
	for range 5 { // the first two are evicted
		e := NewEntry(httptest.NewRequest("GET", "/", nil), time.Time{})
		r.Arrive(e)
		r.Fire(&Trigger{}, e)
		entries = append(entries, e)
	}
	_, before, _ := r.Since(0)
	r.Complete(entries[3], Outcome{})
	r.Complete(entries[0], Outcome{})
	r.Remove(func(e *Entry) bool { return e == entries[2] })
	for since, want := range map[uint64]string{
		0:      "[trigger 4 entry 5 trigger 5 entry 4]",
		before: "[entry 4]",
	} {
		changes, _, evicted := r.Since(since)
		got := []string{}
		for _, c := range changes {
			if c.Entry != nil {
				got = append(got, fmt.Sprint("entry ", c.Entry.Sequence))
			} else {
				got = append(got, fmt.Sprint("trigger ", c.Trigger.Sequence))
			}
		}
		if fmt.Sprint(got) != want || evicted != 2 {
			t.Errorf("since %d: %v, %d evicted", since, got, evicted)
		}
	}
	if n := r.changes.byRevision.Len(); n != 4 {
		t.Errorf("%d changes are kept", n)
	}
	r.Fire(&Trigger{Event: SocketEvent{Kind: MessageEvent}}, nil)
	r.Clear()
	r.Complete(entries[4], Outcome{})
	changes, _, _ := r.Since(0)
	if triggers, _ := r.FiredTriggers(); len(changes)+len(triggers) != 0 {
		t.Errorf("%d changes and %d triggers of a journal that was cleared", len(changes), len(triggers))
	}
}
