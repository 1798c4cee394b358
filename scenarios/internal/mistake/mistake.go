// Package mistake says where text that is not YAML is mistaken, with the remedy for what people usually do.
package mistake

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	locating "go.yaml.in/yaml/v4"
)

// Locate returns where text is mistaken that the library which reads scenarios refused,
// and why, with the remedy. That library has no columns, and some of its lines are wrong:
// its successor says where the mistake is. If that finds none, there is no place, and the
// reason is the error's.
func Locate(text []byte, err error) (line, column int, reason string) {
	var failure *locating.LoadError
	if !errors.As(refusal(text), &failure) {
		if at := bytes.IndexRune(text, 0x7F); at >= 0 { // which it allows
			line, column = placeOf(text, at)
			return line, column, strings.TrimPrefix(err.Error(), "yaml: ") + `: write it as an escape in "..."`
		}
		return 0, 0, strings.TrimPrefix(err.Error(), "yaml: ")
	}
	at := failure.Mark
	if begins := failure.ContextMark; begins.Line > 0 && isUnclosed(failure.Message) {
		at = begins
	}
	if at.Line == 0 { // a byte that no text has
		at.Line, at.Column = placeOf(text, at.Index)
	}
	return at.Line, at.Column, failure.Message + remedyOf(lineOf(text, at.Line), at.Column, failure.Message)
}

// refusal returns what the successor of the library says of text that is not YAML.
func refusal(text []byte) error {
	decoder := locating.NewDecoder(bytes.NewReader(text))
	for {
		if err := decoder.Decode(new(locating.Node)); err != nil {
			return err // io.EOF if it finds nothing wrong
		}
	}
}

// isUnclosed reports whether a message is about something that has no end: the place
// to look at is where it begins.
func isUnclosed(message string) bool {
	for _, part := range []string{"unexpected end of stream", "',' or", "expected ':'"} {
		if strings.Contains(message, part) {
			return true
		}
	}
	return false
}

// placeOf returns the line and the column of a byte of a text.
func placeOf(text []byte, index int) (line, column int) {
	before := text[:min(index, len(text))]
	begin := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[begin:]) + 1
}

// lineOf returns a line of a text, counted from 1.
func lineOf(text []byte, number int) string {
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if number--; number == 0 {
			return strings.TrimRight(string(line), "\r\n")
		}
	}
	return ""
}

// remedies are what to do about the messages of the YAML library.
var remedies = []struct{ message, remedy string }{
	{"mapping values are not allowed", `put a text with ": " in it in quotes, or indent the key as the keys beside it`},
	{"end of stream", "close the quotes"},
	{"',' or ']'", "close the list with ], or put the text in quotes"},
	{"',' or '}'", "close the object with }, or put the text in quotes"},
	{"expected ':'", "write a colon and a blank behind the key"},
	{"did not find expected key", "indent the keys of an object alike"},
	{"node content", "write a value, or close a [ or { that stands before"},
	{"'-' indicator", `indent the entries of a list alike, each with "- "`},
	{"escape character", `a backslash in "..." begins an escape: write it twice, or use '...'`},
	{"unknown anchor", "put a text that begins with * in quotes"},
	{"alphabetic or numeric character", "put a text that begins with * or & in quotes"},
	{"control characters", `write it as an escape in "..."`},
}

// remedyOf returns what to do about a line that is not YAML.
func remedyOf(line string, column int, message string) string {
	before, at := cutAt(line, column)
	switch {
	case strings.Contains(before[:len(before)-len(strings.TrimLeft(before, " \t"))], "\t"), strings.HasPrefix(at, "\t"):
		return ": a tab indents: indent with blanks"
	case at != "" && strings.ContainsAny(at[:1], "@`%"):
		return ": put a text that begins with " + at[:1] + " in quotes"
	case strings.Contains(message, "did not find expected key") && strings.HasSuffix(strings.TrimRight(before, " "), "'"):
		return ": a text in '...' ends there: write '' for a ' in it"
	case strings.Contains(message, "did not find expected key") && strings.HasSuffix(strings.TrimRight(before, " "), `"`):
		return `: a text in "..." ends there: write \" for a " in it`
	case strings.Contains(line, ": {{"), strings.Contains(line, "- {{"):
		return ": put a text with {{ in it in quotes"
	case strings.Contains(line, "${") && strings.Contains(message, "',' or"):
		return ": in a list [...] or an object {...}, put ${...} in quotes"
	}
	for _, r := range remedies {
		if strings.Contains(message, r.message) {
			return ": " + r.remedy
		}
	}
	return ""
}

// cutAt cuts a line before a column, which is counted in characters from 1.
func cutAt(line string, column int) (before, at string) {
	characters := []rune(line)
	at = string(characters[min(max(column-1, 0), len(characters)):])
	return strings.TrimSuffix(line, at), at
}
