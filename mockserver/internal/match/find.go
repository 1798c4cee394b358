// Package match finds requests and triggers among those that were recorded: by
// criteria from Go, by request patterns in WireMock's language, and by what comes
// nearest.
package match

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Criteria match a request or a trigger that each of them matches. Those that
// cost least come first.
type Criteria[S any] []Criterion[S]

// And returns the criteria and more of them.
func (c Criteria[S]) And(more ...Criterion[S]) Criteria[S] { return append(slices.Clip(c), more...) }

// Match reports whether all criteria match. Where that can't be decided, it returns
// the reason: no criterion fails to match, but one is undecided, or takes more than
// is left of the budget of the match.
func (c Criteria[S]) Match(ctx context.Context, s S) (matched bool, undecided error) {
	budget := effort.NewBudget(ctx)
	for i := range c {
		switch matched, err := c[i].matches(budget, s); {
		case err != nil:
			undecided = err
		case !matched:
			return false, nil
		}
	}
	return undecided == nil, undecided
}

// Kept are the records of one kind that the journal keeps: requests, or
// triggers.
type Kept[R, S any] struct {
	All     []R // oldest first
	Evicted uint64

	// Names are looked up in the records of both kinds.
	requests   []*recorder.Entry
	triggers   []*recorder.Trigger
	anyEvicted bool
	names      Names
	subject    func(R) S
}

// Requests returns the requests that the journal keeps now. The names are those
// that questions to them can mention.
func Requests(r *recorder.Recorder, names Names) Kept[*recorder.Entry, *Subject] {
	requests, evicted := r.Snapshot()
	triggers, triggersEvicted := r.FiredTriggers()
	return Kept[*recorder.Entry, *Subject]{requests, evicted, requests, triggers, evicted+triggersEvicted > 0, names, NewSubject}
}

// Triggers returns the triggers that the journal keeps now, as Requests does.
func Triggers(r *recorder.Recorder, names Names) Kept[*recorder.Trigger, *TriggerSubject] {
	requests, requestsEvicted := r.Snapshot()
	triggers, evicted := r.FiredTriggers()
	return Kept[*recorder.Trigger, *TriggerSubject]{triggers, evicted, requests, triggers, requestsEvicted+evicted > 0, names, newTriggerSubject}
}

// WithHeld returns triggers with those of held calls that the journal no longer has.
func WithHeld(k Kept[*recorder.Trigger, *TriggerSubject], held []*recorder.Trigger) Kept[*recorder.Trigger, *TriggerSubject] {
	k.All = slices.Concat(k.All, held)
	slices.SortFunc(k.All, func(a, b *recorder.Trigger) int { return cmp.Compare(a.Sequence, b.Sequence) })
	k.All = slices.Compact(k.All)
	return k
}

// Found is what a question has found at one look at the journal.
type Found[R, S any] struct {
	Kept       Kept[R, S] // that were looked at
	Records    []R        // that match, oldest first
	Undecided  []error    // why, for each record that can't be said to match or not
	Incomplete bool       // whether others may match: evicted or undecided ones
	Err        error      // what is wrong with the question

	criteria Criteria[S] // resolved
}

// newFound returns what resolved criteria have found before the first record is
// added.
func newFound[R, S any](k Kept[R, S], resolved Criteria[S], complete bool) Found[R, S] {
	return Found[R, S]{Kept: k, Incomplete: !complete || k.Evicted > 0, criteria: resolved}
}

// add adds a record that matches, or is undecided.
func (f *Found[R, S]) add(record R, undecided error) {
	if undecided != nil {
		f.Undecided, f.Incomplete = append(f.Undecided, undecided), true
		return
	}
	f.Records = append(f.Records, record)
}

// Find returns the records that match criteria. The error says what is wrong with
// the question, or is [effort.ErrLate] when the context is done.
func (k Kept[R, S]) Find(ctx context.Context, c Criteria[S]) Found[R, S] {
	resolved, complete, err := k.Resolve(ctx, c)
	if err != nil {
		return Found[R, S]{Kept: k, Err: err}
	}
	found := newFound(k, resolved, complete)
	size := max(leastPart, len(k.All)/runtime.GOMAXPROCS(0)+1)
	parts := slices.Collect(slices.Chunk(k.All, size))
	looks := make([]look[R], len(parts))
	var looking sync.WaitGroup
	for i, part := range parts {
		looking.Go(func() { looks[i] = k.look(ctx, resolved, part) })
	}
	looking.Wait()
	for _, one := range looks {
		if one.panicked != nil {
			panic(one.panicked) // here, where it ends the request alone
		}
		found.Records = append(found.Records, one.records...)
		found.Undecided = append(found.Undecided, one.undecided...)
	}
	found.Incomplete = found.Incomplete || len(found.Undecided) > 0
	if ctx.Err() != nil {
		return Found[R, S]{Kept: k, Err: effort.ErrLate}
	}
	return found
}

// leastPart is how many records a goroutine looks at, at least.
const leastPart = 5000

// look is what a look at a part of the records has found.
type look[R any] struct {
	records   []R     // that match
	undecided []error // why, for each record that can't be said to match or not
	panicked  any     // nil for none
}

func (k Kept[R, S]) look(ctx context.Context, resolved Criteria[S], part []R) (found look[R]) {
	defer func() { found.panicked = recover() }()
	for _, record := range part {
		switch matched, undecided := resolved.Match(ctx, k.subject(record)); {
		case ctx.Err() != nil:
			return found
		case undecided != nil:
			found.undecided = append(found.undecided, undecided)
		case matched:
			found.records = append(found.records, record)
		}
	}
	return found
}

// MatchesAll reports whether the question matches every record.
func (f Found[R, S]) MatchesAll() bool { return len(f.criteria) == 0 }
