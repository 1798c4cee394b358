package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"gopkg.in/yaml.v3"
)

// MaxFileSize is the largest scenario file that is read, in bytes.
const MaxFileSize = 4 << 20

// document is a scenario file on its way in, with what is wrong so far.
type document struct {
	file     string
	root     *yaml.Node
	problems Problems
	more     int             // problems beyond maxProblems
	reported map[[2]int]bool // by line and column
}

// parse reads one file. The name is what problems call it. What can be
// understood is checked even where other parts are wrong, so that all problems
// are reported at once; the scenario is nil only for a file that is not YAML.
func parse(name string, data []byte) (*Scenario, *document) {
	doc := &document{file: name, reported: map[[2]int]bool{}}
	if doc.read(data); len(doc.problems) > 0 {
		return nil, doc
	}
	doc.checkNodes(doc.root, nil)
	doc.checkSchema()
	doc.checkMeaning()
	scenario := new(Scenario)
	if err := doc.root.Decode(scenario); err != nil && len(doc.problems) == 0 {
		doc.wrong(doc.root, nil, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return scenario, doc
}

// read parses the text: one document, of a size that is safe to parse.
func (doc *document) read(data []byte) {
	if len(data) > MaxFileSize {
		doc.whole("the file has %d bytes, and at most %d are read: let generate make what is many", len(data), MaxFileSize)
		return
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var root yaml.Node
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		doc.whole("the file is empty: an empty world is written {}")
		return
	case err != nil:
		doc.syntax(err)
		return
	}
	doc.root = root.Content[0]
	if doc.checkSize(); len(doc.problems) > 0 {
		return
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		doc.syntax(err)
	default:
		doc.wrong(&second, nil, "a second document: put each scenario into a file of its own")
	}
}

func (doc *document) whole(format string, args ...any) {
	doc.problems = append(doc.problems, Problem{File: doc.file, Reason: fmt.Sprintf(format, args...)})
}

var lineInError = regexp.MustCompile(`^yaml: line (\d+): `)

func (doc *document) syntax(err error) {
	problem := Problem{File: doc.file, Reason: "not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := lineInError.FindStringSubmatch(err.Error()); m != nil {
		problem.Line, _ = strconv.Atoi(m[1])
		problem.Column = 1
		problem.Reason = "not YAML: " + strings.TrimPrefix(err.Error(), m[0])
	}
	doc.problems = append(doc.problems, problem)
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
	doc.problems = append(doc.problems, Problem{
		File: doc.file, Line: at.Line, Column: at.Column, Path: pathText(path), Reason: reason,
	})
}

// checkNodes refuses what YAML allows and a scenario has no use for: keys
// given twice, keys that are no text, tags of one's own, and aliases, through
// which a few bytes can stand for millions of values.
func (doc *document) checkNodes(node *yaml.Node, path []string) {
	switch {
	case node.Kind == yaml.AliasNode:
		doc.wrong(node, path, "aliases are not read: write the value out, or let generate make what is many")
		return
	case node.Anchor != "":
		doc.wrong(node, path, "anchors are not read: write the value out, or let generate make what is many")
	}
	switch node.Kind {
	case yaml.MappingNode:
		seen := map[string]bool{}
		for i := 0; i < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			inner := append(slices.Clone(path), key.Value)
			switch {
			case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str":
				doc.wrong(key, path, "a key must be text")
			case seen[key.Value]:
				doc.wrong(key, inner, "is given twice")
			default:
				seen[key.Value] = true
				doc.checkNodes(value, inner)
			}
		}
	case yaml.SequenceNode:
		for i, value := range node.Content {
			doc.checkNodes(value, append(slices.Clone(path), strconv.Itoa(i)))
		}
	case yaml.ScalarNode:
		if !slices.Contains([]string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"}, node.ShortTag()) {
			doc.wrong(node, path, "the tag "+node.Tag+" is not read")
		}
	}
}

func (doc *document) checkSchema() {
	found, err := violationsOf(value(doc.root))
	if err != nil {
		doc.whole("%v", err)
	}
	for _, v := range found {
		at, path := doc.find(v.Path)
		switch v.What {
		case "is required":
			doc.wrong(at, append(path, v.Detail), "is required")
		case "has additional properties":
			doc.wrong(keyOf(at, v.Detail), append(path, v.Detail), "is not a known key")
		default:
			doc.wrong(at, path, describe(at, v))
		}
	}
}

// describe returns a violation with the value, the limit and, where there is a
// usual one, the remedy.
func describe(at *yaml.Node, v contract.Violation) string {
	reason := v.What
	if v.Detail != "" {
		reason += " (" + v.Detail + ")"
	}
	if at.Kind == yaml.ScalarNode {
		text := []rune(at.Value)
		if len(text) > 40 {
			text = append(text[:40], '…')
		}
		reason = strconv.Quote(string(text)) + " " + reason
		if at.Tag == "!!int" || at.Tag == "!!float" {
			reason = strings.Replace(reason, `"`, "", 2)
		}
	}
	if v.What == "is the wrong type" && v.Detail == "string" && at.Kind == yaml.ScalarNode && at.Tag != "!!null" {
		reason += ": put it in quotes"
	}
	return reason
}

// value returns the JSON value that a node stands for. Times are text, as in
// JSON, and so are numbers that JSON does not have (.nan, .inf).
func value(node *yaml.Node) any { return valueWith(node, measured) }

func valueWith(node *yaml.Node, text func(string) string) any {
	switch node.Kind {
	case yaml.AliasNode:
		return nil // refused by checkNodes
	case yaml.MappingNode:
		m := make(map[string]any, len(node.Content)/2)
		for i := 0; i < len(node.Content); i += 2 {
			m[node.Content[i].Value] = valueWith(node.Content[i+1], text)
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i := range node.Content {
			list[i] = valueWith(node.Content[i], text)
		}
		return list
	}
	switch node.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if node.Decode(&b) == nil {
			return b
		}
	case "!!int", "!!float":
		var f float64
		if node.Decode(&f) == nil && f-f == 0 { // neither infinite nor NaN
			return f
		}
	}
	return text(node.Value)
}

// find follows a path of keys and indexes to its node.
func (doc *document) find(path []string) (*yaml.Node, []string) {
	node := doc.root
	for _, step := range path {
		if node.Kind == yaml.SequenceNode {
			i, _ := strconv.Atoi(step)
			node = node.Content[i]
			continue
		}
		node = valueOf(node, step)
	}
	return node, slices.Clone(path)
}

func keyOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i]
		}
	}
	return mapping
}

// valueOf returns the value of a key, or the mapping itself where the key is not
// written: a default has the place of what lacks it.
func valueOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return mapping
}

// pathText writes a path as applications[0].webhooks[2].name.
func pathText(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			b.WriteString("[" + step + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}
