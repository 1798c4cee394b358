package contract

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/example"
)

// addTo adds the definition to this package's own table. An operation that both have
// stays that of the table.
func (d *Definition) addTo(a *API) error {
	if d.newer && a.Version == Newest {
		a.definedVersion = d.document.Version
		d.addNewer(a)
	}
	for _, p := range d.document.Params {
		if !slices.ContainsFunc(a.Params, func(known Param) bool { return known.Name == p.Name }) {
			a.Params = append(a.Params, paramOf(p))
		}
	}
	if err := d.addResources(a); err != nil {
		return err
	}
	d.addSchemas(a)
	if err := a.finish(groupsOf(a, d.document.Groups)); err != nil {
		return err
	}
	d.addPartial(a)
	return nil
}

// addResources puts the resources into the order of the definition. Those of the table
// alone follow them.
func (d *Definition) addResources(a *API) error {
	var all []*Resource
	var problems []error
	places, routes := map[*Operation]string{}, map[string]*Operation{}
	for i := range d.document.Resources {
		defined := &d.document.Resources[i]
		resource := a.Resource(defined.Name)
		if resource == nil {
			resource = resourceOf(defined)
		}
		if resource.Path != defined.Path {
			problems = append(problems, fmt.Errorf("%s/path: the path is %q, want %q, which %s has in API %s", defined.Place, defined.Path, resource.Path, resource.Name, a.Version))
			continue
		}
		problems = append(problems, addActions(resource, defined, places))
		all = append(all, resource)
	}
	for _, resource := range a.Resources {
		if !slices.Contains(all, resource) {
			all = append(all, resource)
		}
	}
	for _, resource := range all {
		for _, op := range resource.Actions {
			route := document.Route(op.Method, op.Path)
			if other := routes[route]; other != nil {
				problems = append(problems, fmt.Errorf("%s: %s and %s are one operation: %s %s", cmp.Or(places[op], places[other]), op.Name, other.Name, op.Method, op.Path))
			}
			routes[route] = op
		}
	}
	a.Resources = all
	return errors.Join(problems...)
}

func resourceOf(defined *document.Resource) *Resource {
	resource := &Resource{Name: defined.Name, Path: defined.Path, Params: paramsOf(defined.Params), auth: defined.Auth, raw: defined.Raw}
	if slices.Contains(defined.Auth, defined.Name+".*") {
		resource.Wildcard = defined.Name + ".*"
	}
	for _, link := range defined.Links {
		resource.Links = append(resource.Links, Link{link.Rel, link.Path})
	}
	return resource
}

// addActions puts the operations of a resource into the order of the definition, and
// adds where those of the definition are to places.
func addActions(resource *Resource, defined *document.Resource, places map[*Operation]string) error {
	var problems []error
	own := resource.Actions
	resource.Actions = nil
	for i := range defined.Actions {
		op := operationOf(resource, defined, &defined.Actions[i])
		op.FromDefinition = true
		known := slices.IndexFunc(own, func(known *Operation) bool { return known.Action == op.Action })
		if known >= 0 {
			if own[known].Method != op.Method || own[known].Path != op.Path {
				problems = append(problems, fmt.Errorf("%s: the route is %s %s, want %s %s, which %s has in the contract",
					defined.Actions[i].Place, op.Method, op.Path, own[known].Method, own[known].Path, op.Name))
			}
			op = own[known]
		}
		places[op] = defined.Actions[i].Place
		resource.Actions = append(resource.Actions, op)
	}
	for _, op := range own {
		if !slices.Contains(resource.Actions, op) {
			resource.Actions = append(resource.Actions, op)
		}
	}
	return errors.Join(problems...)
}

func operationOf(resource *Resource, defined *document.Resource, action *document.Action) *Operation {
	op := &Operation{
		Name: resource.Name + "." + action.Name, Action: action.Name, Method: action.Method, Path: resource.Path + action.Path,
		Summary: action.Summary, Params: paramsOf(action.Params), Public: len(defined.Auth)+len(action.Auth) == 0,
		auth: action.Auth, groups: action.Groups, raw: action.Raw,
	}
	for _, scope := range action.Auth {
		if resource.Wildcard == "" && scope == resource.Name+".*" {
			resource.Wildcard = scope
		}
	}
	for _, r := range action.Responses {
		response := Response{Status: r.Status, Description: r.Description, Schema: r.Schema, Missing: r.Missing()}
		for _, event := range r.Events {
			response.Events = append(response.Events, Event{event.Name, event.Schema})
		}
		op.Responses = append(op.Responses, response)
	}
	return op
}

func paramsOf(defined []document.Param) []Param {
	var params []Param
	for _, p := range defined {
		params = append(params, paramOf(p))
	}
	return params
}

// paramOf returns a parameter of a definition. page, perPage and filterField keep the
// rules that they have in this package's own table.
func paramOf(defined document.Param) Param {
	p := Param{
		Name: defined.Name, In: defined.In, Type: defined.Type, Description: defined.Description, Required: defined.Required,
		Default: defined.Default, Example: defined.Example, Enum: defined.Enum, Pattern: defined.Pattern,
		Schema: defined.Schema, separator: defined.Separator, raw: defined.Raw,
	}
	switch {
	case p.In == "formData":
		p.In = inMultipart
	case p.In != "query":
	case p.Name == "page":
		p.Whole = &Bounds{0, maxPage}
	case p.Name == "perPage":
		p.Whole = &Bounds{1, MaxPerPage}
	case p.Name == "filterField":
		p.BlankIsNone = true
	}
	return p
}

// addSchemas adds the schemas that the table does not have.
func (d *Definition) addSchemas(a *API) {
	for i := range d.document.Schemas {
		defined := &d.document.Schemas[i]
		if slices.ContainsFunc(a.schemas, func(s *Schema) bool { return s.Name == defined.Name }) {
			continue
		}
		schema := &Schema{
			Name: defined.Name, defined: defined, inline: defined.Inline, example: d.document.Examples[defined.Name],
			content: sync.OnceValue(func() *content {
				made, err := newContent(d.document.Tree(defined.Name))
				if err != nil {
					panic(err) // all patterns were compiled when the definition was read
				}
				return made
			}),
		}
		schema.mended = sync.OnceValue(func() []byte { return example.Of(schema.content().tree, schema.content().compiled, schema.example) })
		a.schemas = append(a.schemas, schema)
	}
}

// addPartial lists the operations that can't be served in full.
func (d *Definition) addPartial(a *API) {
	for _, resource := range d.document.Resources {
		for _, action := range resource.Actions {
			name := resource.Name + "." + action.Name
			if !a.operations[name].FromDefinition {
				continue
			}
			for _, reason := range d.document.Partial(&resource, &action) {
				a.partial = append(a.partial, Partial{name, reason})
			}
		}
	}
}
