package matcher

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// operatorOptions are the matchers that can be used for every text, with the
// further members that each may have beside it.
var operatorOptions = map[string][]string{
	"equalTo":             {"caseInsensitive"},
	"contains":            nil,
	"doesNotContain":      nil,
	"matches":             nil,
	"doesNotMatch":        nil,
	"absent":              nil,
	"anything":            nil,
	"equalToJson":         {"ignoreArrayOrder", "ignoreExtraElements"},
	"matchesJsonPath":     nil,
	"matchesJsonSchema":   {"schemaVersion"},
	"matchesPathTemplate": nil,
	"before":              dateTimeOptions,
	"after":               dateTimeOptions,
	"equalToDateTime":     dateTimeOptions,
	"and":                 nil,
	"or":                  nil,
	"not":                 nil,
}

// Matchers for some places alone: the body, and names that may have several
// values.
const (
	BinaryEqualTo = "binaryEqualTo"
	HasExactly    = "hasExactly"
	Includes      = "includes"
)

// notAnOperation is WireMock's sentence about a matcher.
const notAnOperation = " is not a valid match operation"

// replacements are matchers of WireMock that are not supported, and names that
// are taken for matchers, with what can be used instead.
var replacements = map[string]string{
	"equalToXml":        "compare the text with contains or matches",
	"matchesXPath":      "search the text with contains or matches",
	"customMatcher":     "combine other matchers with and, or and not",
	"equalToIgnoreCase": `use equalTo with "caseInsensitive": true`,
}

// Unsupported returns an error about a name that stands for a matcher elsewhere,
// with what can be used instead; nil for other names.
func Unsupported(name string) error {
	if instead, ok := replacements[name]; ok {
		return ErrorAt(PointerTo(name), fmt.Errorf("%s can't be used here: %s", name, instead))
	}
	return nil
}

// readOperator parses the matcher of a name.
func readOperator(name string, fields Members) (Matcher, error) {
	raw := fields[name]
	switch name {
	case "equalTo":
		return readEqualTo(fields)
	case BinaryEqualTo:
		return readBinary(raw)
	case "contains":
		return readContains(raw)
	case "doesNotContain":
		inner, err := readContains(raw)
		return not{inner}, err
	case "matches":
		return ReadRegexp(raw)
	case "doesNotMatch":
		inner, err := ReadRegexp(raw)
		return not{inner}, err
	case "absent":
		return readAbsent(raw)
	case "anything":
		return readAnything(raw)
	case "equalToJson":
		return readEqualToJSON(fields)
	case "matchesJsonPath":
		return readJSONPath(raw)
	case "matchesJsonSchema":
		return readJSONSchema(fields)
	case "matchesPathTemplate":
		return readPathTemplate(raw)
	case "and":
		list, err := readMatchers(name, raw, 2)
		return all(list), err
	case "or":
		list, err := readMatchers(name, raw, 2)
		return some(list), err
	case HasExactly:
		list, err := readMatchers(name, raw, 1)
		return hasExactly(list), err
	case Includes:
		list, err := readMatchers(name, raw, 1)
		return includes(list), err
	case "not":
		inner, err := Read(raw)
		return not{inner}, err
	default:
		return readDateTime(name, fields)
	}
}

// Read parses an object such as {"contains": "door"}. In some places
// there are more matchers than elsewhere.
func Read(raw json.RawMessage, more ...string) (Matcher, error) {
	fields, err := ReadMembers(raw)
	if err != nil {
		return nil, &PatternError{"", "want a matcher such as {\"equalTo\": \"x\"}, not " + Shortened(string(raw)), string(raw) + notAnOperation}
	}
	known := slices.Concat(slices.Sorted(maps.Keys(operatorOptions)), more)
	var found []string
	for _, name := range fields.Names() {
		if slices.Contains(known, name) {
			found = append(found, name)
		} else if err := Unsupported(name); err != nil {
			return nil, err
		}
	}
	switch {
	case len(fields) == 0:
		return nil, &PatternError{"", "a matcher is empty: want one such as {\"equalTo\": \"x\"}", string(raw) + notAnOperation}
	case len(found) == 0:
		name := fields.Names()[0]
		return nil, &PatternError{PointerTo(name), Unknown("matcher", name, known), string(raw) + notAnOperation}
	case len(found) > 1:
		return nil, fmt.Errorf("one matcher can't be %s: combine several with and", strings.Join(found, " and "))
	}
	if err := fields.OnlyHas(append(slices.Clone(operatorOptions[found[0]]), found[0])); err != nil {
		return nil, err
	}
	m, err := readOperator(found[0], fields)
	if err != nil && !errors.As(err, new(*PatternError)) {
		return nil, ErrorAt(PointerTo(found[0]), err)
	}
	return m, err
}

