package contract

import (
	"fmt"
	"slices"

	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// addNewer adds to the table what the definition says of its operations and schemas and
// the table does not know yet: parameters, values of enums, and properties.
func (d *Definition) addNewer(a *API) {
	for _, defined := range d.document.Resources {
		resource := a.Resource(defined.Name)
		if resource == nil {
			continue
		}
		for _, action := range defined.Actions {
			for _, op := range resource.Actions {
				if op.Action == action.Name {
					addNewerParams(op, action.Params)
				}
			}
		}
	}
	for _, s := range a.schemas {
		if d.document.Has(s.Name) {
			s.addNewer(d.document.Tree(s.Name))
		}
	}
}

func addNewerParams(op *Operation, defined []document.Param) {
	for _, p := range defined {
		i := slices.IndexFunc(op.Params, func(known Param) bool { return known.Name == p.Name })
		if i < 0 {
			op.Params = append(op.Params, paramOf(p))
			continue
		}
		known := &op.Params[i]
		for _, value := range p.Enum {
			if len(known.Enum) > 0 && !slices.Contains(known.Enum, value) {
				known.Enum = append(known.Enum, value)
			}
		}
	}
}

func (s *Schema) addNewer(defined ordered.Object) {
	tree, changed := withNewer(s.content().tree, defined)
	if !changed {
		return
	}
	made, err := newContent(tree)
	if err != nil {
		panic(err) // all patterns were compiled when the definition was read
	}
	s.content = func() *content { return made }
}

// withNewer returns a schema with the properties, and the values of enums, that
// another one has beyond it, and whether there are any.
func withNewer(schema, defined ordered.Object) (ordered.Object, bool) {
	changed := false
	schema = slices.Clone(schema)
	for i, keyword := range schema {
		switch known := keyword.Value.(type) {
		case ordered.Object:
			other := defined.Object(keyword.Key)
			if keyword.Key == "items" {
				merged, more := withNewer(known, other)
				schema[i].Value, changed = merged, changed || more
			} else if keyword.Key == "properties" {
				merged, more := withNewerProperties(known, other)
				schema[i].Value, changed = merged, changed || more
			}
		case []any:
			others, _ := defined.Get(keyword.Key).([]any)
			for _, value := range others {
				if keyword.Key == "enum" && !slices.ContainsFunc(known, func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(value) }) {
					known = append(slices.Clip(known), value)
					changed = true
				}
			}
			schema[i].Value = known
		}
	}
	return schema, changed
}

func withNewerProperties(properties, defined ordered.Object) (ordered.Object, bool) {
	changed := false
	properties = slices.Clone(properties)
	for _, property := range defined {
		newer, ok := property.Value.(ordered.Object)
		if !ok {
			continue
		}
		i := slices.IndexFunc(properties, func(m ordered.Member) bool { return m.Key == property.Key })
		if i < 0 {
			properties = append(properties, property)
			changed = true
		} else if known, ok := properties[i].Value.(ordered.Object); ok {
			merged, more := withNewer(known, newer)
			properties[i].Value, changed = merged, changed || more
		}
	}
	return properties, changed
}
