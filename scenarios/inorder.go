package scenarios

import (
	"encoding/json"
	"strings"

	"gopkg.in/yaml.v3"
)

// inOrder returns the JSON value that a node stands for. A list or an object is a
// json.RawMessage, which has the order of keys that the file has.
func inOrder(node *yaml.Node) any {
	if node.Kind == yaml.MappingNode || node.Kind == yaml.SequenceNode {
		return json.RawMessage(appendNode(nil, node))
	}
	return valueWith(node, strings.Clone)
}

func appendNode(b []byte, node *yaml.Node) []byte {
	switch node.Kind {
	case yaml.MappingNode:
		b = append(b, '{')
		for i := 0; i < len(node.Content); i += 2 {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendScalar(b, node.Content[i].Value), ':')
			b = appendNode(b, node.Content[i+1])
		}
		return append(b, '}')
	case yaml.SequenceNode:
		b = append(b, '[')
		for i, item := range node.Content {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendNode(b, item)
		}
		return append(b, ']')
	default:
		return appendScalar(b, valueWith(node, strings.Clone))
	}
}

// appendScalar appends a text, a finite number, a boolean or null as JSON.
func appendScalar(b []byte, value any) []byte {
	text, _ := json.Marshal(value)
	return append(b, text...)
}
