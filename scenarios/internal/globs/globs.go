// Package globs finds out whether a glob over paths can match a path of some form.
//
// The globs are those of gobwas/glob with a slash between parts: * and ? stand for
// characters of one part, ** for any, brackets for one of several characters, and
// braces for one of several texts.
package globs

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/gobwas/glob"
)

// step is a part of a glob that stands for one character, or for any number.
type step struct {
	many    bool
	slash   bool // whether it stands for a slash too
	literal rune // that it stands for alone; 0 for others
	class   *glob.Pattern
}

// takes reports whether a step stands for a character, whatever its case.
func (s step) takes(c rune) bool {
	switch {
	case s.literal != 0:
		return unicode.ToLower(s.literal) == unicode.ToLower(c)
	case s.class != nil:
		return s.class.Match(string(unicode.ToLower(c))) || s.class.Match(string(unicode.ToUpper(c)))
	default:
		return s.slash || c != '/'
	}
}

// common reports whether there is a character that two steps stand for. It reports true
// for two classes.
func (s step) common(other step) bool {
	switch {
	case s.literal != 0:
		return other.takes(s.literal)
	case other.literal != 0:
		return s.takes(other.literal)
	default:
		return true
	}
}

// Meet reports whether there is a path that a glob matches and a form has. A form is a
// path with * for any part of it, and ** for any rest. Letters are the same in either
// case. The glob must be a valid one with one pair of braces at most.
func Meet(pattern, form string) bool {
	other := steps(form)
	return slices.ContainsFunc(alternatives(pattern), func(one string) bool { return meet(steps(one), other) })
}

// meet reports whether there is a text that two lists of steps stand for. Each entry of
// a row reports it of what is left of both lists.
func meet(a, b []step) bool {
	below := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		row := make([]bool, len(b)+1)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				row[j] = true
			case i < len(a) && a[i].many:
				row[j] = below[j] || j < len(b) && (b[j].many || a[i].common(b[j])) && row[j+1]
			case j < len(b) && b[j].many:
				row[j] = row[j+1] || i < len(a) && b[j].common(a[i]) && below[j]
			default:
				row[j] = i < len(a) && j < len(b) && a[i].common(b[j]) && below[j+1]
			}
		}
		below = row
	}
	return below[0]
}

// braces matches the alternatives of a glob.
var braces = regexp.MustCompile(`(^|[^\\])\{([^{}]*)\}`)

// alternatives returns the globs that one with braces stands for.
func alternatives(pattern string) []string {
	at := braces.FindStringSubmatchIndex(pattern)
	if at == nil {
		return []string{pattern}
	}
	var all []string
	for one := range strings.SplitSeq(pattern[at[4]:at[5]], ",") {
		all = append(all, pattern[:at[3]]+one+pattern[at[1]:])
	}
	return all
}

// part matches a step of a glob, as it is written.
var part = regexp.MustCompile(`(?s)^(\*\*+|\*|\?|\[!?[^\]]*\]|\\.|.)`)

// steps returns the steps of a glob without braces.
func steps(pattern string) []step {
	var list []step
	for pattern != "" {
		text := part.FindString(pattern)
		pattern = pattern[len(text):]
		switch {
		case strings.HasPrefix(text, "**"):
			list = append(list, step{many: true, slash: true})
		case text == "*":
			list = append(list, step{many: true})
		case text == "?":
			list = append(list, step{})
		case strings.HasPrefix(text, "[") && len(text) > 1:
			class, err := glob.Compile(text)
			if err != nil {
				list = append(list, step{slash: true}) // which excludes nothing
				continue
			}
			list = append(list, step{class: class})
		default:
			list = append(list, step{literal: []rune(strings.TrimPrefix(text, `\`) + text)[0]})
		}
	}
	return list
}
