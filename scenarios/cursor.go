package scenarios

import (
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"
)

// cursor is a place in a document: a node and the path that leads to it.
type cursor struct {
	doc  *document
	node *yaml.Node
	path []string
}

func (doc *document) top() cursor { return cursor{doc: doc, node: doc.root} }

// get returns the value of a key, and whether the key is written.
func (c cursor) get(key string) (cursor, bool) {
	value := valueOf(c.node, key)
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

func (c cursor) wrong(reason string) { c.doc.wrong(c.node, c.path, reason) }

// wrongKey adds a problem of a key rather than of its value.
func (c cursor) wrongKey(key, reason string) {
	c.doc.wrong(keyOf(c.node, key), append(slices.Clip(c.path), key), reason)
}
