package nodes

import (
	"math"
	"slices"

	"gopkg.in/yaml.v3"
)

// TooDeep counts the values in a node, and returns the first that stands deeper
// than a depth; nil if there is none. Values of the keys free may stand at any depth.
func TooDeep(node *yaml.Node, free []string, depth int, values *int) *yaml.Node {
	*values++
	if depth == 0 {
		return node
	}
	for i, inner := range node.Content {
		left := depth - 1
		if isValueOf(node, i, free) {
			left = math.MaxInt
		}
		if deep := TooDeep(inner, free, left, values); deep != nil {
			return deep
		}
	}
	return nil
}

// isValueOf reports whether a part of a node is the value of one of some keys.
func isValueOf(node *yaml.Node, part int, keys []string) bool {
	return node.Kind == yaml.MappingNode && part%2 == 1 && slices.Contains(keys, node.Content[part-1].Value)
}

// TooWide returns the first mapping with more keys than most; nil if there is none.
// Values of the keys free may have any. It must not be called for a node that is too
// deep.
func TooWide(node *yaml.Node, free []string, most int) *yaml.Node {
	if node.Kind == yaml.MappingNode && len(node.Content)/2 > most {
		return node
	}
	for i, inner := range node.Content {
		if isValueOf(node, i, free) {
			continue
		}
		if wide := TooWide(inner, free, most); wide != nil {
			return wide
		}
	}
	return nil
}
