package matcher

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/losantmock/losantmock/contract/decode"
)

// comparison compares decoded JSON as WireMock's equalToJson does. No library
// that we know has both of its switches at once.
type comparison struct {
	anyOrder bool // ignoreArrayOrder
	extra    bool // ignoreExtraElements: objects and lists may have more elements
	// partners says that elements in any order need partners, since one may match
	// several others. Otherwise equal lists have the same elements as often.
	partners bool
}

func (c comparison) equal(want, got any) bool {
	if c.anyOrder && !c.partners {
		return digest(want) == digest(got)
	}
	switch want := want.(type) {
	case placeholder:
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

// differences returns a line for each field that differs.
func (c comparison) differences(want, got any) []string { return c.explain("$", want, got) }

func (c comparison) explain(path string, want, got any) []string {
	if c.equal(want, got) {
		return nil
	}
	switch wanted := want.(type) {
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			return c.explainObjects(path, wanted, got)
		}
	case []any:
		if got, ok := got.([]any); ok && len(got) == len(wanted) && !c.anyOrder {
			var lines []string
			for i := range wanted {
				lines = append(lines, c.explain(fmt.Sprintf("%s[%d]", path, i), wanted[i], got[i])...)
			}
			return lines
		}
	}
	return []string{fmt.Sprintf("%s: want %s, got %s", path, short(want), short(got))}
}

func (c comparison) explainObjects(path string, want, got map[string]any) []string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, ok := got[key]
		switch {
		case ok:
			lines = append(lines, c.explain(path+"."+key, want[key], value)...)
		case !optional(want[key]):
			lines = append(lines, fmt.Sprintf("%s.%s: want %s, got nothing", path, key, short(want[key])))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok && !c.extra {
			lines = append(lines, fmt.Sprintf("%s.%s: unexpected %s", path, key, short(got[key])))
		}
	}
	return lines
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
