package nodes

import (
	"iter"
	"strconv"

	"gopkg.in/yaml.v3"
)

// Pairs returns the keys of a mapping with their values.
func Pairs(mapping *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(mapping.Content) && mapping.Kind == yaml.MappingNode; i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}

// Walk visits a node with all keys and values in it. The path is valid during the
// visit alone.
func Walk(node *yaml.Node, path []string, visit func(node *yaml.Node, path []string, isKey bool)) {
	visit(node, path, false)
	for key, value := range Pairs(node) {
		path = append(path, key.Value)
		visit(key, path, true)
		Walk(value, path, visit)
		path = path[:len(path)-1]
	}
	if node.Kind == yaml.SequenceNode {
		for i, value := range node.Content {
			Walk(value, append(path, strconv.Itoa(i)), visit)
		}
	}
}
