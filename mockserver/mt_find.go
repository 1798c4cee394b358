package mockserver

import (
	"cmp"
	"slices"
)

// criteria are everything that is asked of a request or of a trigger, those that
// cost least first.
type criteria[S any] []criterion[S]

func (c criteria[S]) and(more ...criterion[S]) criteria[S] { return append(slices.Clip(c), more...) }

func (c criteria[S]) match(s S) bool {
	return !slices.ContainsFunc(c, func(one criterion[S]) bool { return !one.matches(s) })
}

// kept is what the journal keeps of one kind: requests, or triggers.
type kept[R, S any] struct {
	all     []R // oldest first
	evicted uint64
	subject func(R) S
}

// keptRequests returns the requests that a journal keeps now.
func keptRequests(j *journal) kept[*entry, *subject] {
	all, evicted := j.snapshot()
	return kept[*entry, *subject]{all, evicted, newSubject}
}

// keptTriggers returns the triggers that a journal keeps now.
func keptTriggers(j *journal) kept[*trigger, *firedSubject] {
	all, evicted := j.firedTriggers()
	return kept[*trigger, *firedSubject]{all, evicted, newFiredSubject}
}

// matching returns those that match criteria, oldest first.
func (k kept[R, S]) matching(c criteria[S]) []R {
	var found []R
	for _, one := range k.all {
		if c.match(k.subject(one)) {
			found = append(found, one)
		}
	}
	return found
}

// nearMiss is a request or a trigger that matches criteria in part.
type nearMiss[R any] struct {
	record   R
	missed   []missed
	distance float64 // from 0, which would be a match, to 1
}

// nearestCount is how many near misses are reported, as in WireMock.
const nearestCount = 3

// nearest returns those that come nearest to criteria without matching, the
// nearest first, and the newest where two come as near.
func (k kept[R, S]) nearest(c criteria[S]) []nearMiss[R] {
	var misses []nearMiss[R]
	for _, one := range slices.Backward(k.all) {
		if m, distance := c.miss(k.subject(one)); len(m) > 0 {
			misses = append(misses, nearMiss[R]{one, m, distance})
		}
	}
	slices.SortStableFunc(misses, func(a, b nearMiss[R]) int { return cmp.Compare(a.distance, b.distance) })
	return misses[:min(len(misses), nearestCount)]
}
