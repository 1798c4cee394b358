package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
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

// cursor is a place in a document: a node and the path that leads to it.
type cursor struct {
	doc  *document
	node *yaml.Node
	path []string
}

func (doc *document) top() cursor { return cursor{doc: doc, node: doc.root} }

// get returns the value of a key, and whether the key is written.
func (c cursor) get(key string) (cursor, bool) {
	value := nodes.ValueOf(c.node, key)
	return c.to(value, key), c.node.Kind == yaml.MappingNode && value != c.node
}

// items returns the entries of the list under a key; none where there is no
// list.
func (c cursor) items(key string) []cursor {
	list, ok := c.get(key)
	if !ok || list.node.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]cursor, len(list.node.Content))
	for i, node := range list.node.Content {
		items[i] = list.to(node, strconv.Itoa(i))
	}
	return items
}

// text returns the text under a key; blank where the key is not written.
func (c cursor) text(key string) string {
	if value, ok := c.get(key); ok && value.node.Kind == yaml.ScalarNode {
		return value.node.Value
	}
	return ""
}

func (c cursor) to(node *yaml.Node, step string) cursor {
	return cursor{c.doc, node, append(slices.Clip(c.path), step)}
}

// quoted returns the value as messages show it.
func (c cursor) quoted() string { return strconv.Quote(c.doc.shown(c.node)) }

// because returns the end of a message with the reason of an error that may quote the
// value. It is blank for a value with variables, which messages do not show.
func (c cursor) because(err error) string {
	if _, ok := c.doc.written[c.node]; ok {
		return ""
	}
	return ": " + strings.TrimPrefix(err.Error(), "template: ")
}

func (c cursor) wrong(reason string) { c.doc.wrong(c.node, c.path, reason) }

// wrongKey adds a problem of a key rather than of its value.
func (c cursor) wrongKey(key, reason string) {
	c.doc.wrong(nodes.KeyOf(c.node, key), append(slices.Clip(c.path), key), reason)
}
