package document

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// expander puts what aliases and merge keys stand for in their places.
type expander struct {
	doc  *Document
	left int          // how many values may still be made
	open []*yaml.Node // what the aliases on the way refer to
}

// expand puts what the aliases and merge keys of the document stand for in their
// places. Values keep the places at which they are written.
func (doc *Document) expand() {
	e := expander{doc: doc, left: maxValues}
	doc.Root = e.value(doc.Root, nil)
	if e.left < 0 {
		doc.Whole("the aliases of the file stand for more than %d keys and values: let generate make what is many", maxValues)
		doc.Root = nil
		return
	}
	doc.checkSize()
}

// value returns a copy of a node with what its aliases stand for. The alias is the one
// that led to the node; nil if none did.
func (e *expander) value(node, alias *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return e.target(node, alias)
	}
	copied := *node
	if e.left--; e.left < 0 {
		return &copied
	}
	copied.Content = make([]*yaml.Node, len(node.Content))
	for i, inner := range node.Content {
		if inner.Kind == yaml.AliasNode && node.Kind == yaml.MappingNode && i%2 == 0 {
			copied.Content[i] = inner // an alias for a key, which checkNodes reports
			continue
		}
		copied.Content[i] = e.value(inner, alias)
	}
	if node.Kind == yaml.MappingNode {
		e.merge(&copied)
	}
	if alias != nil {
		e.doc.aliases[&copied] = alias
	}
	if written, ok := e.doc.written[node]; ok {
		e.doc.written[&copied] = written
	}
	return &copied
}

// target returns what an alias stands for.
func (e *expander) target(node, alias *yaml.Node) *yaml.Node {
	if slices.Contains(e.open, node.Alias) {
		e.doc.wrong(node, nil, fmt.Sprintf("the alias *%s stands in the value that it refers to", node.Value))
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: node.Line, Column: node.Column}
	}
	e.open = append(e.open, node.Alias)
	value := e.value(node.Alias, cmp.Or(alias, node))
	e.open = e.open[:len(e.open)-1]
	return value
}

// merge replaces the merge key of a mapping by the keys that the mapping lacks.
func (e *expander) merge(mapping *yaml.Node) {
	var own, sources []*yaml.Node
	has := map[string]bool{}
	for key, value := range nodes.Pairs(mapping) {
		switch {
		case key.ShortTag() != "!!merge":
			own = append(own, key, value)
			has[key.Value] = true
		case value.Kind == yaml.SequenceNode:
			sources = append(sources, value.Content...)
		default:
			sources = append(sources, value)
		}
	}
	for _, source := range sources {
		if source.Kind != yaml.MappingNode {
			e.doc.wrong(source, nil, "<<: want an object, or a list of objects, got "+e.doc.got(source))
			continue
		}
		for key, value := range nodes.Pairs(source) {
			if !has[key.Value] {
				own = append(own, key, value)
				has[key.Value] = true
			}
		}
	}
	mapping.Content = own
}
