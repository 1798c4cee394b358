package contract

import "strconv"

// print writes the table as the API describes itself at GET /. Losant's own
// generator makes its clients and its documentation from this.
func (a *API) print() object {
	var resources, definitions, examples object
	for _, resource := range a.Resources {
		resources = append(resources, member{resource.Name, resource.print()})
	}
	for _, schema := range a.schemas {
		definitions = append(definitions, member{schema.Name, schema.tree})
		examples = append(examples, member{schema.Name, schema.exampleAt()})
	}
	return object{
		{"bravado", "1.0"},
		{"info", object{
			{"title", "Platform API"},
			{"description", "User API for accessing platform data"},
			{"version", a.Version.String()},
		}},
		{"basePath", "/"},
		{"params", printParams(a.Params)},
		{"authGroups", a.groups},
		{"deprecatedAuthScopes", []string{}}, // none is public, and generators need the list
		{"resources", resources},
		{"definitions", definitions},
		{"examples", examples},
	}
}

func (r *Resource) print() object {
	o := object{{"path", r.Path}}
	if len(r.Params) > 0 {
		o = append(o, member{"params", printParams(r.Params)})
	}
	if !r.Public {
		o = append(o, member{"auth", []string{r.Wildcard}})
	}
	if len(r.Links) > 0 {
		var links object
		for _, link := range r.Links {
			links = append(links, member{link.Rel, object{{"href", link.Path}}})
		}
		o = append(o, member{"links", links})
	}
	var actions object
	for _, op := range r.Actions {
		actions = append(actions, member{op.Action, op.print()})
	}
	return append(o, member{"actions", actions})
}

func (o *Operation) print() object {
	out := object{{"method", o.Method}}.add("path", o.path).add("summary", o.Summary)
	if !o.Resource.Public {
		out = append(out, member{"auth", []string{o.Name}})
	}
	if len(o.Params) > 0 {
		out = append(out, member{"params", printParams(o.Params)})
	}
	var responses object
	for _, r := range o.Responses {
		responses = append(responses, member{strconv.Itoa(r.Status), object{
			{"description", r.Description},
			{"schema", reference(r.Schema)},
		}})
	}
	return append(out, member{"responses", responses})
}

func printParams(params []Param) []object {
	list := []object{}
	for _, p := range params {
		o := object{{"name", p.Name}, {"in", p.In}, {"description", p.Description}}
		switch {
		case p.Schema != "":
			o = append(o, member{"schema", reference(p.Schema)})
		case !p.untyped:
			o = append(o, member{"type", "string"})
		}
		o = o.add("pattern", p.Pattern).add("enum", p.Enum).add("required", p.Required)
		if p.saysOptional {
			o = append(o, member{"required", false})
		}
		list = append(list, o.add("default", p.Default).add("example", p.Example))
	}
	return list
}

func reference(definition string) object {
	return object{{"$ref", "#/definitions/" + definition}}
}

// exampleAt is the schema's example without the properties that the API did
// not have yet.
func (s *Schema) exampleAt() object { return trim(s.example, s.tree) }

func trim(example, schema object) object {
	properties := schema.object("properties")
	var out object
	for _, m := range example {
		property := properties.object(m.key)
		if property == nil {
			continue
		}
		switch value := m.value.(type) {
		case object:
			m.value = trim(value, property)
		case []any:
			list := make([]any, len(value))
			for i, item := range value {
				list[i] = item
				if o, ok := item.(object); ok {
					list[i] = trim(o, property.object("items"))
				}
			}
			m.value = list
		}
		out = append(out, m)
	}
	return out
}
