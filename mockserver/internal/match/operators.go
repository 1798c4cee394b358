package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// PatternError reports a request pattern that is not valid, in WireMock's words.
// Pointer is the JSON pointer of the place.
type PatternError struct{ Pointer, Detail string }

// Error returns the place and the detail.
func (e *PatternError) Error() string {
	if e.Pointer == "" {
		return e.Detail
	}
	return e.Pointer + ": " + e.Detail
}

// operatorNames are the matchers of WireMock that are supported.
var operatorNames = []string{
	"equalTo", "binaryEqualTo", "contains", "doesNotContain", "matches", "doesNotMatch",
	"absent", "equalToJson", "matchesJsonPath", "and", "or", "not",
}

// readOperator parses a matcher of a name from its JSON.
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
		description: fmt.Sprintf("containing %q", want),
		test:        func(text string) bool { return strings.Contains(text, want) },
	}, err
}

// matcherOptions are the further members of a matcher's object.
type matcherOptions struct {
	CaseInsensitive     bool `json:"caseInsensitive"`
	IgnoreArrayOrder    bool `json:"ignoreArrayOrder"`
	IgnoreExtraElements bool `json:"ignoreExtraElements"`
}

// readMatcher parses an object such as {"contains": "door"}.
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
	var reported *PatternError
	if err != nil && !errors.As(err, &reported) {
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

// textOf returns a JSON string as a text, and a number or a boolean as it is
// written.
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

// readRegexp parses an expression that must match the whole text. It is RE2:
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
	return plainMatcher{description: fmt.Sprintf("matching %q", text), test: re.MatchString}, nil
}

func wholeRegexp(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(`\A(?:` + text + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression that can be used here: %w", text, err)
	}
	return re, nil
}

// readEqualToJSON parses the JSON to be equal to, which may be inside a string.
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

// readJSONPath parses a path, or an object that has the path as "expression" and
// a matcher as another member.
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
	m.path, err = parsePath(m.text)
	return m, err
}
