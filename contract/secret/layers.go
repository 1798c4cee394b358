package secret

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostLayers is how often a text is decoded in which secrets are looked for.
const mostLayers = 4

// layer is a text, or what it is when its escapes are decoded, in lower case.
type layer struct {
	text string
	from []int // where each byte of the text begins in the one that is not decoded, and its length
}

// anyEscape is a byte or a character as URLs, HTML, JSON and Go write it.
var anyEscape = regexp.MustCompile(`%[0-9a-f]{2}|&#?[0-9a-z]{1,8};?|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\["'\\/]`)

// cutEscape is the beginning of an escape at the end of a text.
var cutEscape = regexp.MustCompile(`(%[0-9a-f]?|&#?[0-9a-z]{0,8}|\\(u[0-9a-f]{0,3}|x[0-9a-f]?)?)$`)

// layersOf returns a text, and what it is when its escapes are decoded once, twice and
// so on.
func layersOf(text string) []layer {
	l := layer{asciiLower(text), make([]int, len(text)+1)}
	for i := range l.from {
		l.from[i] = i
	}
	all := []layer{l}
	for range mostLayers {
		if !strings.ContainsAny(l.text, `%&\`) {
			break
		}
		decoded := l.decode()
		if decoded.text == l.text {
			break
		}
		all, l = append(all, decoded), decoded
	}
	return all
}

// decode returns the layer with its escapes decoded once.
func (l layer) decode() layer {
	var b strings.Builder
	var from []int
	add := func(text string, at int, step int) {
		for i := range len(text) {
			from = append(from, l.from[at+i*step])
		}
		b.WriteString(text)
	}
	end := 0
	for _, found := range anyEscape.FindAllStringIndex(l.text, -1) {
		add(l.text[end:found[0]], end, 1)
		end = found[1]
		if decoded := unescaped(l.text[found[0]:end]); decoded == l.text[found[0]:end] {
			add(decoded, found[0], 1)
		} else {
			add(asciiLower(decoded), found[0], 0)
		}
	}
	add(l.text[end:], end, 1)
	return layer{b.String(), append(from, l.from[len(l.text)])}
}

// unescaped returns what an escape stands for; the escape where that is nothing.
func unescaped(escape string) string {
	switch {
	case escape[0] == '&':
		return html.UnescapeString(escape)
	case escape[0] == '\\' && len(escape) == len(`\"`):
		return escape[1:]
	}
	code, err := strconv.ParseUint(strings.TrimLeft(escape, `%\ux`), 16, 16)
	switch {
	case err != nil:
		return escape
	case code < utf8.RuneSelf || escape[1] != 'u':
		return string([]byte{byte(code)})
	default:
		return string(rune(code))
	}
}
