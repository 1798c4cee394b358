package scenarios

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// The limits of a file beside its bytes: how deep lists and mappings may stand in
// each other, of which a scenario needs about ten levels, how many keys and values
// there may be, and how many keys in one mapping, whose keys are compared with each
// other.
const (
	maxDepth  = 100
	maxValues = 500_000
	maxKeys   = 1_000
)

// checkSize refuses a document that takes long or much memory to check.
func (doc *document) checkSize() {
	values := 0
	deep := tooDeep(doc.root, maxDepth, &values)
	if deep != nil {
		doc.wrong(deep, nil, fmt.Sprintf("stands in more than %d lists and mappings: a scenario needs about 10 levels", maxDepth))
		return
	}
	switch wide := tooWide(doc.root); {
	case wide != nil:
		doc.wrong(wide, nil, fmt.Sprintf("the mapping has %d keys, and at most %d are read", len(wide.Content)/2, maxKeys))
	case values > maxValues:
		doc.whole("the file has %d keys and values, and at most %d are read: let generate make what is many", values, maxValues)
	}
}

// tooDeep counts the values in a node, and returns the first that stands deeper
// than a depth; nil if there is none.
func tooDeep(node *yaml.Node, depth int, values *int) *yaml.Node {
	*values++
	if depth == 0 {
		return node
	}
	for _, inner := range node.Content {
		if deep := tooDeep(inner, depth-1, values); deep != nil {
			return deep
		}
	}
	return nil
}

// tooWide returns the first mapping with too many keys; nil if there is none. It must
// not be called for a document that is too deep.
func tooWide(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.MappingNode && len(node.Content)/2 > maxKeys {
		return node
	}
	for _, inner := range node.Content {
		if wide := tooWide(inner); wide != nil {
			return wide
		}
	}
	return nil
}
