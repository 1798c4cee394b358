package openapi

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

type operation struct {
	OperationID string                `json:"operationId"`
	Summary     string                `json:"summary"`
	Tags        []string              `json:"tags"`
	Security    []map[string][]string `json:"security,omitzero"`
	RequestBody *body                 `json:"requestBody,omitempty"`
	Parameters  []parameter           `json:"parameters"`
	Responses   map[string]body       `json:"responses"`
}

// body is the body of a request or of a response.
type body struct {
	Description string           `json:"description"`
	Required    bool             `json:"required,omitempty"`
	Content     map[string]media `json:"content,omitempty"`
}

type media struct {
	Schema  any `json:"schema"`
	Example any `json:"example,omitempty"`
}

type parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description"`
	Required    bool   `json:"required,omitempty"`
	Explode     *bool  `json:"explode,omitempty"`
	// Content is there in place of the schema where the text is JSON.
	Content map[string]media `json:"content,omitempty"`
	Schema  any              `json:"schema,omitempty"`
	Example string           `json:"example,omitempty"`
}

// textSchema describes a parameter that is a text, as nearly all are.
type textSchema struct {
	Type    string   `json:"type,omitempty"`
	Pattern string   `json:"pattern,omitempty"`
	Enum    []string `json:"enum,omitempty"`
	Default string   `json:"default,omitempty"`
}

func operationOf(api *contract.API, op *contract.Operation, examples map[string]json.RawMessage) operation {
	out := operation{OperationID: op.Name, Summary: cmp.Or(op.Summary, op.Name), Tags: []string{op.Resource.Name}, Responses: map[string]body{}}
	if op.Public {
		out.Security = []map[string][]string{}
	}
	if op.Method == http.MethodDelete {
		// Clients send an empty object, and the API does not look at it.
		out.RequestBody = &body{Description: "Nothing that is looked at", Content: map[string]media{"application/json": {Schema: struct{}{}}}}
	}
	var parts []contract.Param
	for _, p := range slices.Concat(api.Params, op.Resource.Params, op.Params) {
		switch p.In {
		case "body":
			out.RequestBody = &body{p.Description, p.Required, content(p.Schema, examples[p.Schema])}
		case "multipart":
			parts = append(parts, p)
		default:
			out.Parameters = append(out.Parameters, parameterOf(p))
		}
	}
	if parts != nil {
		out.RequestBody = &body{"The fields of a form", true, map[string]media{"multipart/form-data": {Schema: formOf(parts)}}}
	}
	out.Parameters = append(out.Parameters, halParameters()...)
	documented := op.Responses
	if !op.Public {
		documented = append(slices.Clone(documented),
			contract.Response{Status: 401, Description: "The token is not valid, or not any more", Schema: "error"},
			contract.Response{Status: 403, Description: "There is no token, or its scopes do not grant this", Schema: "error"})
	}
	for _, r := range documented {
		var example any = examples[r.Schema]
		if r.Schema == "error" {
			example = errorExample(op, &r)
		}
		out.Responses[strconv.Itoa(r.Status)] = body{Description: r.Description, Content: contentOf(&r, example)}
	}
	return out
}

// halParameters returns the switches that every operation has, whose text may
// be anything.
func halParameters() []parameter {
	var list []parameter
	for _, name := range []string{"_actions", "_links", "_embedded"} {
		list = append(list, parameter{
			Name: name, In: "query", Description: "Whether the response carries " + name,
			Schema: textSchema{Type: "string"}, Example: "false",
		})
	}
	return list
}

func parameterOf(p contract.Param) parameter {
	enum := p.Enum
	if p.BlankIsNone {
		enum = append([]string{""}, enum...)
	}
	out := parameter{Name: p.Name, In: p.In, Description: p.Description, Required: p.Required}
	switch {
	case p.Type == "object":
		out.Content = content(p.Schema, nil)
	case p.Schema != "":
		out.Schema = reference(p.Schema)
	case p.Type == "array":
		out.Schema, out.Explode = list{"array", textSchema{Type: "string"}}, new(false)
	default:
		out.Schema, out.Example = textSchema{"string", p.Pattern, enum, p.DefaultText()}, p.ExampleText()
	}
	return out
}

// list is the schema of a list of texts.
type list struct {
	Type  string     `json:"type"`
	Items textSchema `json:"items"`
}

// form is the schema of a form with files and texts.
type form struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Required   []string       `json:"required,omitempty"`
}

func formOf(parts []contract.Param) form {
	f := form{Type: "object", Properties: map[string]any{}}
	for _, p := range parts {
		switch {
		case p.Type == "file":
			f.Properties[p.Name] = map[string]string{"type": "string", "format": "binary"}
		case p.Schema != "":
			f.Properties[p.Name] = reference(p.Schema)
		default:
			f.Properties[p.Name] = textSchema{Type: "string"}
		}
		if p.Required {
			f.Required = append(f.Required, p.Name)
		}
	}
	return f
}

// contentOf returns the body of a response, which may have none, or be a stream.
func contentOf(r *contract.Response, example any) map[string]media {
	switch {
	case r.Schema != "":
		return content(r.Schema, example)
	case len(r.Events) > 0:
		return map[string]media{"text/event-stream": {Schema: textSchema{Type: "string"}}}
	default:
		return nil
	}
}

func reference(schema string) map[string]string {
	return map[string]string{"$ref": "#/components/schemas/" + schema}
}

// content returns a body of a definition, with an example of it.
func content(schema string, example any) map[string]media {
	return map[string]media{"application/json": {reference(schema), example}}
}

// errorExample returns an example of a response that refuses a request.
func errorExample(op *contract.Operation, r *contract.Response) any {
	message := "Access is forbidden"
	switch r.Status {
	case http.StatusBadRequest:
		message = "Invalid JSON"
		if v := op.CheckRequest(invalidRequest); v != nil {
			message = v.Error()
		}
	case http.StatusNotFound:
		message = "Not found" // where nothing says what
		if r.Missing != "" {
			message = r.MissingMessage()
		}
	case http.StatusUnauthorized:
		message = "Invalid access token"
		if op.Public {
			message = "Invalid email or password" // the words are ours
		}
	}
	return struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}{contract.ErrorType(r.Status), message}
}

// invalidRequest breaks what every operation has: ids in the path, a body or a
// field to sort by.
var invalidRequest = &contract.Request{
	Query: decode.Query{"sortField": {Given: true, Text: "no such field"}},
	Body:  decode.Value{Given: true, Body: map[string]any{}},
}
