// Package nearest suggests known names for one that is not known.
package nearest

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Name returns the known name that is most like a word, in any case. It returns a
// blank text where none is similar.
func Name(word string, known []string) string {
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
	if nearest := Name(name, known); nearest != "" {
		return fmt.Sprintf(": did you mean %q?", nearest)
	}
	return ""
}
