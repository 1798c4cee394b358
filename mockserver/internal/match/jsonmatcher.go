package match

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/theory/jsonpath"
)

// equalToJSON matches a text that is JSON with an equal value.
type equalToJSON struct {
	want    any
	text    string
	compare comparison
}

func (m equalToJSON) matches(t *jsonText) bool {
	if t == nil {
		return false
	}
	got, err := t.json()
	return err == nil && m.compare.equal(m.want, got)
}

func (m equalToJSON) difference(t *jsonText) string {
	if t == nil {
		return ""
	}
	got, err := t.json()
	if err != nil {
		return "is no JSON: " + err.Error()
	}
	return strings.Join(m.compare.differences(m.want, got), "\n")
}

func (m equalToJSON) String() string { return "equal to the JSON " + m.text }

// matchesJSONPath matches a text in which a path selects a value, or a value
// that another matcher matches. Each selected value is matched by itself, and a
// selected list also as a whole.
type matchesJSONPath struct {
	path  *jsonpath.Path
	text  string
	inner matcher // nil for any value
}

func (m matchesJSONPath) matches(t *jsonText) bool {
	if t == nil {
		return false
	}
	value, err := t.json()
	if err != nil {
		return false
	}
	selected := m.path.Select(value)
	if m.inner == nil {
		return len(selected) > 0
	}
	if len(selected) == 0 {
		return m.inner.matches(nil)
	}
	return slices.ContainsFunc(selected, func(v any) bool { return m.inner.matches(asText(v)) })
}

func (m matchesJSONPath) difference(t *jsonText) string {
	if t == nil {
		return ""
	}
	value, err := t.json()
	if err != nil {
		return "is no JSON: " + err.Error()
	}
	selected := m.path.Select(value)
	if len(selected) == 0 {
		return m.text + " selects nothing"
	}
	lines := make([]string, len(selected))
	for i, v := range selected {
		lines[i] = m.text + " is " + asText(v).text
	}
	return strings.Join(lines, "\n")
}

func (m matchesJSONPath) String() string {
	if m.inner == nil {
		return "with a value at " + m.text
	}
	return "with a value at " + m.text + " " + m.inner.String()
}

// asText returns a selected value as a text to match: a text as it is, null as a
// missing text, anything else as JSON.
func asText(v any) *jsonText {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return &jsonText{text: v}
	default:
		text, _ := json.Marshal(v) // it was decoded from JSON
		return &jsonText{text: string(text), decoded: true, value: v}
	}
}

// valueAt matches a JSON text that has a value in a place.
type valueAt struct {
	path  *jsonpath.Path
	place string
	want  any
}

func newValueAt(place string, value any) (valueAt, error) {
	path, err := placePath(place)
	if err != nil {
		return valueAt{}, err
	}
	want, err := asJSONValue(value)
	return valueAt{path: path, place: place, want: want}, err
}

func (m valueAt) matches(t *jsonText) bool {
	if t == nil {
		return false
	}
	value, err := t.json()
	if err != nil {
		return false
	}
	for _, selected := range m.path.Select(value) {
		if (comparison{}).equal(m.want, selected) {
			return true
		}
	}
	return false
}

func (m valueAt) difference(t *jsonText) string {
	return matchesJSONPath{path: m.path, text: m.place}.difference(t)
}

func (m valueAt) String() string { return "equal to " + short(m.want) }

// placePath returns the JSONPath of a place: a JSONPath, which begins with $, or
// names of fields with dots between them.
func placePath(place string) (*jsonpath.Path, error) {
	if strings.HasPrefix(place, "$") {
		return parsePath(place)
	}
	path := "$"
	for name := range strings.SplitSeq(place, ".") {
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		path += "[" + string(quoted) + "]"
	}
	return parsePath(path)
}

// parsePath parses a JSONPath. The error quotes it.
func parsePath(text string) (*jsonpath.Path, error) {
	path, err := jsonpath.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no JSONPath: %w", text, err)
	}
	return path, nil
}

// asJSONValue returns a Go value as encoding/json would write and read it.
func asJSONValue(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("the value can't be written as JSON: %w", err)
	}
	var decoded any
	err = json.Unmarshal(text, &decoded)
	return decoded, err
}
