// Package match finds requests and triggers among those that were recorded: by
// criteria from Go, by request patterns in WireMock's language, and by what comes
// nearest.
package match

import (
	"cmp"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Criteria match a request or a trigger that each of them matches. Those that
// cost least come first.
type Criteria[S any] []Criterion[S]

// And returns the criteria and more of them.
func (c Criteria[S]) And(more ...Criterion[S]) Criteria[S] { return append(slices.Clip(c), more...) }

// Match reports whether all criteria match.
func (c Criteria[S]) Match(s S) bool {
	return !slices.ContainsFunc(c, func(one Criterion[S]) bool { return !one.matches(s) })
}

// Kept are the records of one kind that the journal keeps: requests, or
// triggers.
type Kept[R, S any] struct {
	All     []R // oldest first
	Evicted uint64
	subject func(R) S
}

// Requests returns the requests that the journal keeps now.
func Requests(r *recorder.Recorder) Kept[*recorder.Entry, *Subject] {
	all, evicted := r.Snapshot()
	return Kept[*recorder.Entry, *Subject]{all, evicted, NewSubject}
}

// Triggers returns the triggers that the journal keeps now.
func Triggers(r *recorder.Recorder) Kept[*recorder.Trigger, *TriggerSubject] {
	all, evicted := r.FiredTriggers()
	return Kept[*recorder.Trigger, *TriggerSubject]{all, evicted, newTriggerSubject}
}

// Matching returns the records that match criteria, oldest first.
func (k Kept[R, S]) Matching(c Criteria[S]) []R {
	var found []R
	for _, record := range k.All {
		if c.Match(k.subject(record)) {
			found = append(found, record)
		}
	}
	return found
}

// NearMiss is a request or a trigger that some of the criteria match.
type NearMiss[R any] struct {
	Record   R
	Missed   []missed
	Distance float64 // from 0, a match, to 1
}

// nearestCount is how many near misses are reported, as in WireMock.
const nearestCount = 3

// Nearest returns the records that come nearest to a match, the nearest first.
// Of two that are as near, the newer one is first.
func (k Kept[R, S]) Nearest(c Criteria[S]) []NearMiss[R] {
	var misses []NearMiss[R]
	for _, record := range slices.Backward(k.All) {
		if missed, distance := c.miss(k.subject(record)); len(missed) > 0 {
			misses = append(misses, NearMiss[R]{record, missed, distance})
		}
	}
	slices.SortStableFunc(misses, func(a, b NearMiss[R]) int { return cmp.Compare(a.Distance, b.Distance) })
	return misses[:min(len(misses), nearestCount)]
}
