package scenarios

import (
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/document"
)

// Problem is one thing that is wrong in a scenario file. In JSON it has the members
// file, line, column, path and message.
type Problem struct {
	// File is the name of the file, as it was given.
	File string `json:"file"`
	// Line and Column are counted from 1; 0 when the problem is the whole
	// file's.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Path is the key, such as applications[0].webhooks[2].responseCode.
	Path string `json:"path"`
	// Reason is what is wrong there.
	Reason string `json:"message"`
}

// Error returns the problem with its place in front.
func (p Problem) Error() string {
	place := document.Problem{File: p.File, Line: p.Line, Column: p.Column}.Place()
	if p.Path == "" {
		return place + ": " + p.Reason
	}
	return place + ": " + p.Path + ": " + p.Reason
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

func top(doc *document.Document) cursor { return cursor{doc.Top()} }

// cursor is a place in a document, with what is checked there.
type cursor struct{ document.Cursor }

func (c cursor) get(key string) (cursor, bool) {
	value, ok := c.Get(key)
	return cursor{value}, ok
}

func (c cursor) at(path []string) cursor { return cursor{c.At(path)} }

func (c cursor) items(key string) []cursor {
	var items []cursor
	for _, item := range c.Items(key) {
		items = append(items, cursor{item})
	}
	return items
}
