package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one reason why a definition can't be used.
type Problem struct {
	File    string // blank for none
	Pointer string // to the place in the file; blank for all of it
	Reason  string
}

// Problems are all reasons why a definition can't be used, in the order of their
// places.
type Problems []Problem

// mostShown is how many problems are printed.
const mostShown = 20

// Error returns the problems, a line for each.
func (p Problems) Error() string {
	var lines []string
	for _, problem := range p[:min(len(p), mostShown)] {
		line := problem.File
		if problem.Pointer != "" {
			line += ": " + problem.Pointer
		}
		lines = append(lines, strings.TrimPrefix(line+": "+problem.Reason, ": "))
	}
	if more := len(p) - mostShown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more problems", more))
	}
	return strings.Join(lines, "\n")
}

// sorted returns the problems in the order of their places, or nil for none.
func (p Problems) sorted() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Pointer, b.Pointer))
	})
	return slices.Compact(p)
}

// place is a place in a file.
type place struct{ file, pointer string }

// at returns the place of a member or an item inside.
func (p place) at(key string) place {
	key = strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
	return place{p.file, p.pointer + "/" + key}
}
