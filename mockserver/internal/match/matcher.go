package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/theory/jsonpath"
)

// matcher asks something of one text, in WireMock's terms. A nil text is one
// that is not there.
type matcher interface {
	matches(t *jsonText) bool
	// difference tells in a few lines what of the text does not match; blank
	// where there is no more to say than the text itself.
	difference(t *jsonText) string
	String() string
}

// plainMatcher asks of a text by itself, and has no more to say.
type plainMatcher struct {
	words string
	test  func(text string) bool
	equal string // the text to be equal to, for those that ask that
}

func (m plainMatcher) matches(t *jsonText) bool    { return t != nil && m.test(t.text) }
func (m plainMatcher) difference(*jsonText) string { return "" }
func (m plainMatcher) String() string              { return m.words }

func equalTo(want string, ignoreCase bool) matcher {
	if ignoreCase {
		return plainMatcher{
			words: fmt.Sprintf("equal to %q in any case", want),
			test:  func(text string) bool { return strings.EqualFold(text, want) },
			equal: want,
		}
	}
	return plainMatcher{
		words: fmt.Sprintf("equal to %q", want),
		test:  func(text string) bool { return text == want },
		equal: want,
	}
}

// not turns a matcher around. Like WireMock's doesNotMatch it takes a text that
// is not there.
type not struct{ inner matcher }

func (m not) matches(t *jsonText) bool    { return !m.inner.matches(t) }
func (m not) difference(*jsonText) string { return "" }
func (m not) String() string              { return "not " + m.inner.String() }

type absent struct{}

func (absent) matches(t *jsonText) bool    { return t == nil }
func (absent) difference(*jsonText) string { return "" }
func (absent) String() string              { return "absent" }

type all []matcher

func (m all) matches(t *jsonText) bool {
	return !slices.ContainsFunc(m, func(inner matcher) bool { return !inner.matches(t) })
}

func (m all) difference(t *jsonText) string {
	for _, inner := range m {
		if !inner.matches(t) {
			return inner.difference(t)
		}
	}
	return ""
}

func (m all) String() string { return joined(m, " and ") }

// some asks that one of several matches; all asks it of each.
type some []matcher

func (m some) matches(t *jsonText) bool {
	return slices.ContainsFunc(m, func(inner matcher) bool { return inner.matches(t) })
}

func (m some) difference(*jsonText) string { return "" }
func (m some) String() string              { return joined(m, " or ") }

func joined(list []matcher, word string) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = m.String()
	}
	return "(" + strings.Join(words, word) + ")"
}

// equalToJSON compares a text that is JSON by its meaning.
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

