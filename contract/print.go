package contract

import (
	"encoding/json"
	"strconv"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

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
		if example := schema.Example(); example != nil {
			examples = examples.With(schema.Name, json.RawMessage(example))
		}
	}
	info := ordered.Object{}.With("title", "Platform API").
		With("description", "User API for accessing platform data").
		With("version", a.printedVersion())
	text, err := ordered.Object{}.With("bravado", "1.0").
		With("info", info).
		With("basePath", "/").
		With("params", printParams(a.Params)).
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

// print returns a resource as GET / has it. One that is in a definition from outside
// alone is printed as it was.
func (r *Resource) print() ordered.Object {
	if r.raw != nil {
		return r.raw
	}
	o := ordered.Object{}.With("path", r.Path)
	if len(r.Params) > 0 {
		o = o.With("params", printParams(r.Params))
	}
	if len(r.auth) > 0 {
		o = o.With("auth", r.auth)
	}
	if len(r.Links) > 0 {
		var links ordered.Object
		for _, link := range r.Links {
			links = links.With(link.Rel, ordered.Object{}.With("href", link.Path))
		}
		o = o.With("links", links)
	}
	var actions ordered.Object
	for _, op := range r.Actions {
		actions = actions.With(op.Action, op.print())
	}
	return o.With("actions", actions)
}

func (o *Operation) print() ordered.Object {
	if o.raw != nil {
		return o.raw
	}
	out := ordered.Object{}.With("method", o.Method).Add("path", o.path).Add("summary", o.Summary)
	if !o.Public {
		out = out.With("auth", []string{o.Name})
	}
	if len(o.Params) > 0 {
		out = out.With("params", printParams(o.Params))
	}
	var responses ordered.Object
	for _, r := range o.Responses {
		response := ordered.Object{}.With("description", r.Description).With("schema", reference(r.Schema))
		responses = responses.With(strconv.Itoa(r.Status), response)
	}
	return out.With("responses", responses)
}

func printParams(params []Param) []ordered.Object {
	list := []ordered.Object{}
	for _, p := range params {
		o := ordered.Object{}.With("name", p.Name).With("in", p.In).With("description", p.Description)
		switch {
		case p.raw != nil:
			list = append(list, p.raw)
			continue
		case p.Schema != "":
			o = o.With("schema", reference(p.Schema))
		case !p.untyped:
			o = o.With("type", "string")
		}
		o = o.Add("pattern", p.Pattern).Add("enum", p.Enum).Add("required", p.Required)
		if p.saysOptional {
			o = o.With("required", false)
		}
		list = append(list, o.Add("default", p.Default).Add("example", p.Example))
	}
	return list
}

func reference(definition string) ordered.Object {
	return ordered.Object{}.With("$ref", "#/definitions/"+definition)
}

// trim returns an example without the properties that the API did not have yet.
func trim(example, schema ordered.Object) ordered.Object {
	properties := schema.Object("properties")
	var out ordered.Object
	for _, m := range example {
		property := properties.Object(m.Key)
		if property == nil {
			continue
		}
		switch value := m.Value.(type) {
		case ordered.Object:
			m.Value = trim(value, property)
		case []any:
			list := make([]any, len(value))
			for i, item := range value {
				list[i] = item
				if o, ok := item.(ordered.Object); ok {
					list[i] = trim(o, property.Object("items"))
				}
			}
			m.Value = list
		}
		out = append(out, m)
	}
	return out
}
