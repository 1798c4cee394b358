package contract

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// OpenAPI returns the table as an OpenAPI 3.1 document, in JSON, for other
// tools.
func (a *API) OpenAPI() ([]byte, error) {
	var paths, schemas, tags object
	for _, resource := range a.Resources {
		tags = append(tags, member{"", object{{"name", resource.Name}, {"description", "What can be done with the resource " + resource.Name + "."}}})
		for _, op := range resource.Actions {
			paths = paths.join(op.Path, strings.ToLower(op.Method), a.openOperation(op))
		}
	}
	for _, s := range a.schemas {
		schemas = append(schemas, member{s.Name, s.openSchema()})
	}
	list := make([]any, len(tags))
	for i := range tags {
		list[i] = tags[i].value
	}
	return json.MarshalIndent(object{
		{"openapi", "3.1.0"},
		{"info", object{
			{"title", "Losant Platform API: webhooks"},
			{"summary", "What losantmock knows of Losant's API, as it stands in for it."},
			{"description", "Printed from losantmock's own table. It is no publication of Losant's."},
			{"version", a.Version.String()},
			{"license", object{{"name", "MIT"}, {"identifier", "MIT"}}},
		}},
		{"servers", []any{object{{"url", "https://" + LosantHost}}}},
		{"security", []any{object{{"bearer", []any{}}}, object{{"accessToken", []any{}}}, object{{"jwt", []any{}}}}},
		{"tags", list},
		{"paths", paths},
		{"components", object{
			{"securitySchemes", object{
				{"bearer", object{{"type", "http"}, {"scheme", "bearer"}}},
				{"accessToken", object{{"type", "apiKey"}, {"in", "query"}, {"name", "access_token"}}},
				{"jwt", object{{"type", "apiKey"}, {"in", "query"}, {"name", "jwt"}}},
			}},
			{"schemas", schemas},
		}},
	}, "", "  ")
}

// join puts an operation beside the others of its path.
func (o object) join(path, method string, operation object) object {
	for i := range o {
		if o[i].key == path {
			o[i].value = append(o[i].value.(object), member{method, operation})
			return o
		}
	}
	return append(o, member{path, object{{method, operation}}})
}

func (a *API) openOperation(op *Operation) object {
	out := object{
		{"operationId", op.Name},
		{"summary", op.Summary},
		{"tags", []string{op.Resource.Name}},
	}
	if op.Resource.Public {
		out = append(out, member{"security", []any{}})
	}
	if op.Method == http.MethodDelete {
		// Clients send an empty object, and the API does not look at it.
		out = append(out, member{"requestBody", object{
			{"description", "Nothing that is looked at"},
			{"content", object{{"application/json", object{{"schema", object{}}}}}},
		}})
	}
	var parameters []any
	for i := range op.allParams {
		switch p := &op.allParams[i]; p.In {
		case "path", "query", "header":
			parameters = append(parameters, p.openParameter())
		case "body":
			out = append(out, member{"requestBody", object{
				{"description", p.Description}, {"required", p.Required}, {"content", openContent(p.Schema, p.schema.exampleAt())},
			}})
		}
	}
	parameters = append(parameters, halParameters()...)
	responses := object{}
	documented := op.Responses
	if !op.Resource.Public {
		documented = append(slices.Clone(documented),
			Response{Status: 401, Description: "The token is not valid, or not any more", Schema: "error"},
			Response{Status: 403, Description: "There is no token, or its scopes do not grant this", Schema: "error"})
	}
	for _, r := range documented {
		responses = append(responses, member{strconv.Itoa(r.Status), object{
			{"description", r.Description}, {"content", openContent(r.Schema, a.example(op, &r))},
		}})
	}
	return append(out, member{"parameters", parameters}, member{"responses", responses})
}

// halParameters returns the switches that every operation has, whose text may
// be anything.
func halParameters() []any {
	var list []any
	for _, name := range []string{"_actions", "_links", "_embedded"} {
		list = append(list, object{
			{"name", name}, {"in", "query"}, {"description", "Whether the response carries " + name},
			{"schema", object{{"type", "string"}}}, {"example", "false"},
		})
	}
	return list
}

func (p *Param) openParameter() object {
	enum := p.Enum
	if p.BlankIsNone {
		enum = append([]string{""}, enum...)
	}
	schema := object{{"type", "string"}}.add("pattern", p.Pattern).add("enum", enum).add("default", p.defaultText())
	out := object{{"name", p.Name}, {"in", p.In}, {"description", p.Description}}.add("required", p.Required)
	return append(out, member{"schema", schema}).add("example", p.ExampleText())
}

// openContent returns a body of a definition, with an example of it.
func openContent(schema string, example object) object {
	return object{{"application/json", object{
		{"schema", object{{"$ref", "#/components/schemas/" + schema}}},
		{"example", example},
	}}}
}

// example returns an example of a response.
func (a *API) example(op *Operation, r *Response) object {
	switch r.Status {
	case http.StatusBadRequest:
		return errorExample(r.Status, op.CheckRequest(invalidRequest).Error())
	case http.StatusUnauthorized:
		if op.Resource.Public {
			return errorExample(r.Status, "Invalid email or password") // the words are ours
		}
		return errorExample(r.Status, "Invalid access token")
	case http.StatusForbidden:
		return errorExample(r.Status, "Access is forbidden")
	case http.StatusNotFound:
		return errorExample(r.Status, r.missingMessage())
	default:
		return a.Schema(r.Schema).exampleAt()
	}
}

// invalidRequest breaks what every operation has: ids in the path, a body or a
// field to sort by.
var invalidRequest = &Request{
	Query: decode.Query{"sortField": {Given: true, Text: "no such field"}},
	Body:  decode.Value{Given: true, Body: map[string]any{}},
}

func errorExample(status int, message string) object {
	return object{{"type", errorTypes[status]}, {"message", message}}
}

// openSchema returns the definition with its example, which OpenAPI has in the
// schema itself.
func (s *Schema) openSchema() object {
	var out object
	for _, m := range s.tree {
		if m.key != "$schema" {
			out = append(out, m)
		}
	}
	return append(out, member{"examples", []any{s.exampleAt()}})
}
