package document

import (
	"fmt"
	"slices"
)

// places are those that parameters are read from.
var places = []string{"path", "query", "header", "body", "multipart", "formData"}

// Partial returns the reasons why an action can't be served in full.
func (d *Document) Partial(resource *Resource, action *Action) []string {
	var reasons, schemas []string
	use := func(schema string) {
		if schema != "" && !slices.Contains(schemas, schema) {
			schemas = append(schemas, schema)
		}
	}
	for _, p := range slices.Concat(resource.Params, action.Params) {
		switch {
		case !slices.Contains(places, p.In):
			reasons = append(reasons, fmt.Sprintf("parameter %s: what is in %q is not read", p.Name, p.In))
		case p.In == "header" && (p.Required || p.Pattern != "" || p.Enum != nil || p.Schema != ""):
			reasons = append(reasons, fmt.Sprintf("parameter %s: header fields are not checked", p.Name))
		}
		for _, note := range p.Notes {
			reasons = append(reasons, fmt.Sprintf("parameter %s: %s", p.Name, note))
		}
		use(p.Schema)
	}
	for _, response := range action.Responses {
		use(response.Schema)
		for _, event := range response.Events {
			use(event.Schema)
		}
	}
	for _, name := range schemas {
		for _, note := range d.byName[name].Notes {
			reasons = append(reasons, fmt.Sprintf("schema %s: %s", name, note))
		}
	}
	return reasons
}
