package match

import (
	"fmt"
	"slices"
	"strings"
)

// matcher matches one text, in WireMock's terms. A nil text is one that is
// missing.
type matcher interface {
	matches(t *jsonText) bool
	// difference returns in a few lines what of the text does not match; it is
	// blank if the text itself says it all.
	difference(t *jsonText) string
	String() string
}

// plainMatcher matches a text with a function, and describes no differences.
type plainMatcher struct {
	description string
	test        func(text string) bool
	equal       string // the text that equalTo wants
	isEqual     bool   // whether the matcher is equalTo
}

func (m plainMatcher) matches(t *jsonText) bool    { return t != nil && m.test(t.text) }
func (m plainMatcher) difference(*jsonText) string { return "" }
func (m plainMatcher) String() string              { return m.description }

func equalTo(want string, ignoreCase bool) matcher {
	if ignoreCase {
		return plainMatcher{
			description: fmt.Sprintf("equal to %q in any case", want),
			test:        func(text string) bool { return strings.EqualFold(text, want) },
			equal:       want,
			isEqual:     true,
		}
	}
	return plainMatcher{
		description: fmt.Sprintf("equal to %q", want),
		test:        func(text string) bool { return text == want },
		equal:       want,
		isEqual:     true,
	}
}

// not matches what a matcher does not. Like WireMock's doesNotMatch it matches a
// missing text.
type not struct{ inner matcher }

func (m not) matches(t *jsonText) bool    { return !m.inner.matches(t) }
func (m not) difference(*jsonText) string { return "" }
func (m not) String() string              { return "not " + m.inner.String() }

// absent matches a missing text.
type absent struct{}

func (absent) matches(t *jsonText) bool    { return t == nil }
func (absent) difference(*jsonText) string { return "" }
func (absent) String() string              { return "absent" }

// all matches a text that each of several matchers matches.
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

// some matches a text that one of several matchers matches.
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
