package contract

import (
	"slices"

	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/history"
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
				known.raw = known.raw.Set("enum", append(slices.Clone(known.raw.Get("enum").([]any)), any(value)))
			}
		}
	}
}

func (s *Schema) addNewer(defined ordered.Object) {
	tree, changed := history.WithNewer(s.content().tree, defined)
	if !changed {
		return
	}
	made, err := newContent(tree)
	if err != nil {
		panic(err) // all patterns were compiled when the definition was read
	}
	s.content = func() *content { return made }
}
