package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/visible"
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
		lines = append(lines, visible.Text(place{problem.File, problem.Pointer}.String()+": "+problem.Reason))
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

// mostPointer and mostText are how many characters messages show of a pointer, and of a
// text of the definition.
const (
	mostPointer = 300
	mostText    = 80
)

// String returns the place as problems have it.
func (p place) String() string {
	if p.pointer == "" {
		return p.file
	}
	return p.file + ": " + shortened(p.pointer, mostPointer)
}

// shortened returns a text without its middle where it has more characters than that.
func shortened(text string, most int) string {
	characters := []rune(text)
	if len(characters) <= most {
		return text
	}
	half := most / 2
	return string(characters[:half]) + "…" + string(characters[len(characters)-half:])
}

// at returns the place of a member or an item inside.
func (p place) at(key string) place {
	key = strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
	return place{p.file, p.pointer + "/" + key}
}
