// Package collation knows the ways in which names may be sorted.
package collation

import (
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Sorted reports whether names are sorted in one of the usual ways: by code point,
// by UTF-16 code unit, whatever the case of their letters, or as people sort them
// in most languages, with digits as such or as numbers.
func Sorted(names []string) bool {
	return slices.ContainsFunc([]func(a, b string) int{
		strings.Compare,
		func(a, b string) int { return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b))) },
		func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) },
		collate.New(language.Und).CompareString,
		collate.New(language.Und, collate.IgnoreCase).CompareString,
		collate.New(language.Und, collate.Numeric).CompareString,
	}, func(order func(a, b string) int) bool { return slices.IsSortedFunc(names, order) })
}
