// Package match finds requests and triggers among those that were recorded: by
// criteria from Go, by request patterns in WireMock's language, and by what comes
// nearest.
package match

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Criteria match a request or a trigger that each of them matches. Those that
// cost least come first.
type Criteria[S any] []Criterion[S]

// And returns the criteria and more of them.
func (c Criteria[S]) And(more ...Criterion[S]) Criteria[S] { return append(slices.Clip(c), more...) }

// Match reports whether all criteria match. Where that can't be decided, it returns
// the reason: no criterion fails to match, but one is undecided.
func (c Criteria[S]) Match(s S) (matched bool, undecided error) {
	for i := range c {
		switch matched, err := c[i].matches(s); {
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

// Found is what a question has found at one look at the journal.
type Found[R, S any] struct {
	Kept       Kept[R, S] // that were looked at
	Records    []R        // that match, oldest first
	Undecided  []error    // why, for each record that can't be said to match or not
	Incomplete bool       // whether others may match: evicted or undecided ones
	Err        error      // what is wrong with the question

	criteria Criteria[S] // resolved
}

// Find returns the records that match criteria.
func (k Kept[R, S]) Find(c Criteria[S]) Found[R, S] {
	resolved, complete, err := k.Resolve(c)
	if err != nil {
		return Found[R, S]{Kept: k, Err: err}
	}
	found := Found[R, S]{Kept: k, Incomplete: !complete, criteria: resolved}
	for _, record := range k.All {
		switch matched, undecided := resolved.Match(k.subject(record)); {
		case undecided != nil:
			found.Undecided, found.Incomplete = append(found.Undecided, undecided), true
		case matched:
			found.Records = append(found.Records, record)
		}
	}
	return found
}

// MatchesAll reports whether the question matches every record.
func (f Found[R, S]) MatchesAll() bool { return len(f.criteria) == 0 }

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
func (f Found[R, S]) Nearest() []NearMiss[R] {
	var misses []NearMiss[R]
	for _, record := range slices.Backward(f.Kept.All) {
		if missed, distance := f.criteria.miss(f.Kept.subject(record)); len(missed) > 0 {
			misses = append(misses, NearMiss[R]{record, missed, distance})
		}
	}
	slices.SortStableFunc(misses, func(a, b NearMiss[R]) int { return cmp.Compare(a.Distance, b.Distance) })
	return misses[:min(len(misses), nearestCount)]
}

// missed is a criterion that does not match, with what there was instead.
type missed struct {
	Name, Want, Got string
	Difference      string // further lines; may be blank
}

// miss returns the criteria that do not match, and the distance from a match.
func (c Criteria[S]) miss(s S) (all []missed, distance float64) {
	for i := range c {
		one := &c[i]
		if matched, err := one.matches(s); err == nil && matched {
			continue
		}
		miss := matcher.Explain(one.matcher, one.got(s))
		all = append(all, missed{one.Name, one.Want, miss.Got, miss.Difference})
		distance += miss.Distance
	}
	return all, distance / float64(max(len(c), 1))
}

// RequestLine describes a request in a line, for a person.
func RequestLine(e *recorder.Entry) string {
	o, status := e.Outcome(), "no response"
	switch {
	case e.Pending():
		status = "no response yet"
	case o.Response.Status != 0:
		status = strconv.Itoa(o.Response.Status)
	}
	return fmt.Sprintf("#%d %s %s %s", e.Sequence, e.Method, e.Target, status)
}

// DescribeRequest describes a near miss of a request in lines, for a person.
func DescribeRequest(m NearMiss[*recorder.Entry]) string {
	e := m.Record
	var b strings.Builder
	b.WriteString(RequestLine(e))
	if e.Operation != nil {
		b.WriteString(" " + e.Operation.Name)
	}
	describeMissed(&b, m.Missed)
	return b.String()
}

// DescribeTrigger describes a near miss of a trigger in lines, for a person.
func DescribeTrigger(m NearMiss[*recorder.Trigger]) string {
	t := m.Record
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s %s %s %q", t.Sequence, t.Hook.Name, t.Method, t.Path(), t.Event.Kind)
	describeMissed(&b, m.Missed)
	return b.String()
}

func describeMissed(b *strings.Builder, all []missed) {
	for _, missed := range all {
		fmt.Fprintf(b, "\n  %s\n    want %s", missed.Name, missed.Want)
		if missed.Difference != "" {
			b.WriteString("\n    " + strings.ReplaceAll(missed.Difference, "\n", "\n    "))
		} else {
			b.WriteString("\n    got  " + missed.Got)
		}
	}
}
