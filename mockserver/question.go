package mockserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver/internal/admin"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// question is what [Requests] and [Triggers] have in common. The journal keeps
// records R; criteria look at them as subjects S; users see them as views V.
type question[R comparable, S, V any] struct {
	kind     *kind[R, S, V]
	world    *world.World
	criteria match.Criteria[S]
	within   time.Duration
	err      error
}

// kind is a kind of records that can be asked for.
type kind[R comparable, S, V any] struct {
	noun, verb string // "request", "received"
	whole      string // where all of them are shown

	kept     func(*recorder.Recorder, match.Names) match.Kept[R, S]
	view     func(*recorder.Recorder, R) V
	sequence func(R) uint64
	pattern  func(match.Criteria[S]) json.RawMessage // that says the same; nil for none
	// request returns the request of a record; nil if it is no longer kept.
	request func(*recorder.Recorder, R) *recorder.Entry
	// describe describes a record; a near miss is described with what it missed.
	describe     func(*recorder.Recorder, R) string
	describeMiss func(match.NearMiss[R]) string
}

func (q question[R, S, V]) and(c match.Criterion[S], err error) question[R, S, V] {
	return q.andAll(match.Criteria[S]{c}, err)
}

// andAll returns the question with more criteria. The first error counts.
func (q question[R, S, V]) andAll(c match.Criteria[S], err error) question[R, S, V] {
	switch {
	case q.err != nil:
	case err != nil:
		q.err = err
	default:
		q.criteria = q.criteria.And(c...)
	}
	return q
}

// look is one look at the journal of a world: what it keeps, and what a question
// finds there. Every verdict is about one look.
type look[R comparable, S any] struct {
	match.Found[R, S]
	journal *recorder.Recorder
	cut     bool // whether the world was closed before the wait was over
}

// errNoWorld is what is wrong with a zero [Requests] or [Triggers].
var errNoWorld = errors.New("the question is about no world: begin it with Requests() or Triggers() of a server")

func (q question[R, S, V]) look() look[R, S] {
	if q.world == nil {
		return look[R, S]{Found: match.Found[R, S]{Err: errNoWorld}}
	}
	era := q.world.Era()
	return q.lookAt(context.Background(), era.Journal, q.kind.kept(era.Journal, era))
}

func (q question[R, S, V]) lookAt(ctx context.Context, j *recorder.Recorder, kept match.Kept[R, S]) look[R, S] {
	if err := q.problem(); err != nil {
		return look[R, S]{Found: match.Found[R, S]{Kept: kept, Err: err}, journal: j}
	}
	return look[R, S]{Found: kept.Find(ctx, q.criteria), journal: j}
}

// problem returns why the question can't be asked; nil if it can. Names are looked
// up with each look.
func (q question[R, S, V]) problem() error {
	if err := q.world.Closed(); err != nil {
		return err
	}
	return q.err
}

func (q question[R, S, V]) all() []V {
	found := q.look()
	return q.views(found, found.Records)
}

func (q question[R, S, V]) views(at look[R, S], records []R) []V {
	views := make([]V, len(records))
	for i, record := range records {
		views[i] = q.kind.view(at.journal, record)
	}
	return views
}

func (q question[R, S, V]) first() (view V, ok bool) {
	found := q.look()
	if len(found.Records) == 0 {
		return view, false
	}
	return q.kind.view(found.journal, found.Records[0]), true
}

func (q question[R, S, V]) count() int { return len(q.look().Records) }

func (q question[R, S, V]) invalid() error { return q.look().Err }

func (q question[R, S, V]) evicted() uint64 { return q.look().Kept.Evicted }

func (q question[R, S, V]) undecided() int { return len(q.look().Undecided) }

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
	want := match.Exactly(n)
	if err := want.Err(); err != nil {
		t.Fatalf("mockserver: the question is invalid: %v", err)
		return nil
	}
	found := q.await(want)
	switch found.Verdict(want) {
	case match.OK:
		return q.views(found, found.Records)
	case match.Invalid:
		t.Fatalf("mockserver: %s: %v", q.wrong(found), found.Err)
	case match.Incomplete:
		q.fail(t, found, want, q.incomplete(found)+"\n")
	default:
		q.fail(t, found, want, "")
	}
	return nil
}

// fail fails the test with what was wanted and what came nearest.
func (q question[R, S, V]) fail(t testing.TB, found look[R, S], want match.Range, reason string) {
	t.Helper()
	var nearest []match.NearMiss[R]
	if len(found.Records) < want.Least {
		nearest = found.nearest()
	}
	t.Fatalf("mockserver: %s", q.keep(t, found, want, reason+q.explain(found, want.Least, nearest), nearest))
}