// readMatchers parses a list of at least so many matchers.
func readMatchers(name string, raw json.RawMessage, least int) ([]Matcher, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil || len(list) < least {
		return nil, fmt.Errorf("want a list of at least %d matchers, not %s", least, Shortened(string(raw)))
	}
	matchers, err := readList(list, func(raw json.RawMessage) (Matcher, error) { return Read(raw) })
	if err != nil {
		return nil, ErrorAt(PointerTo(name), err)
	}
	return matchers, nil
}

// ReadText returns a JSON string as a text, and a number or a boolean as it is
// written.
func ReadText(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
		return text, nil
	}
	if len(raw) == 0 || strings.IndexByte(`{["n`, raw[0]) >= 0 {
		return "", fmt.Errorf("want text, not %s", Shortened(string(raw)))
	}
	return string(raw), nil
}

func readEqualTo(fields Members) (Matcher, error) {
	ignoreCase := false
	if err := fields.Read("caseInsensitive", &ignoreCase); err != nil {
		return nil, err
	}
	want, err := ReadText(fields["equalTo"])
	if ignoreCase {
		return EqualInAnyCase(want), err
	}
	return EqualTo(want), err
}

func readBinary(raw json.RawMessage) (Matcher, error) {
	text, err := ReadText(raw)
	if err != nil {
		return nil, err
	}
	want, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no base64: %w", Shortened(text), err)
	}
	if len(want) == 0 {
		return absent{}, nil // an empty body is a missing text
	}
	return EqualTo(string(want)), nil
}

func readContains(raw json.RawMessage) (Matcher, error) {
	want, err := ReadText(raw)
	return plainMatcher{
		description: fmt.Sprintf("containing %q", want),
		test:        func(text string) bool { return strings.Contains(text, want) },
	}, err
}

// readAbsent parses what WireMock takes for a mere sign: false is for a text that
// is there, and anything but a boolean is refused.
func readAbsent(raw json.RawMessage) (Matcher, error) {
	switch string(raw) {
	case "true", `"(absent)"`: // the second is what WireMock's own client sends
		return absent{}, nil
	case "false":
		return not{absent{}}, nil
	default:
		return nil, fmt.Errorf("want true or false, not %s", Shortened(string(raw)))
	}
}

// readAnything parses what WireMock takes for a mere sign. Its client sends a text.
func readAnything(raw json.RawMessage) (Matcher, error) {
	var text string
	if string(raw) != "true" && json.Unmarshal(raw, &text) != nil {
		return nil, fmt.Errorf("want true, not %s", Shortened(string(raw)))
	}
	return anything{}, nil
}

// ReadRegexp parses an expression that must match the whole text. It is RE2:
// what Java has beyond it, such as lookaheads, is refused.
func ReadRegexp(raw json.RawMessage) (Matcher, error) {
	text, err := ReadText(raw)
	if err != nil {
		return nil, err
	}
	re, err := wholeRegexp(text)
	if err != nil {
		return nil, err
	}
	return plainMatcher{description: fmt.Sprintf("matching %q", text), test: re.MatchString, steps: re.Steps}, nil
}

// wholeRegexp compiles an expression that must match a whole text.
func wholeRegexp(text string) (effort.Regexp, error) {
	re, err := effort.Compile(text)
	if err != nil {
		return re, fmt.Errorf("%q is no regular expression that can be used here: %w", Shortened(text), err)
	}
	return re, nil
}
