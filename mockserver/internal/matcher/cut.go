package matcher

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Quoted returns a text in quotes. Of a text that is longer than so many bytes it
// returns the beginning, with an ellipsis behind the quotes.
func Quoted(text string, most int) string {
	begin, ellipsis := cut(text, most)
	return strconv.Quote(begin) + ellipsis
}

// cut returns the beginning of a text, of at most so many bytes, and an ellipsis
// if that is not the whole text. It cuts between characters as a reader sees
// them: a letter keeps its accents, and an emoji all its parts.
func cut(text string, most int) (begin, ellipsis string) {
	if len(text) <= most {
		return text, ""
	}
	at := most
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	whole := at
	for whole > 0 && joins(text, whole) {
		_, size := utf8.DecodeLastRuneInString(text[:whole])
		whole -= size
	}
	if whole > 0 {
		at = whole // otherwise one character is longer than all that is shown
	}
	return text[:at], "…"
}

// joins reports whether a character goes on at a place between two runes.
func joins(text string, at int) bool {
	const zeroWidthJoiner, firstSkinTone, lastSkinTone = '\u200D', '\U0001F3FB', '\U0001F3FF'
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	switch {
	case before == zeroWidthJoiner, after == zeroWidthJoiner, unicode.Is(unicode.M, after):
		return true
	case after >= firstSkinTone && after <= lastSkinTone, before == '\r' && after == '\n':
		return true
	default:
		return isFlagHalf(after) && flagHalvesBefore(text[:at])%2 == 1
	}
}

// isFlagHalf reports whether a rune is one of the two of which a flag is made.
func isFlagHalf(r rune) bool { return r >= '\U0001F1E6' && r <= '\U0001F1FF' }

func flagHalvesBefore(text string) (n int) {
	for {
		r, size := utf8.DecodeLastRuneInString(text)
		if !isFlagHalf(r) {
			return n
		}
		text = text[:len(text)-size]
		n++
	}
}
