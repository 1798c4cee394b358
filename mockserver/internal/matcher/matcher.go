// Package matcher reads and applies WireMock's matchers of texts: of a header's
// values, a parameter's, a body. It knows neither requests nor where they are
// kept.
package matcher

import (
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// Matcher matches one text among the texts of a name, in WireMock's terms. A nil
// text is one that is missing.
type Matcher interface {
	// matches reports whether a text matches. Beside it are all texts that the
	// name has: what must not be is not in any of them.
	matches(b *effort.Budget, t *Text, all []*Text) bool
	// difference returns in a few lines what of the text does not match; it is
	// blank if the text itself says it all.
	difference(b *effort.Budget, t *Text) string
	// String describes what matches, for a person.
	String() string
}

// plainMatcher matches a text with a function, and describes no differences.
type plainMatcher struct {
	description string
	test        func(text string) bool
	steps       func(text string) int // that the test takes; nil for a test that reads the text once
	like        string                // a text that matches, to measure others by; may be blank
	isEqual     bool                  // whether that text alone matches
	anyCase     bool                  // whether that text matches in upper and lower case
}

// Func returns a matcher that matches a text if a function reports it. What is
// like the other text, which may be blank, comes near a match.
func Func(description, like string, test func(text string) bool) Matcher {
	return plainMatcher{description: description, test: test, like: like}
}

func (m plainMatcher) matches(b *effort.Budget, t *Text, _ []*Text) bool {
	if t == nil {
		return false
	}
	steps := effort.OfText
	if m.steps != nil {
		steps = m.steps
	}
	spend(b, steps(t.text))
	return m.test(t.text)
}

func (m plainMatcher) difference(*effort.Budget, *Text) string { return "" }
func (m plainMatcher) String() string                          { return m.description }

// EqualTo returns a matcher of a text.
func EqualTo(want string) Matcher {
	return plainMatcher{
		description: fmt.Sprintf("equal to %q", want), test: func(text string) bool { return text == want },
		like: want, isEqual: true,
	}
}

// EqualInAnyCase returns a matcher of a text in upper or lower case.
func EqualInAnyCase(want string) Matcher {
	return plainMatcher{
		description: fmt.Sprintf("equal to %q in any case", want), test: func(text string) bool { return strings.EqualFold(text, want) },
		like: want, isEqual: true, anyCase: true,
	}
}

// Either returns a matcher of a text that one of several matchers matches.
func Either(list ...Matcher) Matcher { return some(list) }

// Present returns a matcher of what another one matches, which a missing text
// matches only if that is absent.
func Present(m Matcher) Matcher { return present{m} }

// not matches if a matcher matches none of the texts, so also where the text is
// missing. WireMock's matches if there is one text that the matcher does not
// match.
type not struct{ inner Matcher }

func (m not) matches(b *effort.Budget, _ *Text, all []*Text) bool {
	return !matchesOne(b, m.inner, all)
}
func (m not) difference(*effort.Budget, *Text) string { return "" }
func (m not) String() string                          { return "not " + m.inner.String() }

// absent matches a missing text.
type absent struct{}

func (absent) matches(b *effort.Budget, t *Text, _ []*Text) bool { return t == nil }
func (absent) difference(*effort.Budget, *Text) string           { return "" }
func (absent) String() string                                    { return "absent" }

// present matches what another matcher does, but of a missing text only if that
// is absent.
type present struct{ Matcher }

func (m present) matches(b *effort.Budget, t *Text, all []*Text) bool {
	_, wantsNone := m.Matcher.(absent)
	return (t != nil || wantsNone) && m.Matcher.matches(b, t, all)
}

// anything matches any text, and a missing one.
type anything struct{}

func (anything) matches(*effort.Budget, *Text, []*Text) bool { return true }
func (anything) difference(*effort.Budget, *Text) string     { return "" }
func (anything) String() string                              { return "anything" }

// all matches a text that each of several matchers matches.
type all []Matcher

func (m all) matches(b *effort.Budget, t *Text, texts []*Text) bool {
	return !slices.ContainsFunc(m, func(inner Matcher) bool { return !inner.matches(b, t, texts) })
}

func (m all) difference(b *effort.Budget, t *Text) string {
	for _, inner := range m {
		if !inner.matches(b, t, []*Text{t}) {
			return inner.difference(b, t)
		}
	}
	return ""
}

func (m all) String() string { return joined(m, " and ") }

// some matches a text that one of several matchers matches.
type some []Matcher

func (m some) matches(b *effort.Budget, t *Text, texts []*Text) bool {
	return slices.ContainsFunc(m, func(inner Matcher) bool { return inner.matches(b, t, texts) })
}

func (m some) difference(*effort.Budget, *Text) string { return "" }
func (m some) String() string                          { return joined(m, " or ") }

// includes matches texts if each of several matchers matches one of them.
type includes []Matcher

func (m includes) matches(b *effort.Budget, _ *Text, texts []*Text) bool {
	return len(texts) > 0 && !slices.ContainsFunc(m, func(inner Matcher) bool { return !matchesOne(b, inner, texts) })
}

func (m includes) difference(*effort.Budget, *Text) string { return "" }
func (m includes) String() string                          { return "including " + joined(m, " and ") }

// hasExactly matches texts if each of as many matchers matches another one of
// them, in any order.
type hasExactly []Matcher

func (m hasExactly) matches(b *effort.Budget, _ *Text, texts []*Text) bool {
	return len(texts) == len(m) && pair(len(m), len(texts), func(i, j int) bool {
		return m[i].matches(b, texts[j], texts[j:j+1])
	})
}

func (m hasExactly) difference(*effort.Budget, *Text) string { return "" }
func (m hasExactly) String() string                          { return "exactly " + joined(m, " and ") }

func joined(list []Matcher, word string) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = m.String()
	}
	return "(" + strings.Join(words, word) + ")"
}

// Leaves returns the matchers that others, such as and or not, combine: a matcher
// that stands alone itself.
func Leaves(m Matcher) (leaves []Matcher) {
	var parts []Matcher
	switch m := m.(type) {
	case not:
		parts = []Matcher{m.inner}
	case all:
		parts = m
	case some:
		parts = m
	case absent, anything:
		return nil // they are about any text
	default:
		return []Matcher{m}
	}
	for _, part := range parts {
		leaves = append(leaves, Leaves(part)...)
	}
	return leaves
}

// WantedText returns the text that a matcher alone matches, in any case or as it
// is. It reports whether there is one.
func WantedText(m Matcher) (text string, anyCase, ok bool) {
	plain, _ := m.(plainMatcher)
	return plain.like, plain.anyCase, plain.isEqual
}
