package match

import (
	"fmt"
	"slices"
	"strings"
)

// matcher matches one text among the texts of a name, in WireMock's terms. A nil
// text is one that is missing.
type matcher interface {
	// matches reports whether a text matches. Beside it are all texts that the
	// name has: what must not be is not in any of them.
	matches(t *jsonText, all []*jsonText) bool
	// difference returns in a few lines what of the text does not match; it is
	// blank if the text itself says it all.
	difference(t *jsonText) string
	String() string
}

// matchesOne reports whether one of the texts matches, or if there is none,
// whether a missing text does.
func matchesOne(m matcher, texts []*jsonText) bool {
	if len(texts) == 0 {
		return m.matches(nil, nil)
	}
	return slices.ContainsFunc(texts, func(t *jsonText) bool { return m.matches(t, texts) })
}

// plainMatcher matches a text with a function, and describes no differences.
type plainMatcher struct {
	description string
	test        func(text string) bool
	equal       string // the text that equalTo wants
	isEqual     bool   // whether the matcher is equalTo
}

func (m plainMatcher) matches(t *jsonText, _ []*jsonText) bool { return t != nil && m.test(t.text) }
func (m plainMatcher) difference(*jsonText) string             { return "" }
func (m plainMatcher) String() string                          { return m.description }

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

// not matches if a matcher matches none of the texts, so also where the text is
// missing. WireMock's matches if there is one text that the matcher does not
// match.
type not struct{ inner matcher }

func (m not) matches(_ *jsonText, all []*jsonText) bool { return !matchesOne(m.inner, all) }
func (m not) difference(*jsonText) string               { return "" }
func (m not) String() string                            { return "not " + m.inner.String() }

// absent matches a missing text.
type absent struct{}

func (absent) matches(t *jsonText, _ []*jsonText) bool { return t == nil }
func (absent) difference(*jsonText) string             { return "" }
func (absent) String() string                          { return "absent" }

// present matches what another matcher does, but of a missing text only if that
// is absent.
type present struct{ matcher }

func (m present) matches(t *jsonText, all []*jsonText) bool {
	_, wantsNone := m.matcher.(absent)
	return (t != nil || wantsNone) && m.matcher.matches(t, all)
}

// anything matches any text, and a missing one.
type anything struct{}

func (anything) matches(*jsonText, []*jsonText) bool { return true }
func (anything) difference(*jsonText) string         { return "" }
func (anything) String() string                      { return "anything" }

// all matches a text that each of several matchers matches.
type all []matcher

func (m all) matches(t *jsonText, texts []*jsonText) bool {
	return !slices.ContainsFunc(m, func(inner matcher) bool { return !inner.matches(t, texts) })
}

func (m all) difference(t *jsonText) string {
	for _, inner := range m {
		if !inner.matches(t, []*jsonText{t}) {
			return inner.difference(t)
		}
	}
	return ""
}

func (m all) String() string { return joined(m, " and ") }

// some matches a text that one of several matchers matches.
type some []matcher

func (m some) matches(t *jsonText, texts []*jsonText) bool {
	return slices.ContainsFunc(m, func(inner matcher) bool { return inner.matches(t, texts) })
}

func (m some) difference(*jsonText) string { return "" }
func (m some) String() string              { return joined(m, " or ") }

// includes matches texts if each of several matchers matches one of them.
type includes []matcher

func (m includes) matches(_ *jsonText, texts []*jsonText) bool {
	return len(texts) > 0 && !slices.ContainsFunc(m, func(inner matcher) bool { return !matchesOne(inner, texts) })
}

func (m includes) difference(*jsonText) string { return "" }
func (m includes) String() string              { return "including " + joined(m, " and ") }

// hasExactly matches texts if each of as many matchers matches another one of
// them, in any order.
type hasExactly []matcher

func (m hasExactly) matches(_ *jsonText, texts []*jsonText) bool {
	return len(texts) == len(m) && pair(len(m), len(texts), func(i, j int) bool {
		return m[i].matches(texts[j], texts[j:j+1])
	})
}

func (m hasExactly) difference(*jsonText) string { return "" }
func (m hasExactly) String() string              { return "exactly " + joined(m, " and ") }

func joined(list []matcher, word string) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = m.String()
	}
	return "(" + strings.Join(words, word) + ")"
}
