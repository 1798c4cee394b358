package match

import (
	"cmp"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Criteria are everything that is asked of a request or of a trigger, those that
// cost least first.
type Criteria[S any] []Criterion[S]

func (c Criteria[S]) And(more ...Criterion[S]) Criteria[S] { return append(slices.Clip(c), more...) }

func (c Criteria[S]) Match(s S) bool {
	return !slices.ContainsFunc(c, func(one Criterion[S]) bool { return !one.matches(s) })
}

// Kept is what the journal keeps of one kind: requests, or triggers.
type Kept[R, S any] struct {
	All     []R // oldest first
	Evicted uint64
	subject func(R) S
}

// Requests returns the requests that a journal keeps now.
func Requests(r *recorder.Recorder) Kept[*recorder.Entry, *Subject] {
	all, evicted := r.Snapshot()
	return Kept[*recorder.Entry, *Subject]{all, evicted, NewSubject}
}

// Triggers returns the triggers that a journal keeps now.
func Triggers(r *recorder.Recorder) Kept[*recorder.Trigger, *TriggerSubject] {
	all, evicted := r.FiredTriggers()
	return Kept[*recorder.Trigger, *TriggerSubject]{all, evicted, newTriggerSubject}
}

// Matching returns those that match criteria, oldest first.
func (k Kept[R, S]) Matching(c Criteria[S]) []R {
	var found []R
	for _, one := range k.All {
		if c.Match(k.subject(one)) {
			found = append(found, one)
		}
	}
	return found
}

// NearMiss is a request or a trigger that matches criteria in part.
type NearMiss[R any] struct {
	Record   R
	Missed   []missed
	Distance float64 // from 0, which would be a match, to 1
}

// nearestCount is how many near misses are reported, as in WireMock.
const nearestCount = 3

// Nearest returns those that come nearest to criteria without matching, the
// nearest first, and the newest where two come as near.
func (k Kept[R, S]) Nearest(c Criteria[S]) []NearMiss[R] {
	var misses []NearMiss[R]
	for _, one := range slices.Backward(k.All) {
		if m, distance := c.miss(k.subject(one)); len(m) > 0 {
			misses = append(misses, NearMiss[R]{one, m, distance})
		}
	}
	slices.SortStableFunc(misses, func(a, b NearMiss[R]) int { return cmp.Compare(a.Distance, b.Distance) })
	return misses[:min(len(misses), nearestCount)]
}
