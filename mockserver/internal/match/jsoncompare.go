package match

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// comparison compares decoded JSON as WireMock's equalToJson does. No library
// that we know has both of its switches at once.
type comparison struct {
	anyOrder bool // ignoreArrayOrder
	extra    bool // ignoreExtraElements: objects and lists may have more elements
}

func (c comparison) equal(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok || len(got) < len(want) || len(got) > len(want) && !c.extra {
			return false
		}
		for key := range want {
			value, there := got[key]
			if !there || !c.equal(want[key], value) {
				return false
			}
		}
		return true
	case []any:
		got, ok := got.([]any)
		return ok && len(got) >= len(want) && (len(got) == len(want) || c.extra) && c.equalLists(want, got)
	default:
		return want == got // a text, a number, a boolean or null
	}
}

func (c comparison) equalLists(want, got []any) bool {
	if c.anyOrder {
		return c.assign(want, got)
	}
	// In order: each element is equal to the next one of the other list, or with
	// extra to a later one.
	at := 0
	for _, w := range want {
		for at < len(got) && c.extra && !c.equal(w, got[at]) {
			at++
		}
		if at == len(got) || !c.equal(w, got[at]) {
			return false
		}
		at++
	}
	return true
}

// assign reports whether each element has an equal partner in the other list. It
// is Kuhn's algorithm: a partner may be the only one of another element, so
// partners are exchanged along chains.
func (c comparison) assign(want, got []any) bool {
	partner := make([]int, len(got)) // of each element of got: 1 + its index in want
	var find func(w int, tried []bool) bool
	find = func(w int, tried []bool) bool {
		for g := range got {
			if tried[g] || !c.equal(want[w], got[g]) {
				continue
			}
			tried[g] = true
			if partner[g] == 0 || find(partner[g]-1, tried) {
				partner[g] = w + 1
				return true
			}
		}
		return false
	}
	for w := range want {
		if !find(w, make([]bool, len(got))) {
			return false
		}
	}
	return true
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
		if value, ok := got[key]; ok {
			lines = append(lines, c.explain(path+"."+key, want[key], value)...)
		} else {
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

func short(value any) string {
	text, _ := json.Marshal(value) // it was decoded from JSON
	const limit = 200
	if len(text) > limit {
		return string(text[:limit]) + "…"
	}
	return string(text)
}
