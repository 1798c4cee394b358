package match

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// noNames are the names of a world that has none.
type noNames struct{}

func (noNames) FindName(string, string) ([]string, bool) { return nil, false }
func (noNames) NamesOf(string) []string                  { return nil }

func entryOf(method string) *recorder.Entry {
	return recorder.NewEntry(httptest.NewRequest(method, "/", nil), time.Time{})
}

// A look matches what has changed, and goes on where one without time has ended.
func TestAWatchLooksAtWhatHasChanged(t *testing.T) {
	t.Parallel()
	j := recorder.New(4, 1<<20, func([]byte) {})
	arrive := func(n int) (last *recorder.Entry) {
		for range n {
			last = entryOf("GET")
			j.Arrive(last)
		}
		return last
	}
	looked := 0
	counted := requestCriterion("method", matcher.EqualTo("GET"), one(func(s *Subject) string {
		looked++
		return s.Method()
	}))
	watch := NewWatch(Criteria[*Subject]{counted}, Requests)
	late, cancel := context.WithCancel(t.Context())
	cancel()
	arrive(2)
	if found := watch.Find(late, j, noNames{}); !errors.Is(found.Err, effort.ErrLate) || looked != 0 {
		t.Errorf("without time: %v, looked %d times", found.Err, looked)
	}
	for _, c := range []struct{ arrive, looked, count int }{{1, 3, 3}, {0, 3, 3}, {1, 4, 4}, {2, 6, 4}} { // 4 are kept
		arrive(c.arrive)
		found := watch.Find(t.Context(), j, noNames{})
		if found.Err != nil || len(found.Records) != c.count || looked != c.looked {
			t.Errorf("%d more: %d match, looked %d times, %v; want %+v", c.arrive, len(found.Records), looked, found.Err, c)
		}
		if found.Incomplete != (c.looked > 4) {
			t.Errorf("incomplete %t after %d", found.Incomplete, c.looked)
		}
	}
	j.Complete(arrive(1), recorder.Outcome{})
	if found := watch.Find(t.Context(), j, noNames{}); len(found.Records) != 4 || looked != 7 {
		t.Errorf("%d match, looked %d times", len(found.Records), looked)
	}
}

// What arrives while a watch looks is found by that look, or by the next one.
func TestAWatchLosesNothingThatArrivesMeanwhile(t *testing.T) {
	t.Parallel()
	j := recorder.New(4, 1<<20, func([]byte) {})
	arriving := 1
	watch := NewWatch(nil, func(j *recorder.Recorder, names Names) Kept[*recorder.Entry, *Subject] {
		kept := Requests(j, names)
		for ; arriving > 0; arriving-- {
			j.Arrive(entryOf("GET"))
		}
		return kept
	})
	watch.Find(t.Context(), j, noNames{})
	if found := watch.Find(t.Context(), j, noNames{}); len(found.Records) != 1 {
		t.Errorf("%d requests match", len(found.Records))
	}
}

// An undecided request is matched again when more is known of it, and no longer when
// it has its response.
func TestAWatchDecidesWhenMoreIsKnown(t *testing.T) {
	t.Parallel()
	j := recorder.New(4, 1<<20, func([]byte) {})
	looked := 0
	body := requestCriterion("body", matcher.EqualTo("a"), withBody(func(s *Subject) []*matcher.Text {
		looked++
		return []*matcher.Text{matcher.Undecided(errEncoded)}
	}))
	watch := NewWatch(Criteria[*Subject]{body}, Requests)
	e := entryOf("POST")
	find := func(known string, wantReason error, want int) {
		found := watch.Find(t.Context(), j, noNames{})
		if len(found.Undecided) != 1 || !strings.Contains(found.Undecided[0].Error(), wantReason.Error()) || looked != want {
			t.Errorf("%s: undecided %v, looked %d times; want %v, %d", known, found.Undecided, looked, wantReason, want)
		}
	}
	j.Arrive(e)
	find("arrived", errUnread, 0)
	before := j.LastEventID()
	j.Note(e, recorder.Outcome{Body: []byte("a")})
	if j.LastEventID() != before {
		t.Error("what is noted is a change")
	}
	find("noted", errEncoded, 1)
	j.Complete(e, recorder.Outcome{Body: []byte("a")})
	find("complete", errEncoded, 2)
	find("unchanged", errEncoded, 2)
}
