// Package measure prepares decoded JSON values for the schema library, which counts
// the length of texts and the size of numbers in another way than the API does.
package measure

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Value returns a decoded JSON value as the API measures it. Its lengths count
// UTF-16 code units, and the schema library counts code points; so each
// character beyond the first plane is put as two. Numbers too large for a
// float64 arrive as infinite and are put as the largest one, so that they are
// merely too large.
func Value(value any) any {
	if measures(value) {
		return value
	}
	switch v := value.(type) {
	case string:
		return twoForAstral(v)
	case float64:
		return max(-math.MaxFloat64, min(v, math.MaxFloat64))
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, inner := range v {
			m[key] = Value(inner)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = Value(v[i])
		}
		return list
	default:
		return v
	}
}

// measures reports whether a value is as the API measures it already, as most
// are.
func measures(value any) bool {
	switch v := value.(type) {
	case string:
		for i := range len(v) {
			if v[i] >= firstAstralByte {
				return false
			}
		}
		return true
	case float64:
		return !math.IsInf(v, 0)
	case map[string]any:
		for _, inner := range v {
			if !measures(inner) {
				return false
			}
		}
		return true
	case []any:
		return !slices.ContainsFunc(v, func(inner any) bool { return !measures(inner) })
	default:
		return true
	}
}

// firstAstralByte begins the UTF-8 of characters beyond the first plane.
const firstAstralByte = 0xF0

func twoForAstral(s string) string {
	astral := func(r rune) bool { return r > 0xFFFF }
	if !strings.ContainsFunc(s, astral) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if astral(r) {
			b.WriteRune(utf8.RuneError)
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}
