package document

import (
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// Cursor is a place in a document: a node and the path that leads to it.
type Cursor struct {
	Doc  *Document
	Node *yaml.Node
	Path []string
}

// Top returns the place of the whole document.
func (doc *Document) Top() Cursor { return Cursor{Doc: doc, Node: doc.Root} }

// Get returns the value of a key, and whether the key is written.
func (c Cursor) Get(key string) (Cursor, bool) {
	value := nodes.ValueOf(c.Node, key)
	return c.to(value, key), c.Node.Kind == yaml.MappingNode && value != c.Node
}

// Items returns the entries of the list under a key; none where there is no
// list.
func (c Cursor) Items(key string) []Cursor {
	list, ok := c.Get(key)
	if !ok || list.Node.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]Cursor, len(list.Node.Content))
	for i, node := range list.Node.Content {
		items[i] = list.to(node, strconv.Itoa(i))
	}
	return items
}

// Text returns the text under a key; blank where the key is not written.
func (c Cursor) Text(key string) string {
	if value, ok := c.Get(key); ok && value.Node.Kind == yaml.ScalarNode {
		return value.Node.Value
	}
	return ""
}

// Number returns the whole number under a key; 0 where there is none.
func (c Cursor) Number(key string) (n int) {
	if value, ok := c.Get(key); ok {
		_ = value.Node.Decode(&n) // the schema reports what is no number
	}
	return n
}

// Has reports whether a key is written.
func (c Cursor) Has(key string) bool {
	_, ok := c.Get(key)
	return ok
}

func (c Cursor) to(node *yaml.Node, step string) Cursor {
	return Cursor{c.Doc, node, append(slices.Clip(c.Path), step)}
}

// Quoted returns the value as messages show it.
func (c Cursor) Quoted() string { return strconv.Quote(c.Doc.Shown(c.Node)) }

// Because returns the end of a message with the reason of an error that may quote the
// value. It is blank for a value with variables, which messages do not show.
func (c Cursor) Because(err error) string {
	if c.Doc.HasVariables(c.Node) {
		return ""
	}
	return ": " + strings.TrimPrefix(err.Error(), "template: ")
}

// Wrong adds a problem of the value.
func (c Cursor) Wrong(reason string) { c.Doc.wrong(c.Node, c.Path, reason) }

// WrongKey adds a problem of a key rather than of its value.
func (c Cursor) WrongKey(key, reason string) {
	c.Doc.wrong(nodes.KeyOf(c.Node, key), append(slices.Clip(c.Path), key), reason)
}

// Needs reports a key that has no effect without one of others.
func (c Cursor) Needs(key string, others ...string) {
	if c.Has(key) && !slices.ContainsFunc(others, c.Has) {
		c.WrongKey(key, "has no effect without "+strings.Join(others, " or "))
	}
}

// Excludes reports a key that has no effect beside one of others.
func (c Cursor) Excludes(key string, others ...string) {
	if i := slices.IndexFunc(others, c.Has); i >= 0 && c.Has(key) {
		c.WrongKey(key, "can't be used with "+others[i])
	}
}

// Place returns the place of the cursor, as problems have it.
func (c Cursor) Place() string {
	return Problem{File: c.Doc.file, Line: c.Node.Line, Column: c.Node.Column}.Place()
}

// At returns the place that a path of keys and indexes leads to.
func (c Cursor) At(path []string) Cursor {
	for _, step := range path {
		node := nodes.ValueOf(c.Node, step)
		if c.Node.Kind == yaml.SequenceNode {
			i, _ := strconv.Atoi(step)
			node = c.Node.Content[i]
		}
		c = c.to(node, step)
	}
	return c
}
