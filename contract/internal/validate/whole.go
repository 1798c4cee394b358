package validate

import (
	"strconv"
	"strings"
)

// Whole holds a text against the bounds of a whole number, and returns the phrase for
// what is wrong with its detail; blank for nothing. It distinguishes a text that is no
// whole number from a number out of bounds. How the real API responds here is not public:
// the words are ours, in its grammar.
func Whole(text string, least, most int) (what, detail string) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return WrongType, "not a whole number"
	}
	n, err := strconv.Atoi(text)
	switch {
	case strings.HasPrefix(text, "-") && (err != nil || n < least), err == nil && n < least:
		return LessThanMinimum, strconv.Itoa(least)
	case err != nil || n > most:
		return MoreThanMaximum, strconv.Itoa(most)
	default:
		return "", ""
	}
}
