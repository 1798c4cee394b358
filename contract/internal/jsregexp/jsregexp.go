// Package jsregexp matches texts against regular expressions as JavaScript does.
//
// Go's own expressions do it wherever both languages read a pattern alike. A pattern
// that looks ahead or behind, or that has classes which differ, is given to a library
// that knows JavaScript's expressions. It may go back again and again, so its time is
// bounded.
package jsregexp

import (
	"io"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/dlclark/regexp2/v2"
)

// Pattern is a regular expression that was read.
type Pattern struct {
	repeated *repeated       // in place of quick; nil for another form of pattern
	quick    *regexp.Regexp  // nil where Go reads the pattern in another way
	slow     *regexp2.Regexp // nil where quick is there
}

// mostTime is how long one match may take. A text that takes longer does not match.
const mostTime = time.Second

// compiled keeps the patterns that were read: an API has thousands of them, of which
// a handful differ.
var compiled sync.Map // text -> *Pattern

// Compile reads a pattern.
func Compile(text string) (*Pattern, error) {
	if known, ok := compiled.Load(text); ok {
		return known.(*Pattern), nil
	}
	pattern, err := compile(text)
	if err == nil {
		compiled.Store(text, pattern)
	}
	return pattern, err
}

func compile(text string) (*Pattern, error) {
	if translated, ok := translate(text); ok {
		if quick, err := regexp.Compile(translated); err == nil {
			return &Pattern{repeated: newRepeated(translated), quick: quick}, nil
		}
	}
	slow, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		return nil, err
	}
	slow.MatchTimeout = mostTime
	return &Pattern{slow: slow}, nil
}

// dot is what a dot matches in JavaScript.
const dot = `[^\n\r\x{2028}\x{2029}]`

// translate writes a pattern for Go, and reports whether Go then reads it as
// JavaScript does.
func translate(text string) (string, bool) {
	var out strings.Builder
	inClass := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			if !strings.ContainsRune(`dDwW\.+*?()[]{}|^$/-`, rune(text[i])) {
				return "", false
			}
			out.WriteString(text[i-1 : i+1])
		case c == '.' && !inClass:
			out.WriteString(dot)
		case c == '[' && inClass, c == '(' && !inClass && strings.HasPrefix(text[i:], "(?") && !strings.HasPrefix(text[i:], "(?:"), c >= 0x80:
			return "", false
		default:
			inClass = c == '[' || inClass && c != ']'
			out.WriteByte(c)
		}
	}
	return out.String(), true
}

// MatchString reports whether a text has a part that matches.
func (p *Pattern) MatchString(text string) bool {
	switch {
	case p.repeated != nil:
		return p.repeated.MatchString(text)
	case p.slow != nil:
		matches, err := p.slow.MatchRunes(units(text))
		return err == nil && matches
	case strings.ContainsFunc(text, func(c rune) bool { return c > 0xFFFF }):
		return p.quick.MatchReader(&reader{units(text)})
	default:
		return p.quick.MatchString(text)
	}
}

// units returns a text as JavaScript's expressions see it: each half of a pair of
// surrogates is a character.
func units(text string) []rune {
	var units []rune
	for _, c := range text {
		if first, second := utf16.EncodeRune(c); c > 0xFFFF {
			units = append(units, first, second)
		} else {
			units = append(units, c)
		}
	}
	return units
}

// reader reads units.
type reader struct{ left []rune }

func (r *reader) ReadRune() (rune, int, error) {
	if len(r.left) == 0 {
		return 0, 0, io.EOF
	}
	c := r.left[0]
	r.left = r.left[1:]
	return c, 1, nil
}
