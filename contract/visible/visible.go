// Package visible makes texts of others safe to show in a terminal: in log lines,
// tables and messages.
//
// The package imports no other package of this module.
package visible

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns a text with an escape, as Go writes it, for each character that a
// terminal acts upon or does not show: control characters, line breaks, marks of
// direction, and bytes that are no UTF-8.
func Text(text string) string { return escaped(text, unicode.IsPrint) }

// Lines returns a text as [Text] does, and leaves its line feeds and tabs.
func Lines(text string) string {
	return escaped(text, func(c rune) bool { return c == '\n' || c == '\t' || unicode.IsPrint(c) })
}

// JSON returns a text of JSON with the escapes of JSON for the characters in its
// strings that [Text] escapes. Its value stays the same.
func JSON(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c < 0x7f || unicode.IsPrint(c):
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}

func escaped(text string, shown func(rune) bool) string {
	hidden := func(c rune) bool { return !shown(c) }
	if utf8.ValidString(text) && !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		c, size := utf8.DecodeRuneInString(text)
		if invalid := c == utf8.RuneError && size == 1; invalid || hidden(c) {
			quoted := strconv.QuoteToASCII(text[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}
