package matcher

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// comparison compares decoded JSON as WireMock's equalToJson does. No library
// that we know has both of its switches at once.
type comparison struct {
	anyOrder bool // ignoreArrayOrder
	extra    bool // ignoreExtraElements: objects and lists may have more elements
	// partners says that elements in any order need partners, since one may match
	// several others. Otherwise equal lists have the same elements as often.
	partners bool
	budget   *effort.Budget // of the match; nil in a pattern
}

// within returns the comparison with the budget of a match.
func (c comparison) within(b *effort.Budget) comparison {
	c.budget = b
	return c
}

func (c comparison) equal(want, got any) bool {
	if c.anyOrder && !c.partners {
		spend(c.budget, size(want)+size(got))
		return digest(want) == digest(got)
	}
	spend(c.budget, 1)
	switch want := want.(type) {
	case placeholder:
		if want.steps != nil {
			spend(c.budget, want.steps(got))
		}
		return want.test(got)
	case map[string]any:
		got, ok := got.(map[string]any)
		return ok && c.equalObjects(want, got)
	case []any:
		got, ok := got.([]any)
		return ok && len(got) >= len(want) && (len(got) == len(want) || c.extra) && c.equalLists(want, got)
	default:
		return decode.EqualScalars(want, got)
	}
}

func (c comparison) equalObjects(want, got map[string]any) bool {
	if !c.extra {
		for key := range got {
			if _, ok := want[key]; !ok {
				return false
			}
		}
	}
	for key := range want {
		value, there := got[key]
		if !there && !optional(want[key]) || there && !c.equal(want[key], value) {
			return false
		}
	}
	return true
}

// equalLists compares lists in order, or in any order. What is extra follows the
// wanted elements where the order counts.
func (c comparison) equalLists(want, got []any) bool {
	if c.anyOrder {
		return pair(len(want), len(got), func(i, j int) bool { return c.equal(want[i], got[j]) })
	}
	for i := range want {
		if !c.equal(want[i], got[i]) {
			return false
		}
	}
	return true
}

// mostWanted is how many values a pattern may have for which partners are looked
// for, and mostPairs how many pairs of values are compared at most to do so.
const (
	mostWanted = 1_000
	mostPairs  = 4_000_000
)

// pairs returns how many pairs of values a comparison in any order may take.
func pairs(want, got any) int {
	switch want := want.(type) {
	case map[string]any:
		n := 1
		got, _ := got.(map[string]any)
		for key := range want {
			n += pairs(want[key], got[key])
		}
		return n
	case []any:
		return size(want) * size(got)
	default:
		return 1
	}
}

// size returns how many values a value consists of.
func size(value any) int {
	n := 1
	switch value := value.(type) {
	case map[string]any:
		for _, inner := range value {
			n += size(inner)
		}
	case []any:
		for _, inner := range value {
			n += size(inner)
		}
	}
	return n
}

// mostDifferences is how many differences are described. More are counted.
const mostDifferences = 50

// differences are the fields in which two values differ.
type differences struct {
	comparison
	lines []string // of the first ones
	count int
}

// differences compares two values that may differ in many fields.
func (c comparison) differences(want, got any) *differences {
	d := &differences{comparison: c}
	d.compare("$", want, got)
	return d
}

// String returns a line for each field that differs.
func (d *differences) String() string {
	text := strings.Join(d.lines, "\n")
	if more := d.count - len(d.lines); more > 0 {
		text += fmt.Sprintf("\nand %d more differences", more)
	}
	return text
}

func (d *differences) compare(path string, want, got any) {
	spend(d.budget, effort.OfText(path))
	switch wanted := want.(type) {
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			d.compareObjects(path, wanted, got)
			return
		}
	case []any:
		if got, ok := got.([]any); ok && len(got) == len(wanted) && !d.anyOrder {
			for i := range wanted {
				d.compare(fmt.Sprintf("%s[%d]", path, i), wanted[i], got[i])
			}
			return
		}
	}
	if !d.equal(want, got) {
		d.add(func() string { return fmt.Sprintf("%s: want %s, got %s", path, short(want), short(got)) })
	}
}

func (d *differences) compareObjects(path string, want, got map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, ok := got[key]
		switch {
		case ok:
			d.compare(path+"."+key, want[key], value)
		case !optional(want[key]):
			d.add(func() string { return fmt.Sprintf("%s.%s: want %s, got nothing", path, key, short(want[key])) })
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok && !d.extra {
			d.add(func() string { return fmt.Sprintf("%s.%s: unexpected %s", path, key, short(got[key])) })
		}
	}
}

// add counts a difference, and describes it if it is one of the first.
func (d *differences) add(describe func() string) {
	if d.count++; d.count <= mostDifferences {
		d.lines = append(d.lines, describe())
	}
}

// short returns a value as an error shows it: a text in quotes, other values as
// JSON. Of a long one it returns the beginning.
func short(value any) string {
	if text, ok := value.(string); ok {
		return Quoted(text, longestShown)
	}
	return Shortened(jsonOf(value))
}

// jsonOf returns the JSON of a decoded value.
func jsonOf(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // it was decoded from JSON
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
