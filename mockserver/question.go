package mockserver

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// question is what [Requests] and [Triggers] have in common. The journal keeps
// records R; criteria look at them as subjects S; users see them as views V.
type question[R, S, V any] struct {
	kind     *kind[R, S, V]
	world    *world.World
	criteria match.Criteria[S]
	within   time.Duration
	err      error
}

// kind is a kind of records that can be asked for.
type kind[R, S, V any] struct {
	noun, verb string // "request", "received"
	whole      string // where all of them are shown

	kept     func(*recorder.Recorder) match.Kept[R, S]
	view     func(*recorder.Recorder, R) V
	sequence func(R) uint64
	// describe describes a record that matched though it should not have; a
	// near miss is described with what it missed.
	describe     func(*recorder.Recorder, R) string
	describeMiss func(match.NearMiss[R]) string
}

func (q question[R, S, V]) and(c match.Criterion[S], err error) question[R, S, V] {
	if err != nil {
		q.err = err
		return q
	}
	q.criteria = q.criteria.And(c)
	return q
}

func (q question[R, S, V]) find() ([]R, *recorder.Recorder) {
	j := q.world.Era().Journal
	if q.err != nil {
		return nil, j
	}
	return q.kind.kept(j).Matching(q.criteria), j
}

func (q question[R, S, V]) all() []V {
	found, j := q.find()
	views := make([]V, len(found))
	for i, record := range found {
		views[i] = q.kind.view(j, record)
	}
	return views
}

func (q question[R, S, V]) first() (view V, ok bool) {
	found, j := q.find()
	if len(found) == 0 {
		return view, false
	}
	return q.kind.view(j, found[0]), true
}

func (q question[R, S, V]) count() int {
	found, _ := q.find()
	return len(found)
}

func (q question[R, S, V]) evicted() uint64 { return q.kind.kept(q.world.Era().Journal).Evicted }

// once fails the test unless there is exactly one record, and returns it.
func (q question[R, S, V]) once(t testing.TB) (view V) {
	t.Helper()
	if found := q.times(t, 1); len(found) > 0 {
		return found[0]
	}
	return view
}

// times fails the test unless there are exactly n records, and returns them,
// oldest first.
func (q question[R, S, V]) times(t testing.TB, n int) []V {
	t.Helper()
	if q.err != nil {
		t.Fatalf("mockserver: the question is invalid: %v", q.err)
		return nil
	}
	if err := q.wait(max(n, 1)); err != nil {
		t.Fatalf("mockserver: %v", err)
		return nil
	}
	got := q.count()
	switch evicted := q.evicted(); {
	case got != n:
		t.Fatalf("%s", q.explain(n, got))
	case evicted > 0:
		t.Fatalf("mockserver: incomplete: the journal has evicted %d %ss, which may have matched: see WithJournalLimits", evicted, q.kind.noun)
	}
	return q.all()
}

// wait waits for n records, as long as Within says. The error is that the sandbox
// was dropped, or that the server was shut down before the wait was over.
func (q question[R, S, V]) wait(n int) error {
	if err := q.world.AwaitFor(q.within, func(*world.Era) bool { return q.count() >= n }); err != nil {
		return err
	}
	return q.world.Closed()
}

// firstAfter returns the sequence of the oldest record behind a sequence.
func (q question[R, S, V]) firstAfter(sequence uint64) (next uint64, ok bool) {
	found, _ := q.find()
	for _, record := range found {
		if next := q.kind.sequence(record); next > sequence {
			return next, true
		}
	}
	return 0, false
}

// explain says what was expected, and what came nearest to it.
func (q question[R, S, V]) explain(want, got int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "mockserver: want %d %s(s)", want, q.kind.noun)
	for _, c := range q.criteria {
		fmt.Fprintf(&b, "\n  %s %s", c.Name, c.Want)
	}
	kept := q.kind.kept(q.world.Era().Journal)
	fmt.Fprintf(&b, "\ngot %d, of %d %s", got, len(kept.All), q.kind.verb)
	if kept.Evicted > 0 {
		fmt.Fprintf(&b, " and kept; %d were evicted", kept.Evicted)
	}
	if got > want {
		found, j := q.find()
		for _, record := range found {
			b.WriteString("\n" + q.kind.describe(j, record))
		}
	} else {
		for i, miss := range kept.Nearest(q.criteria) {
			if i == 0 {
				b.WriteString("\nthe nearest:")
			}
			b.WriteString("\n" + q.kind.describeMiss(miss))
		}
	}
	b.WriteString("\n" + q.kind.whole)
	return b.String()
}

// ordered is a question of either kind, for [InOrder].
type ordered interface {
	problem() error
	wait(n int) error
	firstAfter(sequence uint64) (uint64, bool)
	explain(want, got int) string
	name() string
}

func (q question[R, S, V]) problem() error { return q.err }
func (q question[R, S, V]) name() string   { return q.kind.noun }

// InOrder fails the test unless the questions, all about requests or all about
// triggers, match one after another: each a record that arrived after the one
// before.
func InOrder[Q Requests | Triggers](t testing.TB, questions ...Q) {
	t.Helper()
	var after uint64
	for i, asked := range slices.All(questions) {
		q := orderedOf(asked)
		if err := q.problem(); err != nil {
			t.Fatalf("mockserver: question %d is invalid: %v", i+1, err)
			return
		}
		if err := q.wait(1); err != nil {
			t.Fatalf("mockserver: question %d of %d: %v", i+1, len(questions), err)
			return
		}
		next, found := q.firstAfter(after)
		if !found {
			t.Fatalf("mockserver: question %d of %d matches nothing after %s #%d\n%s", i+1, len(questions), q.name(), after, q.explain(1, 0))
			return
		}
		after = next
	}
}

func orderedOf(asked any) ordered {
	if requests, ok := asked.(Requests); ok {
		return requests.q
	}
	return asked.(Triggers).q
}
