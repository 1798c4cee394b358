package scenarios

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// The limits of a file beside its bytes: how deep lists and mappings may stand in
// each other, of which a scenario needs about ten levels, and how many keys and
// values there may be.
const (
	maxDepth  = 100
	maxValues = 500_000
)

// checkSize refuses a document that takes long or much memory to check.
func (doc *document) checkSize() {
	values := 0
	deep := tooDeep(doc.root, maxDepth, &values)
	switch {
	case deep != nil:
		doc.wrong(deep, nil, fmt.Sprintf("stands in more than %d lists and mappings: a scenario needs about 10 levels", maxDepth))
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
