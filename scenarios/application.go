package scenarios

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"gopkg.in/yaml.v3"
)

// applicationFile is an application as a file has it: the entries of its list
// are webhooks, or generate them.
type applicationFile struct {
	fields  `yaml:",inline"`
	Further map[string]yaml.Node `yaml:",inline"`
	List    []entry              `yaml:"webhooks,omitempty"`
}

type fields Application

type entry struct {
	Webhook  `yaml:",inline"`
	Generate *Generate `yaml:"generate,omitempty"`
}

// UnmarshalYAML reads an application as a file has it.
func (a *Application) UnmarshalYAML(node *yaml.Node) error {
	var file applicationFile
	if err := node.Decode(&file); err != nil {
		return err
	}
	*a = Application(file.fields)
	for name, node := range file.Further {
		if isFurther(name) {
			a.set(name, inOrder(&node))
		}
	}
	for _, entry := range file.List {
		if entry.Generate != nil {
			a.Generate = append(a.Generate, *entry.Generate)
		} else {
			a.Webhooks = append(a.Webhooks, entry.Webhook)
		}
	}
	return nil
}

// MarshalYAML writes an application as a file has it.
func (a Application) MarshalYAML() (any, error) {
	file := applicationFile{fields: fields(a), Further: map[string]yaml.Node{}}
	for name, value := range a.Properties {
		node, err := nodeOf(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		file.Further[name] = *node
	}
	for _, hook := range a.Webhooks {
		file.List = append(file.List, entry{Webhook: hook})
	}
	for _, generate := range a.Generate {
		file.List = append(file.List, entry{Generate: &generate})
	}
	return file, nil
}

func (a *Application) set(name string, value any) {
	if a.Properties == nil {
		a.Properties = map[string]any{}
	}
	a.Properties[name] = value
}

// isFurther reports whether a key that is no field is a property that
// [Application.Properties] can have. The second name of the id follows from the first,
// and the summary from what is in the world.
func isFurther(name string) bool {
	known := contract.AtNewest().Schema("application").Properties()
	return slices.Contains(known, name) && name != "applicationId" && name != "summary"
}

// nodeOf returns a JSON value as YAML has it, in the flow style, with objects in the
// order of their keys. Its texts stand in double quotes: there, characters that YAML
// has no place for are escapes, and no text is taken for a number or a date.
func nodeOf(value any) (*yaml.Node, error) {
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
		node.Tag = plainTag(text)
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
