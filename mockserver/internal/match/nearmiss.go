package match

import (
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// missed is a criterion that does not match, with what there was instead.
type missed struct {
	Name, Want, Got string
	Difference      string // further lines; may be blank
}

// miss returns the criteria that do not match, and the distance from a match.
func (c Criteria[S]) miss(s S) (all []missed, distance float64) {
	for i := range c {
		if one := &c[i]; !one.matches(s) {
			m, far := one.miss(s)
			all = append(all, m)
			distance += far
		}
	}
	return all, distance / float64(max(len(c), 1))
}

func (c *Criterion[S]) miss(s S) (missed, float64) {
	m := missed{Name: c.Name, Want: c.Want, Got: "nothing"}
	texts := c.got(s)
	if len(texts) == 0 {
		return m, 1
	}
	quoted := make([]string, len(texts))
	far := 1.0
	for i, text := range texts {
		quoted[i] = fmt.Sprintf("%.300q", text.text)
		if plain, ok := c.matcher.(plainMatcher); ok && plain.equal != "" {
			far = min(far, unlikeness(plain.equal, text.text))
		}
	}
	m.Got = strings.Join(quoted, " and ")
	m.Difference = c.matcher.difference(texts[0])
	if lines := strings.Count(m.Difference, "\n"); m.Difference != "" {
		far = min(far, float64(lines+1)/float64(lines+2)) // fewer differences are nearer
	}
	return m, far
}

// unlikeness returns the part of two texts, from 0 to 1, that is not their common
// beginning or end. That is simple, and good enough for a URL with one wrong
// word.
func unlikeness(a, b string) float64 {
	longest := max(len(a), len(b))
	begin := 0
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		begin++
	}
	a, b = a[begin:], b[begin:]
	end := 0
	for end < min(len(a), len(b)) && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return float64(longest-begin-end) / float64(max(longest, 1))
}

// DescribeRequest describes a near miss of a request in lines, for a person.
func DescribeRequest(m NearMiss[*recorder.Entry]) string {
	e, o := m.Record, m.Record.Outcome()
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s %s", e.Sequence, e.Method, e.Target)
	if o.Response.Status != 0 {
		fmt.Fprintf(&b, " %d", o.Response.Status)
	}
	if o.Operation != nil {
		b.WriteString(" " + o.Operation.Name)
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
