package example

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// mostParts is how many values an example that is made may have. A schema that requires
// more has none.
const mostParts = 10_000

// small returns a small value that a schema accepts, and reports whether one was made.
func small(tree ordered.Object) (value any, ok bool) {
	m := maker{left: mostParts}
	return m.value(tree)
}

// maker makes values, as many as are left.
type maker struct{ left int }

// value returns the first value that the schema accepts: its default, one of its choices,
// a small one of its type, or one of its forms.
func (m *maker) value(tree ordered.Object) (any, bool) {
	if m.left--; m.left < 0 {
		return nil, false
	}
	if len(tree) == 0 {
		return nil, true
	}
	compiled, err := validate.Compile(tree)
	if err != nil {
		return nil, false
	}
	for made := range m.candidates(tree) {
		if len(compiled.Check("", plain(made))) == 0 {
			return made, true
		}
	}
	return nil, false
}

// candidates yields values that a schema may accept.
func (m *maker) candidates(tree ordered.Object) func(yield func(any) bool) {
	return func(yield func(any) bool) {
		if slices.Contains(tree.Keys(), "default") && !yield(tree.Get("default")) {
			return
		}
		choices, _ := tree.Get("enum").([]any)
		for _, choice := range choices {
			if !yield(choice) {
				return
			}
		}
		for _, kind := range typesOf(tree) {
			for _, made := range m.ofType(kind, tree) {
				if !yield(made) {
					return
				}
			}
		}
		for _, keyword := range forms {
			list, _ := tree.Get(keyword).([]any)
			for _, form := range list {
				part, _ := form.(ordered.Object)
				if made, ok := m.value(part); ok && !yield(made) {
					return
				}
			}
		}
	}
}

// typesOf returns the types that a value may have; all that can be made where a schema has
// none.
func typesOf(tree ordered.Object) []string {
	switch kinds := tree.Get("type").(type) {
	case string:
		return []string{kinds}
	case []any:
		var names []string
		for _, kind := range kinds {
			if name, ok := kind.(string); ok {
				names = append(names, name)
			}
		}
		return names
	default:
		return []string{"object", "string", "number", "array", "boolean", "null"}
	}
}

// ofType returns small values of a type.
func (m *maker) ofType(kind string, tree ordered.Object) []any {
	switch kind {
	case "object":
		if made, ok := m.object(tree); ok {
			return []any{made}
		}
	case "array":
		if made, ok := m.list(tree); ok {
			return []any{made}
		}
	case "string":
		return texts(int(limit(tree, "minLength", 0)))
	case "number", "integer":
		least := math.Ceil(limit(tree, "minimum", math.Min(0, limit(tree, "maximum", 0))))
		return []any{json.Number(strconv.FormatFloat(least, 'f', -1, 64)), json.Number(strconv.FormatFloat(limit(tree, "minimum", 0), 'g', -1, 64))}
	case "boolean":
		return []any{false, true}
	case "null":
		return []any{nil}
	}
	return nil
}

// object returns an object with the properties that are required.
func (m *maker) object(tree ordered.Object) (any, bool) {
	made := ordered.Object{}
	required, _ := tree.Get("required").([]any)
	for _, name := range required {
		key, _ := name.(string)
		schema, _ := property(tree, key)
		value, ok := m.value(schema)
		if !ok {
			return nil, false
		}
		made = made.With(key, value)
	}
	return made, true
}

// list returns a list of as many items as there must be.
func (m *maker) list(tree ordered.Object) (any, bool) {
	items, _ := tree.Get("items").(ordered.Object)
	made := []any{}
	for range int(limit(tree, "minItems", 0)) {
		item, ok := m.value(items)
		if !ok {
			return nil, false
		}
		made = append(made, item)
	}
	return made, true
}

// texts returns texts of a length at least, in the forms that the API has: an id, a time,
// an address, a URL, and others that a pattern may accept.
func texts(length int) []any {
	made := []any{strings.Repeat("x", length)}
	for _, text := range []string{"x", "575ec8687ae143cd83dc4a97", "2016-06-13T04:00:00.000Z", "user@example.com", "https://example.com/", "0", "1.0.0", "v1.0.0", "#000000", "X", "A1", "GET", "/x"} {
		made = append(made, text)
	}
	return made
}

// limit returns the number that a keyword has.
func limit(tree ordered.Object, keyword string, fallback float64) float64 {
	if number, ok := validate.Number(tree, keyword); ok {
		return number
	}
	return fallback
}
