package matcher

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/jsonpath"
)

// equalToJSON matches a text that is JSON with an equal value.
type equalToJSON struct {
	want    any
	text    string
	compare comparison
}

// readEqualToJSON parses the JSON to be equal to, which may be inside a string.
func readEqualToJSON(fields Members) (Matcher, error) {
	m := equalToJSON{}
	var err error
	if m.want, m.text, err = readDocument(fields["equalToJson"]); err == nil {
		m.want, err = withPlaceholders(m.want)
	}
	err = cmp.Or(err, fields.Read("ignoreArrayOrder", &m.compare.anyOrder), fields.Read("ignoreExtraElements", &m.compare.extra))
	m.compare.partners = m.compare.anyOrder && (m.compare.extra || hasPlaceholder(m.want))
	if err == nil && m.compare.partners && size(m.want) > mostWanted {
		err = fmt.Errorf("want at most %d values where ignoreArrayOrder stands beside ignoreExtraElements or placeholders, not %d", mostWanted, size(m.want))
	}
	return m, err
}

// readDocument decodes JSON, which may be inside a string, and returns its text
// too.
func readDocument(raw json.RawMessage) (value any, text string, err error) {
	text = string(raw)
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		text = inner
	}
	if err := CheckSyntax([]byte(text)); err != nil {
		return nil, "", fmt.Errorf("%q is no JSON: %s", Shortened(text), err.Error())
	}
	value, err = decode.Exact([]byte(text))
	return value, text, err
}

func (m equalToJSON) matches(b *effort.Budget, t *Text, _ []*Text) bool {
	if t == nil {
		return false
	}
	got, err := t.json()
	if err != nil {
		return false
	}
	m.checkSize(got)
	return m.compare.within(b).equal(m.want, got)
}

// checkSize gives up where a comparison would take too long.
func (m equalToJSON) checkSize(got any) {
	if m.compare.partners && pairs(m.want, got) > mostPairs {
		panic(undecided{errors.New("a body has too many elements to be compared in any order: leave ignoreArrayOrder out, or both ignoreExtraElements and placeholders")})
	}
}

func (m equalToJSON) difference(b *effort.Budget, t *Text) string {
	if t == nil {
		return ""
	}
	got, err := t.json()
	if err != nil {
		return "is no JSON: " + err.Error()
	}
	m.checkSize(got)
	return m.compare.within(b).differences(m.want, got).String()
}

func (m equalToJSON) String() string { return "equal to the JSON " + m.text }

// matchesJSONPath matches a text in which a path selects a value, or a value
// that another matcher matches.
type matchesJSONPath struct {
	path  *jsonpath.Path
	inner Matcher // nil for any value
}

// readJSONPath parses a path, or an object that has the path as "expression" and
// a matcher as another member.
func readJSONPath(raw json.RawMessage) (Matcher, error) {
	m := matchesJSONPath{}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		fields, err := ReadMembers(raw)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(fields["expression"], &text); err != nil {
			return nil, fmt.Errorf("%s has no expression", Shortened(string(raw)))
		}
		delete(fields, "expression")
		rest, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		if m.inner, err = Read(rest); err != nil {
			return nil, ErrorAt("/matchesJsonPath", err)
		}
	}
	var err error
	m.path, err = jsonpath.Parse(text)
	return m, err
}

func (m matchesJSONPath) matches(b *effort.Budget, t *Text, _ []*Text) bool {
	if m.inner == nil {
		found, err := m.find(b, t)
		return err == nil && m.selects(found)
	}
	texts, err := m.texts(b, t)
	if _, ok := m.inner.(absent); ok && len(texts) == 0 {
		return err == nil
	}
	return err == nil && len(texts) > 0 && matchesOne(b, m.inner, texts)
}

// find returns the selected values; none of a missing text.
func (m matchesJSONPath) find(b *effort.Budget, t *Text) ([]any, error) {
	if t == nil {
		return nil, nil
	}
	value, err := t.json()
	if err != nil {
		return nil, err
	}
	found, err := m.path.Select(value, b)
	if err != nil {
		panic(undecided{err})
	}
	return found, nil
}

// selects reports whether something is selected. As in WireMock, null, an empty
// object and an empty list at a path of names are nothing.
func (m matchesJSONPath) selects(found []any) bool {
	if len(found) == 0 || !m.path.Definite() {
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
func (m matchesJSONPath) texts(b *effort.Budget, t *Text) ([]*Text, error) {
	found, err := m.find(b, t)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var whole any = found
	if m.path.Definite() {
		whole = found[0]
	}
	list, isList := whole.([]any)
	if _, ok := m.inner.(equalToJSON); ok || !isList {
		list = []any{whole}
	}
	var texts []*Text
	for _, v := range list {
		if text := asText(v); text != nil {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

func (m matchesJSONPath) difference(b *effort.Budget, t *Text) string {
	found, err := m.find(b, t)
	switch {
	case t == nil:
		return ""
	case err != nil:
		return "is no JSON: " + err.Error()
	}
	begin, ellipsis := cut(m.path.String(), longestGot)
	if len(found) == 0 {
		return begin + ellipsis + " selects nothing"
	}
	lines := make([]string, min(len(found), mostDifferences))
	for i := range lines {
		lines[i] = begin + ellipsis + " is " + short(found[i])
	}
	return strings.Join(lines, "\n")
}

func (m matchesJSONPath) String() string {
	if m.inner == nil {
		return "with a value at " + m.path.String()
	}
	return "with a value at " + m.path.String() + " " + m.inner.String()
}

// asText returns a selected value as a text to match: a text as it is, null as a
// missing text, anything else as JSON.
func asText(v any) *Text {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return &Text{text: v}
	default:
		return &Text{text: jsonOf(v), decoded: true, value: v}
	}
}

// valueAt matches a JSON text that has a value in a place.
type valueAt struct {
	path *jsonpath.Path
	want any
}

// ValueAt returns a matcher of a JSON text that has a value in a place: a
// JSONPath, or names of fields with dots between them.
func ValueAt(place string, value any) (Matcher, error) {
	path, err := placePath(place)
	if err != nil {
		return valueAt{}, err
	}
	want, err := asJSONValue(value)
	return valueAt{path, want}, err
}

func (m valueAt) matches(b *effort.Budget, t *Text, _ []*Text) bool {
	found, err := matchesJSONPath{path: m.path}.find(b, t)
	return err == nil && slices.ContainsFunc(found, func(v any) bool { return decode.Equal(m.want, v) })
}

func (m valueAt) difference(b *effort.Budget, t *Text) string {
	return matchesJSONPath{path: m.path}.difference(b, t)
}
func (m valueAt) String() string { return "equal to " + short(m.want) }

// placePath returns the path of a place: a JSONPath, which begins with $, or
// names of fields with dots between them.
func placePath(place string) (*jsonpath.Path, error) {
	if strings.HasPrefix(place, "$") {
		return jsonpath.Parse(place)
	}
	names := strings.Split(place, ".")
	if slices.Contains(names, "") {
		return nil, fmt.Errorf("the place %q has a blank name: want names with dots between them, or a JSONPath", place)
	}
	return jsonpath.Members(place, names...), nil
}

// EqualToJSON returns a matcher of a text that is the same JSON as a value.
func EqualToJSON(value any) (Matcher, error) {
	want, err := asJSONValue(value)
	return equalToJSON{want: want, text: short(want)}, err
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
