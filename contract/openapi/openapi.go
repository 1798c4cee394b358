// Package openapi prints the contract as an OpenAPI 3.1 document, for other
// tools.
package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// document is an OpenAPI document. What it has of JSON Schema and of examples
// is text, as the API's own definition has it.
type document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       info                            `json:"info"`
	Servers    []server                        `json:"servers"`
	Security   []map[string][]string           `json:"security"`
	Tags       []tag                           `json:"tags"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components components                      `json:"components"`
}

type info struct {
	Title       string            `json:"title"`
	Summary     string            `json:"summary"`
	Description string            `json:"description"`
	Version     string            `json:"version"`
	License     map[string]string `json:"license"`
}

type server struct {
	URL string `json:"url"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type components struct {
	SecuritySchemes map[string]map[string]string `json:"securitySchemes"`
	Schemas         map[string]ordered.Object    `json:"schemas"`
}

// Of returns an API as an OpenAPI 3.1 document, in JSON.
func Of(api *contract.API) ([]byte, error) {
	// The API's own definition has schemas and examples in their order.
	var defined struct{ Definitions, Examples map[string]json.RawMessage }
	if err := json.Unmarshal(api.Definition(), &defined); err != nil {
		return nil, err
	}
	d := document{
		OpenAPI: "3.1.0",
		Info: info{
			Title:       "Losant Platform API: webhooks",
			Summary:     "What losantmock knows of Losant's API, as it stands in for it.",
			Description: "Printed from losantmock's own table. " + notLosants,
			Version:     api.Version.String(),
			License:     map[string]string{"name": "MIT", "identifier": "MIT"},
		},
		Servers:  []server{{"https://" + contract.LosantHost}},
		Security: []map[string][]string{{"bearer": {}}, {"accessToken": {}}, {"jwt": {}}},
		Paths:    map[string]map[string]operation{},
		Components: components{
			SecuritySchemes: map[string]map[string]string{
				"bearer":      {"type": "http", "scheme": "bearer"},
				"accessToken": {"type": "apiKey", "in": "query", "name": "access_token"},
				"jwt":         {"type": "apiKey", "in": "query", "name": "jwt"},
			},
			Schemas: map[string]ordered.Object{},
		},
	}
	if slices.ContainsFunc(api.Resources, isDefined) {
		d.Info.Title = "Losant Platform API"
		d.Info.Description = "Printed from losantmock's own table, and from a definition of the API for all operations that the table lacks. " + notLosants
	}
	for _, resource := range api.Resources {
		d.Tags = append(d.Tags, tag{resource.Name, "What can be done with the resource " + resource.Name + "."})
		for _, op := range resource.Actions {
			if d.Paths[op.Path] == nil {
				d.Paths[op.Path] = map[string]operation{}
			}
			d.Paths[op.Path][strings.ToLower(op.Method)] = operationOf(api, op, defined.Examples)
		}
	}
	for name := range defined.Definitions {
		if err := d.addSchema(api.Schema(name)); err != nil {
			return nil, err
		}
	}
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			for i := range op.Responses { // which may have schemas of their own
				if err := d.addSchema(api.Schema(op.Responses[i].Schema)); err != nil {
					return nil, err
				}
			}
		}
	}
	return json.MarshalIndent(d, "", "  ")
}

const notLosants = "It is no publication of Losant's."

// isDefined reports whether a resource has operations of a definition from outside.
func isDefined(resource *contract.Resource) bool {
	return slices.ContainsFunc(resource.Actions, func(op *contract.Operation) bool { return op.FromDefinition })
}

// addSchema adds a schema with its example, which OpenAPI has in the schema itself; nil
// is none.
func (d *document) addSchema(s *contract.Schema) error {
	if s == nil || d.Components.Schemas[s.Name] != nil {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	parsed, err := ordered.Parse(text)
	if err != nil {
		return err
	}
	schema, _ := schemaOf(parsed).(ordered.Object)
	if example := s.Example(); example != nil {
		schema = schema.With("examples", []any{json.RawMessage(example)})
	}
	d.Components.Schemas[s.Name] = schema
	return nil
}
