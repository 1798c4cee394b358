package mockserver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// nearMiss is a request that meets a pattern in part.
type nearMiss struct {
	entry    *entry
	missed   []missed
	distance float64 // from 0, which would be a match, to 1
}

// missed is a criterion that a request does not meet.
type missed struct {
	name, want, got string
	difference      string // further lines; blank where there are none
}

// nearestCount is how many near misses are told, as in WireMock.
const nearestCount = 3

// nearest gives the entries that come nearest to a pattern without meeting it,
// the nearest first, and the newest where two come as near.
func (p pattern) nearest(entries []*entry) []nearMiss {
	var misses []nearMiss
	for _, e := range slices.Backward(entries) {
		if m := p.miss(e); len(m.missed) > 0 {
			misses = append(misses, m)
		}
	}
	slices.SortStableFunc(misses, func(a, b nearMiss) int { return cmp.Compare(a.distance, b.distance) })
	return misses[:min(len(misses), nearestCount)]
}

func (p pattern) miss(e *entry) nearMiss {
	m, distance := missOf(p, newSubject(e))
	return nearMiss{entry: e, missed: m, distance: distance}
}

// missOf tells which criteria are not met, and how far from it all is.
func missOf[S any](criteria []criterion[S], s S) (all []missed, distance float64) {
	for i := range criteria {
		if c := &criteria[i]; !c.matches(s) {
			m, far := c.miss(s)
			all = append(all, m)
			distance += far
		}
	}
	return all, distance / float64(max(len(criteria), 1))
}

func (c *criterion[S]) miss(s S) (missed, float64) {
	m := missed{name: c.name, want: c.want, got: "nothing"}
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
	m.got = strings.Join(quoted, " and ")
	m.difference = c.matcher.difference(texts[0])
	if lines := strings.Count(m.difference, "\n"); m.difference != "" {
		far = min(far, float64(lines+1)/float64(lines+2)) // fewer differences are nearer
	}
	return m, far
}

// unlikeness is how much of two texts is not the same beginning or end, from 0
// to 1. That is plain, and near enough for a URL with one word wrong.
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

// describe tells the miss in lines, for a person.
func (m nearMiss) describe() string {
	o := m.entry.known()
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s %s", m.entry.sequence, m.entry.method, m.entry.target)
	if o.answer.status != 0 {
		fmt.Fprintf(&b, " %d", o.answer.status)
	}
	if o.op != nil {
		b.WriteString(" " + o.op.Name)
	}
	describeMissed(&b, m.missed)
	return b.String()
}

func describeMissed(b *strings.Builder, all []missed) {
	for _, missed := range all {
		fmt.Fprintf(b, "\n  %s\n    want %s", missed.name, missed.want)
		if missed.difference != "" {
			b.WriteString("\n    " + strings.ReplaceAll(missed.difference, "\n", "\n    "))
		} else {
			b.WriteString("\n    got  " + missed.got)
		}
	}
}
