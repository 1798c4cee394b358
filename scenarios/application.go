package scenarios

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

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
		if slices.Contains(furtherProperties(), name) {
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

// furtherProperties are the names of the properties that [Application.Properties]
// can have. The second name of the id follows from the first, and the summary
// from what is in the world.
var furtherProperties = sync.OnceValue(func() []string {
	own := []string{"id", "applicationId", "creationDate", "lastUpdated", "ownerId", "ownerType", "name", "description", "summary"}
	return slices.DeleteFunc(contract.AtNewest().Schema("application").Properties(), func(name string) bool {
		return slices.Contains(own, name)
	})
})

func (a *Application) set(name string, value any) {
	if a.Properties == nil {
		a.Properties = map[string]any{}
	}
	a.Properties[name] = value
}

// nodeOf returns a JSON value as YAML has it. JSON is YAML too, in the flow style.
func nodeOf(value any) (*yaml.Node, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	return document.Content[0], nil
}
