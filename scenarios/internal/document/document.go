// Package document reads a scenario file: YAML whose variables and aliases were
// replaced, held against a JSON Schema. Each problem has its place in the file.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/mistake"
	"gopkg.in/yaml.v3"
)

// MaxSize is the largest scenario file that is read, in bytes.
const MaxSize = 4 << 20

// Document is a scenario file on its way in, with what is wrong so far.
type Document struct {
	Root      *yaml.Node // nil if the file can't be read, is not YAML, or too large
	file      string
	schema    *Schema
	variables Variables
	written   map[*yaml.Node]string     // what the file has for a value with variables
	aliases   map[*yaml.Node]*yaml.Node // the alias that led to a value
	problems  []Problem
	more      int             // problems beyond MaxProblems
	reported  map[[2]int]bool // by line and column
}

// Parse reads the text of a file, and holds it against a schema unless it is known to
// be sound: compiling the schema takes most of a start. What can be
// understood is checked even where other parts are wrong, so that all problems are
// reported at once.
func Parse(file string, text []byte, schema *Schema, sound bool, values Variables) *Document {
	doc := &Document{
		file: file, schema: schema, variables: values, reported: map[[2]int]bool{},
		written: map[*yaml.Node]string{}, aliases: map[*yaml.Node]*yaml.Node{},
	}
	doc.read(text)
	if doc.Root == nil {
		return doc
	}
	doc.checkNodes()
	doc.replaceVariables()
	doc.expand()
	if doc.Root == nil {
		return doc
	}
	doc.checkReadings()
	if !sound {
		doc.checkSchema()
	}
	return doc
}

// Unreadable returns the document of a file that can't be read.
func Unreadable(file string, err error) *Document {
	doc := &Document{file: file}
	doc.Whole("%s", err)
	return doc
}

// Sound reports whether nothing is wrong so far.
func (doc *Document) Sound() bool { return len(doc.problems) == 0 }

// Decode decodes the document into a Go value, and reports whether it can be.
func (doc *Document) Decode(into any) bool {
	err := doc.Root.Decode(into)
	if err != nil {
		doc.wrong(doc.Root, nil, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return err == nil
}

// Problems returns what is wrong, in the order of the lines.
func (doc *Document) Problems() []Problem {
	slices.SortStableFunc(doc.problems, func(a, b Problem) int {
		return slices.Compare([]int{a.Line, a.Column}, []int{b.Line, b.Column})
	})
	if doc.more > 0 {
		doc.Whole("and %d more problems", doc.more)
		doc.more = 0
	}
	return doc.problems
}

// read parses the text: one document, of a size that is safe to check.
func (doc *Document) read(text []byte) {
	if len(text) > MaxSize {
		doc.Whole("the file has %d bytes, and at most %d are read: let generate make what is many", len(text), MaxSize)
		return
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var root, second yaml.Node
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		doc.Whole("the file is empty: an empty world is written {}")
		return
	case err != nil:
		doc.syntax(err, text)
		return
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
		doc.Root = root.Content[0]
		doc.checkSize()
	case err != nil:
		doc.syntax(err, text)
	default:
		doc.wrong(&second, nil, "a second document: put each scenario into a file of its own")
	}
}

// syntax reports text that is not YAML.
func (doc *Document) syntax(err error, text []byte) {
	line, column, reason := mistake.Locate(text, err)
	doc.problems = append(doc.problems, Problem{File: doc.file, Line: line, Column: column, Reason: "not YAML: " + reason})
}

// Whole adds a problem of the whole file.
func (doc *Document) Whole(format string, args ...any) {
	doc.problems = append(doc.problems, Problem{File: doc.file, Reason: fmt.Sprintf(format, args...)})
}

// MaxProblems is how many problems of a file are reported. Further ones are counted.
const MaxProblems = 100

// wrong adds a problem, one for each place: a second reason there would only
// repeat the first in other words.
func (doc *Document) wrong(at *yaml.Node, path []string, reason string) {
	place := [2]int{at.Line, at.Column}
	if doc.reported[place] {
		return
	}
	doc.reported[place] = true
	if len(doc.problems) == MaxProblems {
		doc.more++
		return
	}
	if alias := doc.aliases[at]; alias != nil {
		reason += fmt.Sprintf(" (by the alias *%s at %s)", alias.Value, Problem{File: doc.file, Line: alias.Line, Column: alias.Column}.Place())
	}
	doc.problems = append(doc.problems, Problem{
		File: doc.file, Line: at.Line, Column: at.Column, Path: pathText(path), Reason: reason,
	})
}
