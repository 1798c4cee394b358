package matcher

import (
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
