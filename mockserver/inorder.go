package mockserver

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// InOrder fails the test unless the questions, all about requests or all about
// triggers of one world, match one after another: each a record that arrived after
// the one before. A question with Within waits for such a record.
func InOrder[Q Requests | Triggers](t testing.TB, questions ...Q) {
	t.Helper()
	var problem string
	switch questions := any(questions).(type) {
	case []Requests:
		problem = newSequence(questions, func(q Requests) requestQuestion { return q.q }).check(t)
	case []Triggers:
		problem = newSequence(questions, func(q Triggers) triggerQuestion { return q.q }).check(t)
	}
	if problem != "" {
		t.Fatalf("mockserver: %s", visible.Lines(problem))
	}
}

// sequence is questions that have to match one after another.
type sequence[R comparable, S, V any] []question[R, S, V]

func newSequence[Q any, R comparable, S, V any](asked []Q, inner func(Q) question[R, S, V]) sequence[R, S, V] {
	var steps sequence[R, S, V]
	for _, q := range asked {
		steps = append(steps, inner(q))
	}
	return steps
}

// progress is how far a sequence has matched at one look at the journal.
type progress[R comparable, S any] struct {
	matched []R        // a record for each step that has matched
	missing look[R, S] // what the next step finds, in any order; zero if all have matched
}

// check returns why the sequence does not match; a blank text if it does.
func (steps sequence[R, S, V]) check(t testing.TB) string {
	if len(steps) == 0 {
		return "there is no question: InOrder wants at least one"
	}
	for i, q := range steps {
		if q.world == nil {
			return fmt.Sprintf("question %d: the question is invalid: %v", i+1, errNoWorld)
		}
		if q.world != steps[0].world {
			return "the questions are about different worlds, whose records have no common order"
		}
	}
	for {
		at := steps.look(context.Background())
		failing := len(at.matched)
		if failing == len(steps) {
			return ""
		}
		if err := at.missing.Err; err != nil && !match.MayBecomeValid(err) {
			return steps.explain(t, at)
		}
		if later := steps.await(failing); len(later.matched) == failing {
			return steps.explain(t, later)
		}
	}
}

// await waits until more than so many steps have matched, as long as Within of the
// next step says.
func (steps sequence[R, S, V]) await(matched int) progress[R, S] {
	q := steps[matched]
	closed := q.world.AwaitFor(q.within, func(ctx context.Context, _ *world.Era) bool { return len(steps.look(ctx).matched) > matched })
	at := steps.look(context.Background())
	if closed != nil && len(at.matched) == matched {
		at.missing.Err, at.missing.cut = closed, true
	}
	return at
}

// look matches the steps at one look at the journal.
func (steps sequence[R, S, V]) look(ctx context.Context) (at progress[R, S]) {
	era := steps[0].world.Era()
	kept := steps[0].kind.kept(era.Journal, era)
	var after uint64
	for _, q := range steps {
		found := q.lookAt(ctx, era.Journal, kept)
		next := q.firstAfter(found, after)
		if next < 0 {
			at.missing = found
			return at
		}
		at.matched = append(at.matched, found.Records[next])
		after = q.kind.sequence(found.Records[next])
	}
	return at
}

// firstAfter returns the index of the oldest record found after a sequence; -1 if
// there is none.
func (q question[R, S, V]) firstAfter(found look[R, S], after uint64) int {
	for i, record := range found.Records {
		if q.kind.sequence(record) > after {
			return i
		}
	}
	return -1
}

// explain says which step does not match, and where it matched too early.
func (steps sequence[R, S, V]) explain(t testing.TB, at progress[R, S]) string {
	failing := len(at.matched)
	q, found := steps[failing], at.missing
	if found.Err != nil {
		return fmt.Sprintf("question %d: %s: %v", failing+1, q.wrong(found), found.Err)
	}
	var b strings.Builder
	if found.Incomplete {
		b.WriteString(q.incomplete(found) + "\n")
	}
	fmt.Fprintf(&b, "question %d of %d matches no %s", failing+1, len(steps), q.kind.noun)
	if failing > 0 {
		fmt.Fprintf(&b, " after the one that question %d matches:\n%s\nquestion %d wants", failing, q.kind.describe(found.journal, at.matched[failing-1]), failing+1)
	}
	b.WriteString(q.wanted())
	var nearest []match.NearMiss[R]
	if len(found.Records) > 0 {
		b.WriteString("\nit matches too early:")
		q.list(&b, found, found.Records)
	} else {
		nearest = found.nearest()
		q.listNearest(&b, nearest)
	}
	b.WriteString("\n" + q.kind.whole)
	return q.keep(t, found, match.AtLeast(1), b.String(), nearest)
}
