package curl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxArgument is how many bytes of a body are put into an argument. Linux
// takes 128 KiB; printf, which shells have built in, has no limit.
const maxArgument = 64 << 10

// fitsArgument reports whether a body can be an argument of curl that people
// can read.
func fitsArgument(body []byte) bool {
	return len(body) <= maxArgument && printable(string(body))
}

// quote returns one word for a POSIX shell that stands for a text without NUL
// and without line breaks at its end. Neither the shell nor a terminal finds
// anything in it to act upon, not even an interactive one.
func quote(text string) string {
	switch {
	case text != "" && only(text, alphanumeric+"-_./:%"):
		return text
	case printable(text):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	default:
		// An interactive shell looks for ! and " between double quotes.
		return `"$(printf '` + strings.NewReplacer("!", `\041`, `"`, `\042`).Replace(format(text)) + `')"`
	}
}

// format returns a format for printf, to stand between single quotes, that
// prints a text. It does not begin with a dash, which would be an option.
func format(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		c, size := utf8.DecodeRuneInString(text)
		character := text[:size]
		text = text[size:]
		switch {
		case character == "%":
			b.WriteString("%%")
		case printable(character) && c != '\\' && c != '\'' && (c != '-' || b.Len() > 0):
			b.WriteRune(c)
		default:
			for _, octet := range []byte(character) {
				fmt.Fprintf(&b, `\%03o`, octet)
			}
		}
	}
	return b.String()
}

// printable reports whether a text is UTF-8 that a terminal shows and does not
// act upon. Line breaks are not: a command is one line.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) })
}
