package contract

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
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
				{"description", p.Description}, {"required", p.Required}, {"content", openContent(p.Schema)},
			}})
		}
	}
	parameters = append(parameters, halParameters()...)
	responses := object{}
	for _, r := range op.Responses {
		responses = append(responses, member{strconv.Itoa(r.Status), object{{"description", r.Description}, {"content", openContent(r.Schema)}}})
	}
	if !op.Resource.Public {
		responses = append(responses,
			member{"401", object{{"description", "The token is not valid, or not any more"}, {"content", openContent("error")}}},
			member{"403", object{{"description", "There is no token, or its scopes do not grant this"}, {"content", openContent("error")}}})
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
	schema := object{{"type", "string"}}
	if p.Whole != nil {
		schema = object{{"type", "integer"}, {"minimum", p.Whole.Min}, {"maximum", p.Whole.Max}}
	}
	enum := p.Enum
	if p.BlankIsNone {
		enum = append([]string{""}, enum...)
	}
	schema = schema.add("pattern", p.Pattern).add("enum", enum)
	switch {
	case p.Default == "":
	case p.Whole != nil:
		schema = append(schema, member{"default", json.Number(p.Default)})
	default:
		schema = append(schema, member{"default", p.Default})
	}
	out := object{{"name", p.Name}, {"in", p.In}, {"description", p.Description}}.add("required", p.Required)
	out = append(out, member{"schema", schema})
	switch {
	case p.Example == "":
	case p.Whole != nil:
		out = append(out, member{"example", json.Number(p.Example)})
	default:
		out = append(out, member{"example", p.Example})
	}
	return out
}

func openContent(schema string) object {
	return object{{"application/json", object{{"schema", object{{"$ref", "#/components/schemas/" + schema}}}}}}
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
