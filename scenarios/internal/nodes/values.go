package nodes

import "gopkg.in/yaml.v3"

// JSON returns the JSON value that a node stands for, with values of scalars.
func JSON(node *yaml.Node, scalar func(*yaml.Node) any) any {
	switch node.Kind {
	case yaml.MappingNode:
		object := make(map[string]any, len(node.Content)/2)
		for key, value := range Pairs(node) {
			object[key.Value] = JSON(value, scalar)
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, value := range node.Content {
			list[i] = JSON(value, scalar)
		}
		return list
	default:
		return scalar(node)
	}
}

// KeyOf returns a key of a mapping, or the mapping itself where it is not written.
func KeyOf(mapping *yaml.Node, name string) *yaml.Node {
	for key := range Pairs(mapping) {
		if key.Value == name {
			return key
		}
	}
	return mapping
}

// ValueOf returns the value of a key, or the mapping itself where the key is not
// written: a default has the place of what lacks it.
func ValueOf(mapping *yaml.Node, name string) *yaml.Node {
	for key, value := range Pairs(mapping) {
		if key.Value == name {
			return value
		}
	}
	return mapping
}
