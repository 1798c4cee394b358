package scenarios

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong in a scenario file.
type Problem struct {
	// File is the name of the file, as it was given.
	File string
	// Line and Column are counted from 1; 0 when the problem is the whole
	// file's.
	Line   int
	Column int
	// Path is the key, such as applications[0].webhooks[2].responseCode.
	Path string
	// Reason is what is wrong there.
	Reason string
}

// Error returns the problem with its place in front.
func (p Problem) Error() string {
	if p.Path == "" {
		return p.place() + ": " + p.Reason
	}
	return p.place() + ": " + p.Path + ": " + p.Reason
}

// place returns file:line:column, as editors read it.
func (p Problem) place() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Problems is everything that is wrong with the files of a scenario, in the
// order of the files and of their lines.
type Problems []Problem

// Error returns the problems, each on a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Error()
	}
	return strings.Join(lines, "\n")
}
