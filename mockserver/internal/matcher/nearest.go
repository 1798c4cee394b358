package matcher

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the known name that is most like a word, in any case, for an
// error that suggests it. It returns a blank text where none is similar.
func Nearest(word string, known []string) string {
	nearest := ""
	limit := max(2, len(word)/3) + 1
	for _, name := range known {
		if far := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(name)); far < limit {
			nearest, limit = name, far
		}
	}
	return nearest
}

// DidYouMean returns the end of a sentence about a name that is not known, which
// suggests the known name that is most like it; a blank text if none is similar.
func DidYouMean(name string, known []string) string {
	if nearest := Nearest(name, known); nearest != "" {
		return fmt.Sprintf(": did you mean %q?", nearest)
	}
	return ""
}
