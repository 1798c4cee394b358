package scenarios

import (
	"fmt"
	"math"

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

// anyJSON is the key of what the API takes as any JSON: it may be as deep and as wide
// as the bytes and the values of the file allow.
const anyJSON = "repo"

// checkSize refuses a document that takes long or much memory to check: its root is
// nil then.
func (doc *document) checkSize() {
	root, values := doc.root, 0
	doc.root = nil
	if deep := tooDeep(root, maxDepth, &values); deep != nil {
		doc.wrong(deep, nil, fmt.Sprintf("stands in more than %d lists and mappings: a scenario needs about 10 levels", maxDepth))
	} else if wide := tooWide(root); wide != nil {
		doc.wrong(wide, nil, fmt.Sprintf("the mapping has %d keys, and at most %d are read", len(wide.Content)/2, maxKeys))
	} else if values > maxValues {
		doc.whole("the file has %d keys and values, and at most %d are read: let generate make what is many", values, maxValues)
	} else {
		doc.root = root
	}
}

// tooDeep counts the values in a node, and returns the first that stands deeper
// than a depth; nil if there is none.
func tooDeep(node *yaml.Node, depth int, values *int) *yaml.Node {
	*values++
	if depth == 0 {
		return node
	}
	for i, inner := range node.Content {
		left := depth - 1
		if isAnyJSON(node, i) {
			left = math.MaxInt
		}
		if deep := tooDeep(inner, left, values); deep != nil {
			return deep
		}
	}
	return nil
}

// isAnyJSON reports whether a part of a node is the value of anyJSON.
func isAnyJSON(node *yaml.Node, part int) bool {
	return node.Kind == yaml.MappingNode && part%2 == 1 && node.Content[part-1].Value == anyJSON
}

// tooWide returns the first mapping with too many keys; nil if there is none. It must
// not be called for a document that is too deep.
func tooWide(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.MappingNode && len(node.Content)/2 > maxKeys {
		return node
	}
	for i, inner := range node.Content {
		if isAnyJSON(node, i) {
			continue
		}
		if wide := tooWide(inner); wide != nil {
			return wide
		}
	}
	return nil
}
