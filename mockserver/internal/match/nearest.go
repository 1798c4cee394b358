package match

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// NearMiss is a request or a trigger that some of the criteria match.
type NearMiss[R any] struct {
	Record   R
	Missed   []missed
	More     int     // criteria that do not match either, and are not described
	Distance float64 // from 0, a match, to 1
}

// How much is looked at for near misses, and reported.
const (
	nearestCount = 3     // are reported, as in WireMock
	mostCompared = 1_000 // of the latest records are compared by what takes little work
	mostMeasured = 100   // of these, the nearest, are compared by their bodies too
	mostMissed   = 100   // criteria of a near miss are described
)

// Nearest returns the records that come nearest to a match, the nearest first. Of
// two that are as near, the newer one is first. It looks at the latest records
// alone, and stops when the context is done, with the nearest of those that it has
// measured.
func (f Found[R, S]) Nearest(ctx context.Context) []NearMiss[R] {
	var nearest []NearMiss[R]
	for _, record := range f.candidates(ctx) {
		if ctx.Err() != nil {
			break
		}
		miss := measure(ctx, f.criteria, record, f.Kept.subject(record))
		if ctx.Err() != nil || len(miss.Missed) == 0 {
			continue
		}
		nearest = keepNearest(nearest, miss, nearestCount, func(m NearMiss[R]) float64 { return m.Distance })
	}
	return nearest
}

// candidate is a record with its distance by the criteria that take little work.
type candidate[R any] struct {
	record   R
	distance float64
}

// candidates returns the records to measure, the nearest first.
func (f Found[R, S]) candidates(ctx context.Context) []R {
	light := slices.DeleteFunc(slices.Clone(f.criteria), func(c Criterion[S]) bool { return c.isHeavy })
	var nearest []candidate[R]
	latest := f.Kept.All[max(0, len(f.Kept.All)-mostCompared):]
	for _, record := range slices.Backward(latest) {
		if ctx.Err() != nil {
			break
		}
		one := candidate[R]{record, measure(ctx, light, record, f.Kept.subject(record)).Distance}
		nearest = keepNearest(nearest, one, mostMeasured, func(c candidate[R]) float64 { return c.distance })
	}
	records := make([]R, len(nearest))
	for i := range nearest {
		records[i] = nearest[i].record
	}
	return records
}

// keepNearest adds one to a sorted list, behind those that are as near, and returns
// the nearest of them.
func keepNearest[T any](list []T, one T, most int, distance func(T) float64) []T {
	at, _ := slices.BinarySearchFunc(list, distance(one), func(other T, far float64) int {
		if distance(other) <= far {
			return -1
		}
		return 1
	})
	list = slices.Insert(list, at, one)
	return list[:min(len(list), most)]
}

// missed is a criterion that does not match, with what there was instead.
type missed struct {
	Name, Want, Got string
	Difference      string // further lines; may be blank
}

// measure returns which criteria do not match, and the distance from a match.
func measure[R, S any](ctx context.Context, c Criteria[S], record R, s S) NearMiss[R] {
	budget := effort.NewBudget(ctx)
	miss := NearMiss[R]{Record: record}
	for i := range c {
		one := &c[i]
		if matched, err := one.matches(budget, s); err == nil && matched {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		explained := matcher.Explain(budget, one.matcher, one.got(s))
		miss.Distance += explained.Distance
		if len(miss.Missed) == mostMissed {
			miss.More++
			continue
		}
		miss.Missed = append(miss.Missed, missed{one.Name, one.Want, explained.Got, explained.Difference})
	}
	miss.Distance /= float64(max(len(c), 1))
	return miss
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
	return fmt.Sprintf("#%d %s %s %s", e.Sequence, e.Method(), e.Target, status)
}

// DescribeRequest describes a near miss of a request in lines, for a person.
func DescribeRequest(m NearMiss[*recorder.Entry]) string {
	e := m.Record
	var b strings.Builder
	b.WriteString(RequestLine(e))
	if e.Operation != nil {
		b.WriteString(" " + e.Operation.Name)
	}
	describeMissed(&b, m.Missed, m.More)
	return b.String()
}

// DescribeTrigger describes a near miss of a trigger in lines, for a person.
func DescribeTrigger(m NearMiss[*recorder.Trigger]) string {
	t := m.Record
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s %s %s %q", t.Sequence, t.Hook.Name, t.Method, t.Path(), t.Event.Kind)
	describeMissed(&b, m.Missed, m.More)
	return b.String()
}

func describeMissed(b *strings.Builder, all []missed, more int) {
	for _, missed := range all {
		fmt.Fprintf(b, "\n  %s\n    want %s", missed.Name, missed.Want)
		if missed.Difference != "" {
			b.WriteString("\n    " + strings.ReplaceAll(missed.Difference, "\n", "\n    "))
		} else {
			b.WriteString("\n    got  " + missed.Got)
		}
	}
	if more > 0 {
		fmt.Fprintf(b, "\n  and %d more", more)
	}
}
