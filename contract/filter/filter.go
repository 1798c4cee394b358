// Package filter matches names against the glob of a list, as the API does.
package filter

import (
	"strings"

	"github.com/gobwas/glob"
)

// Filter is the glob of a list, which matches whole names whatever the case
// of their letters.
type Filter struct {
	pattern *glob.Pattern
	prefix  string
	pieces  []string // of a glob of letters and stars alone; else nil
}

// The limits of a filter keep matching fast: a pattern of several groups can
// take the matcher exponential time. They are ours.
const (
	// MaxLength is how many characters a filter may have.
	MaxLength = 255
	maxGroups = 1 // {...}
)

// Problem is what is wrong with a filter: in the API's own words, and in detail
// for people.
type Problem struct{ What, Detail string }

// Compile reads a glob such as "my*webhook". It refuses one that
// can't be matched fast, and a text that is no glob.
func Compile(text string) (*Filter, *Problem) {
	if len([]rune(text)) > MaxLength || groups(text) > maxGroups {
		return nil, &Problem{What: "is too complex"}
	}
	pattern, err := glob.Compile(strings.ToLower(text))
	if err != nil {
		return nil, &Problem{What: "is not a valid glob", Detail: err.Error()}
	}
	f := &Filter{pattern: pattern, prefix: literalPrefix(strings.ToLower(text))}
	if !strings.ContainsAny(text, otherMeta) {
		f.pieces = strings.Split(strings.ToLower(text), "*")
	}
	return f, nil
}

// otherMeta are the characters that may mean something in globs, beside the
// star.
const otherMeta = `?[]{}\,!^`

// Prefix returns what every name that matches begins with, in lower case; blank
// where names may begin with anything.
func (f *Filter) Prefix() string { return f.prefix }

// literalPrefix returns the part of a glob in front of the first character that
// may mean something in globs.
func literalPrefix(text string) string {
	if i := strings.IndexAny(text, "*"+otherMeta); i >= 0 {
		return text[:i]
	}
	return text
}

// Match reports whether a name, which must be in lower case, matches.
func (f *Filter) Match(lowerName string) bool {
	if f.pieces != nil {
		return inOrder(lowerName, f.pieces)
	}
	return f.pattern.Match(lowerName)
}

// inOrder reports whether a name is made of pieces in their order, with anything
// between them. Most filters are of this kind, and lists of many names are
// matched against them: this takes a third of the library's time.
func inOrder(name string, pieces []string) bool {
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(pieces) == 1 {
		return name == first
	}
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, piece := range pieces[1 : len(pieces)-1] {
		at := strings.Index(name, piece)
		if at < 0 {
			return false
		}
		name = name[at+len(piece):]
	}
	return true
}

// groups counts the braces that open a group: those that are not escaped.
func groups(filter string) int {
	return strings.Count(strings.NewReplacer(`\\`, "", `\{`, "").Replace(filter), "{")
}
