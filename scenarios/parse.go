package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/mistake"
	"gopkg.in/yaml.v3"
)

// MaxFileSize is the largest scenario file that is read, in bytes.
const MaxFileSize = 4 << 20

// document is a scenario file on its way in, with what is wrong so far.
type document struct {
	file      string
	root      *yaml.Node // nil if the file is not YAML, or too large
	variables variables
	written   map[*yaml.Node]string     // what the file has for a value with variables
	aliases   map[*yaml.Node]*yaml.Node // the alias that led to a value
	problems  Problems
	more      int             // problems beyond maxProblems
	reported  map[[2]int]bool // by line and column
}

// parse reads one file. What can be understood is checked even where other parts
// are wrong, so that all problems are reported at once. The scenario is nil if
// there are any.
func parse(source Source, values variables) (*Scenario, *document) {
	doc := &document{
		file: source.Name, variables: values, reported: map[[2]int]bool{},
		written: map[*yaml.Node]string{}, aliases: map[*yaml.Node]*yaml.Node{},
	}
	doc.read(source.Text)
	if doc.root == nil {
		return nil, doc
	}
	doc.checkNodes()
	doc.replaceVariables()
	doc.expand()
	if doc.root == nil {
		return nil, doc
	}
	doc.checkReadings()
	doc.checkSchema()
	doc.checkMeaning()
	if len(doc.problems) > 0 {
		return nil, doc
	}
	scenario := new(Scenario)
	if err := doc.root.Decode(scenario); err != nil {
		doc.wrong(doc.root, nil, strings.TrimPrefix(err.Error(), "yaml: "))
		return nil, doc
	}
	return scenario, doc
}

// read parses the text: one document, of a size that is safe to check.
func (doc *document) read(text []byte) {
	if len(text) > MaxFileSize {
		doc.whole("the file has %d bytes, and at most %d are read: let generate make what is many", len(text), MaxFileSize)
		return
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var root, second yaml.Node
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		doc.whole("the file is empty: an empty world is written {}")
		return
	case err != nil:
		doc.syntax(err, text)
		return
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
		doc.root = root.Content[0]
		doc.checkSize()
	case err != nil:
		doc.syntax(err, text)
	default:
		doc.wrong(&second, nil, "a second document: put each scenario into a file of its own")
	}
}

// syntax reports text that is not YAML.
func (doc *document) syntax(err error, text []byte) {
	line, column, reason := mistake.Locate(text, err)
	doc.problems = append(doc.problems, Problem{File: doc.file, Line: line, Column: column, Reason: "not YAML: " + reason})
}

func (doc *document) whole(format string, args ...any) {
	doc.problems = append(doc.problems, Problem{File: doc.file, Reason: fmt.Sprintf(format, args...)})
}

// maxProblems is how many problems of a file are reported. Further ones are counted.
const maxProblems = 100

// wrong adds a problem, one for each place: a second reason there would only
// repeat the first in other words.
func (doc *document) wrong(at *yaml.Node, path []string, reason string) {
	place := [2]int{at.Line, at.Column}
	if doc.reported[place] {
		return
	}
	doc.reported[place] = true
	if len(doc.problems) == maxProblems {
		doc.more++
		return
	}
	if alias := doc.aliases[at]; alias != nil {
		reason += fmt.Sprintf(" (by the alias *%s at %s)", alias.Value, Problem{File: doc.file, Line: alias.Line, Column: alias.Column}.place())
	}
	doc.problems = append(doc.problems, Problem{
		File: doc.file, Line: at.Line, Column: at.Column, Path: pathText(path), Reason: reason,
	})
}
