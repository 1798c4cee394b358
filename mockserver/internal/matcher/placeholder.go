package matcher

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// placeholder stands in the JSON of equalToJson for a value of a kind. It is
// written as WireMock has it from the library JsonUnit: ${json-unit.any-string}.
type placeholder struct {
	text     string
	test     func(value any) bool
	steps    func(value any) int // that the test takes; nil for one
	optional bool                // a member of an object may be missing
}

// MarshalJSON returns the text as the pattern has it.
func (p placeholder) MarshalJSON() ([]byte, error) { return json.Marshal(p.text) }

func optional(want any) bool {
	p, ok := want.(placeholder)
	return ok && p.optional
}

// hasPlaceholder reports whether a placeholder stands in a value.
func hasPlaceholder(value any) bool {
	switch value := value.(type) {
	case placeholder:
		return true
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), hasPlaceholder)
	case []any:
		return slices.ContainsFunc(value, hasPlaceholder)
	default:
		return false
	}
}

var placeholderText = regexp.MustCompile(`(?s)\A[$#]\{json-unit\.([^}]*)\}(.*)\z`)

var placeholderNames = []string{"any-string", "any-number", "any-boolean", "ignore", "ignore-element", "regex"}

// withPlaceholders returns a decoded value with its placeholders instead of
// their texts.
func withPlaceholders(value any) (any, error) {
	var err error
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			if value[key], err = withPlaceholders(value[key]); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range value {
			if value[i], err = withPlaceholders(value[i]); err != nil {
				return nil, err
			}
		}
	case string:
		if parts := placeholderText.FindStringSubmatch(value); parts != nil {
			return newPlaceholder(value, parts[1], parts[2])
		}
		if strings.HasPrefix(value, "${json-unit.") || strings.HasPrefix(value, "#{json-unit.") {
			return nil, fmt.Errorf("the placeholder %q does not end: want } behind its name", Shortened(value))
		}
	}
	return value, nil
}

func newPlaceholder(text, name, rest string) (any, error) {
	p := placeholder{text: text}
	switch {
	case name == "regex":
		re, err := wholeRegexp(rest)
		p.test = func(value any) bool { s, ok := value.(string); return ok && re.MatchString(s) }
		p.steps = func(value any) int { s, _ := value.(string); return re.Steps(s) }
		return p, err
	case !slices.Contains(placeholderNames, name):
		return nil, fmt.Errorf("%s", Unknown("placeholder", name, placeholderNames))
	case rest != "":
		return text, nil // a text, as in WireMock
	case name == "any-string":
		p.test = func(value any) bool { _, ok := value.(string); return ok }
	case name == "any-number":
		p.test = func(value any) bool { _, ok := decode.DecimalOf(value); return ok }
	case name == "any-boolean":
		p.test = func(value any) bool { _, ok := value.(bool); return ok }
	default:
		p.test = func(any) bool { return true }
		p.optional = name == "ignore-element"
	}
	return p, nil
}
