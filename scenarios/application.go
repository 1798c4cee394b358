package scenarios

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"go.yaml.in/yaml/v4"
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
			a.set(name, jsonOf(&node, scalarOf))
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

// nodeOf returns a JSON value as YAML has it, in the flow style. Its texts stand in
// double quotes: there, characters that YAML has no place for are escapes, and no
// text is taken for a number or a date.
func nodeOf(value any) (*yaml.Node, error) {
	switch value := value.(type) {
	case nil:
		return scalar("null", 0), nil
	case bool:
		return scalar(strconv.FormatBool(value), 0), nil
	case float64:
		return scalar(numberText(value), 0), nil
	case string:
		return scalar(value, yaml.DoubleQuotedStyle), nil
	case []any:
		return listOf(value)
	case map[string]any:
		return objectOf(value)
	default:
		return nodeOfOther(value)
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

func listOf(values []any) (*yaml.Node, error) {
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, value := range values {
		node, err := nodeOf(value)
		if err != nil {
			return nil, err
		}
		list.Content = append(list.Content, node)
	}
	return list, nil
}

func objectOf(members map[string]any) (*yaml.Node, error) {
	object := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		node, err := nodeOf(members[name])
		if err != nil {
			return nil, err
		}
		object.Content = append(object.Content, scalar(name, yaml.DoubleQuotedStyle), node)
	}
	return object, nil
}

// nodeOfOther returns a value of another type of Go by its JSON.
func nodeOfOther(value any) (*yaml.Node, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var decoded any
	if err := json.Unmarshal(text, &decoded); err != nil {
		return nil, err
	}
	return nodeOf(decoded)
}
