package nodes

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"gopkg.in/yaml.v3"
)

// InOrder returns the JSON value that a node stands for. A list or an object is a
// json.RawMessage, which has the order of keys that the file has.
func InOrder(node *yaml.Node) any {
	if node.Kind == yaml.MappingNode || node.Kind == yaml.SequenceNode {
		return json.RawMessage(appendNode(nil, node))
	}
	return Scalar(node)
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
		return appendScalar(b, Scalar(node))
	}
}

// appendScalar appends a text, a number, a boolean or null as JSON.
func appendScalar(b []byte, value any) []byte {
	if number, ok := value.(float64); ok && math.IsInf(number, 0) {
		value = json.RawMessage(strings.Replace(fmt.Sprint(number), "Inf", "1e999", 1)) // "+1e999" is no JSON
	}
	text, _ := json.Marshal(value)
	return append(b, text...)
}

// Scalar returns the JSON value of a scalar. Times are text, as in JSON, and so is
// .nan. A number may be infinite: so is one that is too large for a float64.
func Scalar(node *yaml.Node) any {
	var truth bool
	var number float64
	switch node.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		if node.Decode(&truth) == nil {
			return truth
		}
	case "!!int", "!!float":
		if node.Decode(&number) == nil && !math.IsNaN(number) {
			return number
		}
	}
	return strings.Clone(node.Value)
}