// matchesJSONPath asks whether a path selects anything, or something of what
// it selects. Every selected value is asked by itself, and a selected list
// also as a whole.
type matchesJSONPath struct {
	path  *jsonpath.Path
	text  string
	inner matcher // nil: that there is anything
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

// asText gives a selected value as the matchers of texts take it: a text as
// it is, anything else as JSON, null as nothing.
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

// PatternError is a request pattern that can't be taken, told as WireMock
// tells it.
type PatternError struct{ Pointer, Detail string }

func (e *PatternError) Error() string {
	if e.Pointer == "" {
		return e.Detail
	}
	return e.Pointer + ": " + e.Detail
}

// operatorNames are WireMock's matchers that can be used here.
var operatorNames = []string{
	"equalTo", "binaryEqualTo", "contains", "doesNotContain", "matches", "doesNotMatch",
	"absent", "equalToJson", "matchesJsonPath", "and", "or", "not",
}

// readOperator reads a matcher from the JSON behind its name.
func readOperator(name string, raw json.RawMessage, o matcherOptions) (matcher, error) {
	switch name {
	case "equalTo":
		want, err := textOf(raw)
		return equalTo(want, o.CaseInsensitive), err
	case "binaryEqualTo":
		var want []byte // which JSON writes as base64
		err := json.Unmarshal(raw, &want)
		return equalTo(string(want), false), err
	case "contains":
		return readContains(raw)
	case "doesNotContain":
		inner, err := readContains(raw)
		return not{inner}, err
	case "matches":
		return readRegexp(raw)
	case "doesNotMatch":
		inner, err := readRegexp(raw)
		return not{inner}, err
	case "absent":
		var yes bool
		if err := json.Unmarshal(raw, &yes); err != nil || yes {
			return absent{}, err
		}
		return not{absent{}}, nil
	case "equalToJson":
		return readEqualToJSON(raw, o)
	case "matchesJsonPath":
		return readJSONPath(raw)
	case "and":
		list, err := readMatchers(raw)
		return all(list), err
	case "or":
		list, err := readMatchers(raw)
		return some(list), err
	case "not":
		inner, err := readMatcher(raw)
		return not{inner}, err
	default:
		return nil, fmt.Errorf("no matcher has the name %q", name)
	}
}

func readContains(raw json.RawMessage) (matcher, error) {
	want, err := textOf(raw)
	return plainMatcher{
		words: fmt.Sprintf("containing %q", want),
		test:  func(text string) bool { return strings.Contains(text, want) },
	}, err
}

// matcherOptions stand beside an operator in its object.
type matcherOptions struct {
	CaseInsensitive     bool `json:"caseInsensitive"`
	IgnoreArrayOrder    bool `json:"ignoreArrayOrder"`
	IgnoreExtraElements bool `json:"ignoreExtraElements"`
}

// readMatcher reads an object such as {"contains": "door"}.
func readMatcher(raw json.RawMessage) (matcher, error) {
	var fields map[string]json.RawMessage
	var options matcherOptions
	if json.Unmarshal(raw, &fields) != nil || json.Unmarshal(raw, &options) != nil {
		return nil, notAnOperation(raw)
	}
	var found []string
	for name := range fields {
		if slices.Contains(operatorNames, name) {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		return nil, notAnOperation(raw)
	}
	m, err := readOperator(found[0], fields[found[0]], options)
	var told *PatternError
	if err != nil && !errors.As(err, &told) {
		return nil, &PatternError{Detail: found[0] + ": " + err.Error()}
	}
	return m, err
}

func notAnOperation(raw json.RawMessage) error {
	return &PatternError{Detail: string(raw) + " is not a valid match operation"}
}

func readMatchers(raw json.RawMessage) ([]matcher, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	matchers := make([]matcher, len(list))
	for i := range list {
		var err error
		if matchers[i], err = readMatcher(list[i]); err != nil {
			return nil, err
		}
	}
	return matchers, nil
}

// textOf takes a text, and a number or a boolean as the text that it is.
func textOf(raw json.RawMessage) (string, error) {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", err
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case float64, bool:
		return string(raw), nil
	default:
		return "", fmt.Errorf("want text, not %s", raw)
	}
}

// readRegexp reads an expression that must match the whole text. It is RE2:
// what Java has beyond it, such as lookaheads, is refused.
func readRegexp(raw json.RawMessage) (matcher, error) {
	text, err := textOf(raw)
	if err != nil {
		return nil, err
	}
	re, err := wholeRegexp(text)
	if err != nil {
		return nil, err
	}
	return plainMatcher{words: fmt.Sprintf("matching %q", text), test: re.MatchString}, nil
}

func wholeRegexp(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(`\A(?:` + text + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression that can be used here: %w", text, err)
	}
	return re, nil
}

// readEqualToJSON takes JSON as it is, or as a text.
func readEqualToJSON(raw json.RawMessage, o matcherOptions) (matcher, error) {
	text := string(raw)
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		text = inner
	}
	var want any
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		return nil, fmt.Errorf("%q is no JSON: %w", text, err)
	}
	return equalToJSON{want, text, comparison{anyOrder: o.IgnoreArrayOrder, extra: o.IgnoreExtraElements}}, nil
}

// readJSONPath takes a path, or an object of a path as "expression" and a
// matcher beside it.
func readJSONPath(raw json.RawMessage) (matcher, error) {
	m := matchesJSONPath{}
	if json.Unmarshal(raw, &m.text) != nil {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(fields["expression"], &m.text); err != nil {
			return nil, fmt.Errorf("%s has no expression", raw)
		}
		delete(fields, "expression")
		rest, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		if m.inner, err = readMatcher(rest); err != nil {
			return nil, err
		}
	}
	var err error
	m.path, err = jsonpath.Parse(m.text)
	return m, err
}
