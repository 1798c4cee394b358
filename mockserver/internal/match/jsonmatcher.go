package match

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// equalToJSON matches a text that is JSON with an equal value.
type equalToJSON struct {
	want    any
	text    string
	compare comparison
}

// readEqualToJSON parses the JSON to be equal to, which may be inside a string.
func readEqualToJSON(fields members) (matcher, error) {
	m := equalToJSON{}
	var err error
	if m.want, m.text, err = readDocument(fields["equalToJson"]); err == nil {
		m.want, err = withPlaceholders(m.want)
	}
	return m, cmp.Or(err, fields.read("ignoreArrayOrder", &m.compare.anyOrder), fields.read("ignoreExtraElements", &m.compare.extra))
}

// readDocument decodes JSON, which may be inside a string, and returns its text
// too.
func readDocument(raw json.RawMessage) (value any, text string, err error) {
	text = string(raw)
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		text = inner
	}
	if err := checkSyntax([]byte(text)); err != nil {
		return nil, "", fmt.Errorf("%q is no JSON: %s", shortened(text), err)
	}
	value, err = decode.Exact([]byte(text))
	return value, text, err
}

func (m equalToJSON) matches(t *jsonText, _ []*jsonText) bool {
	if t == nil {
		return false
	}
	got, err := t.json()
	return err == nil && !m.compare.tooLarge(m.want, got) && m.compare.equal(m.want, got)
}

func (m equalToJSON) difference(t *jsonText) string {
	if t == nil {
		return ""
	}
	got, err := t.json()
	if err != nil {
		return "is no JSON: " + err.Error()
	}
	if m.compare.tooLarge(m.want, got) {
		return "has too many elements to be compared in any order"
	}
	return strings.Join(m.compare.differences(m.want, got), "\n")
}

func (m equalToJSON) String() string { return "equal to the JSON " + m.text }

// matchesJSONPath matches a text in which a path selects a value, or a value
// that another matcher matches.
type matchesJSONPath struct {
	path  *jsonPath
	inner matcher // nil for any value
}

// readJSONPath parses a path, or an object that has the path as "expression" and
// a matcher as another member.
func readJSONPath(raw json.RawMessage) (matcher, error) {
	m := matchesJSONPath{}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		fields, err := readMembers(raw)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(fields["expression"], &text); err != nil {
			return nil, fmt.Errorf("%s has no expression", shortened(string(raw)))
		}
		delete(fields, "expression")
		rest, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		if m.inner, err = readMatcher(rest); err != nil {
			return nil, ErrorAt("/matchesJsonPath", err)
		}
	}
	var err error
	m.path, err = parseJSONPath(text)
	return m, err
}

func (m matchesJSONPath) matches(t *jsonText, _ []*jsonText) bool {
	if m.inner == nil {
		found, err := m.find(t)
		return err == nil && m.selects(found)
	}
	texts, err := m.texts(t)
	if _, ok := m.inner.(absent); ok && len(texts) == 0 {
		return err == nil
	}
	return err == nil && len(texts) > 0 && matchesOne(m.inner, texts)
}

// find returns the selected values; none of a missing text.
func (m matchesJSONPath) find(t *jsonText) ([]any, error) {
	if t == nil {
		return nil, nil
	}
	value, err := t.json()
	if err != nil {
		return nil, err
	}
	return m.path.find(value, value), nil
}

// selects reports whether something is selected. As in WireMock, null, an empty
// object and an empty list at a path of names are nothing.
func (m matchesJSONPath) selects(found []any) bool {
	if len(found) == 0 || !m.path.definite {
		return len(found) > 0
	}
	switch value := found[0].(type) {
	case nil:
		return false
	case map[string]any:
		return len(value) > 0
	case []any:
		return len(value) > 0
	default:
		return true
	}
}

// texts returns the selected values as texts to match. As in WireMock, the
// elements of a selected list are matched one by one, but by equalToJson as a
// whole, as are all values that a path with a filter or * selects.
func (m matchesJSONPath) texts(t *jsonText) ([]*jsonText, error) {
	found, err := m.find(t)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var whole any = found
	if m.path.definite {
		whole = found[0]
	}
	list, isList := whole.([]any)
	if _, ok := m.inner.(equalToJSON); ok || !isList {
		list = []any{whole}
	}
	var texts []*jsonText
	for _, v := range list {
		if text := asText(v); text != nil {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

func (m matchesJSONPath) difference(t *jsonText) string {
	found, err := m.find(t)
	switch {
	case t == nil:
		return ""
	case err != nil:
		return "is no JSON: " + err.Error()
	case len(found) == 0:
		return m.path.text + " selects nothing"
	}
	lines := make([]string, len(found))
	for i, v := range found {
		lines[i] = m.path.text + " is " + short(v)
	}
	return strings.Join(lines, "\n")
}

func (m matchesJSONPath) String() string {
	if m.inner == nil {
		return "with a value at " + m.path.text
	}
	return "with a value at " + m.path.text + " " + m.inner.String()
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
		return &jsonText{text: jsonOf(v), decoded: true, value: v}
	}
}

// valueAt matches a JSON text that has a value in a place.
type valueAt struct {
	path *jsonPath
	want any
}

func newValueAt(place string, value any) (valueAt, error) {
	path, err := placePath(place)
	if err != nil {
		return valueAt{}, err
	}
	want, err := asJSONValue(value)
	return valueAt{path, want}, err
}

func (m valueAt) matches(t *jsonText, _ []*jsonText) bool {
	found, err := matchesJSONPath{path: m.path}.find(t)
	return err == nil && slices.ContainsFunc(found, func(v any) bool { return comparison{}.equal(m.want, v) })
}

func (m valueAt) difference(t *jsonText) string { return matchesJSONPath{path: m.path}.difference(t) }
func (m valueAt) String() string                { return "equal to " + short(m.want) }

// placePath returns the path of a place: a JSONPath, which begins with $, or
// names of fields with dots between them.
func placePath(place string) (*jsonPath, error) {
	if strings.HasPrefix(place, "$") {
		return parseJSONPath(place)
	}
	path := &jsonPath{text: place, definite: true}
	for name := range strings.SplitSeq(place, ".") {
		path.steps = append(path.steps, member(name))
	}
	return path, nil
}

// asJSONValue returns a Go value as encoding/json would write it, with exact
// numbers.
func asJSONValue(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("the value can't be written as JSON: %w", err)
	}
	return decode.Exact(text)
}
