package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
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
			a.set(name, nodes.InOrder(&node))
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
		if isField(name) {
			return nil, fmt.Errorf("application %q: Properties has %q, which has a field of its own", a.Name, name)
		}
		node, err := nodes.Of(value)
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

// isField reports whether a key of an application in a file has a field of its own.
func isField(key string) bool {
	for field := range reflect.TypeFor[Application]().Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); name == key {
			return true
		}
	}
	return key == "webhooks"
}
