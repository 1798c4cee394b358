// Package nodes turns JSON values into nodes of YAML, and nodes into JSON values.
package nodes

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Of returns a JSON value as YAML has it, in the flow style, with objects in the
// order of their keys. Its texts stand in double quotes: there, characters that YAML
// has no place for are escapes, and no text is taken for a number or a date.
func Of(value any) (*yaml.Node, error) {
	if number, ok := value.(float64); ok {
		return scalar(numberText(number), 0), nil // also an infinite one, which JSON has no text for
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return nextNode(d), nil
}

// nextNode returns the next value of a decoder, whose text is valid.
func nextNode(d *json.Decoder) *yaml.Node {
	token, _ := d.Token()
	switch token := token.(type) {
	case json.Delim:
		node := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		if token == '{' {
			node.Kind = yaml.MappingNode
		}
		for d.More() { // in an object keys and values take turns, as in a node
			node.Content = append(node.Content, nextNode(d))
		}
		_, _ = d.Token() // the end
		return node
	case json.Number:
		number, _ := token.Float64() // infinite where it is too large
		return scalar(numberText(number), 0)
	case string:
		return scalar(token, yaml.DoubleQuotedStyle)
	default:
		return scalar(fmt.Sprint(cmp.Or(token, any("null"))), 0)
	}
}

func scalar(text string, style yaml.Style) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: text, Style: style, Tag: "!!str"}
	if style == 0 {
		node.Tag = PlainTag(text)
	}
	return node
}

// numberText writes a number without an exponent, which YAML 1.1 reads as text.
func numberText(number float64) string {
	if math.IsInf(number, 0) { // what JSON has for a number that is too large
		return strings.Replace(fmt.Sprintf("%.f", number), "Inf", ".inf", 1)
	}
	return strconv.FormatFloat(number, 'f', -1, 64)
}

// PlainTag returns the tag of a plain scalar.
func PlainTag(text string) string {
	var root yaml.Node
	if yaml.Unmarshal([]byte(text), &root) == nil && len(root.Content) == 1 {
		if node := root.Content[0]; node.Kind == yaml.ScalarNode && node.Style == 0 && node.Value == text {
			return node.ShortTag()
		}
	}
	return "!!str"
}
