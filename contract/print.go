package contract

import "github.com/losantmock/losantmock/contract/internal/ordered"

// print writes the table as the API describes itself at GET /. Losant's own
// generator makes its clients and its documentation from this. What a definition from
// outside says of others is printed as it was.
func (a *API) print() []byte {
	var resources, definitions, examples ordered.Object
	for _, resource := range a.Resources {
		resources = resources.With(resource.Name, resource.print())
	}
	for _, schema := range a.schemas {
		if !schema.inline {
			definitions = definitions.With(schema.Name, schema)
		}
		if schema.example != nil {
			examples = examples.With(schema.Name, schema.example)
		}
	}
	info := ordered.Object{}.With("title", "Platform API").
		With("description", "User API for accessing platform data").
		With("version", a.printedVersion())
	text, err := ordered.Object{}.With("bravado", "1.0").
		With("info", info).
		With("basePath", "/").
		With("params", append([]any{}, printParams(a.Params)...)).
		With("authGroups", a.groups).
		With("deprecatedAuthScopes", []string{}). // none is public, and generators need the list
		With("resources", resources).
		With("definitions", definitions).
		With("examples", examples).MarshalJSON()
	if err != nil {
		panic(err) // a table can be written, and so can what was read from JSON
	}
	return text
}

// print returns a resource as GET / has it.
func (r *Resource) print() ordered.Object {
	var actions ordered.Object
	for _, op := range r.Actions {
		actions = actions.With(op.Action, op.print())
	}
	return r.raw.Set("actions", actions)
}

func (o *Operation) print() ordered.Object {
	if len(o.Params) == 0 {
		return o.raw.Set("params", nil)
	}
	return o.raw.Set("params", printParams(o.Params))
}

// printParams returns parameters as GET / has them; nil for none.
func printParams(params []Param) []any {
	var list []any
	for _, p := range params {
		list = append(list, p.raw)
	}
	return list
}