// keep keeps an assertion that failed for who looks at the server, and returns its
// message, which then ends with a link.
func (q question[R, S, V]) keep(t testing.TB, found look[R, S], want match.Range, message string, nearest []match.NearMiss[R]) string {
	verdict := match.Failed
	if found.Incomplete && len(found.Records) <= want.Most {
		verdict = match.Incomplete
	}
	request := func(record R) *recorder.Entry { return q.kind.request(found.journal, record) }
	id := q.world.Expectations.Add(expect.Expectation{
		Source: expect.Go, Test: t.Name(), Pattern: q.kind.pattern(q.criteria), Want: want.Wanted(), Matched: len(found.Records),
		Verdict: string(verdict), Message: message, NearMisses: match.Misses(found.journal, nearest, request),
	})
	if base := q.world.BaseURL(); base != "" {
		message += "\nwhile the server runs: " + admin.ExpectationLink(base, id)
	}
	return message
}

// nearest returns what came nearest.
func (found look[R, S]) nearest() []match.NearMiss[R] {
	ctx, cancel := context.WithTimeout(context.Background(), longestMeasured)
	defer cancel()
	return found.Nearest(ctx)
}

// await looks at the journal until a look is enough, as long as Within says, and
// returns the last look.
func (q question[R, S, V]) await(want match.Range) look[R, S] {
	found := q.look()
	if found.Enough(want) || q.within <= 0 {
		return found
	}
	watch := match.NewWatch(q.criteria, q.kind.kept)
	lookAgain := func(ctx context.Context, e *world.Era) look[R, S] {
		return look[R, S]{Found: watch.Find(ctx, e.Journal, e), journal: e.Journal}
	}
	decided := false
	closed := q.world.AwaitFor(q.within, func(ctx context.Context, e *world.Era) bool {
		found = lookAgain(ctx, e)
		decided = found.Enough(want) && !errors.Is(found.Err, effort.ErrLate)
		return decided
	})
	if decided {
		return found
	}
	ctx, cancel := context.WithTimeout(context.Background(), world.LastLook)
	defer cancel()
	found = lookAgain(ctx, q.world.Era()) // the world can change without its journal
	if closed != nil && !found.Enough(want) {
		found.Err, found.cut = closed, true
	}
	return found
}

// wrong says what an error of a look means.
func (q question[R, S, V]) wrong(found look[R, S]) string {
	if found.cut || q.world != nil && q.world.Closed() != nil {
		return "the question has no result"
	}
	return "the question is invalid"
}

func (q question[R, S, V]) incomplete(found look[R, S]) string {
	reason := "incomplete: " + found.Reason(q.kind.noun)
	if len(found.Undecided) == 0 {
		reason += ": see WithJournalLimits"
	}
	return reason
}

// mostListed is how many records a failure lists.
const mostListed = 20

// longestMeasured is how long a failure looks for near misses. They only explain it.
const longestMeasured = 10 * time.Second

// explain says what was expected, what was found, and if that is not enough, what
// came nearest to it.
func (q question[R, S, V]) explain(found look[R, S], want int, nearest []match.NearMiss[R]) string {
	var b strings.Builder
	fmt.Fprintf(&b, "want %d %s(s)%s", want, q.kind.noun, q.wanted())
	fmt.Fprintf(&b, "\ngot %d, of %d %s", len(found.Records), len(found.Kept.All), q.kind.verb)
	if found.Kept.Evicted > 0 {
		fmt.Fprintf(&b, " and kept; %d were evicted", found.Kept.Evicted)
	}
	q.list(&b, found, found.Records)
	q.listNearest(&b, nearest)
	b.WriteString("\n" + q.kind.whole)
	return visible.Lines(b.String())
}

// wanted describes the criteria, each in a line of its own.
func (q question[R, S, V]) wanted() string {
	var b strings.Builder
	for _, c := range q.criteria {
		fmt.Fprintf(&b, "\n  %s %s", c.Name, c.Want)
	}
	return b.String()
}

func (q question[R, S, V]) list(b *strings.Builder, at look[R, S], records []R) {
	for i, record := range records {
		if i == mostListed {
			fmt.Fprintf(b, "\n... %d more", len(records)-i)
			return
		}
		b.WriteString("\n" + q.kind.describe(at.journal, record))
	}
}

func (q question[R, S, V]) listNearest(b *strings.Builder, nearest []match.NearMiss[R]) {
	for i, miss := range nearest {
		if i == 0 {
			b.WriteString("\nthe nearest:")
		}
		b.WriteString("\n" + q.kind.describeMiss(miss))
	}
}
