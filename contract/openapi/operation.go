package openapi

import (
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
	Content     map[string]media `json:"content"`
}

type media struct {
	Schema  map[string]string `json:"schema"`
	Example any               `json:"example,omitempty"`
}

type parameter struct {
	Name        string     `json:"name"`
	In          string     `json:"in"`
	Description string     `json:"description"`
	Required    bool       `json:"required,omitempty"`
	Schema      textSchema `json:"schema"`
	Example     string     `json:"example,omitempty"`
}

// textSchema describes a parameter: all are texts.
type textSchema struct {
	Type    string   `json:"type"`
	Pattern string   `json:"pattern,omitempty"`
	Enum    []string `json:"enum,omitempty"`
	Default string   `json:"default,omitempty"`
}

func operationOf(api *contract.API, op *contract.Operation, examples map[string]json.RawMessage) operation {
	out := operation{OperationID: op.Name, Summary: op.Summary, Tags: []string{op.Resource.Name}, Responses: map[string]body{}}
	if op.Public {
		out.Security = []map[string][]string{}
	}
	if op.Method == http.MethodDelete {
		// Clients send an empty object, and the API does not look at it.
		out.RequestBody = &body{Description: "Nothing that is looked at", Content: map[string]media{"application/json": {Schema: map[string]string{}}}}
	}
	for _, p := range slices.Concat(api.Params, op.Resource.Params, op.Params) {
		if p.In == "body" {
			out.RequestBody = &body{p.Description, p.Required, content(p.Schema, examples[p.Schema])}
		} else {
			out.Parameters = append(out.Parameters, parameterOf(p))
		}
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
		out.Responses[strconv.Itoa(r.Status)] = body{Description: r.Description, Content: content(r.Schema, example)}
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
	return parameter{
		Name: p.Name, In: p.In, Description: p.Description, Required: p.Required,
		Schema:  textSchema{"string", p.Pattern, enum, p.DefaultText()},
		Example: p.ExampleText(),
	}
}

// content returns a body of a definition, with an example of it.
func content(schema string, example any) map[string]media {
	return map[string]media{"application/json": {map[string]string{"$ref": "#/components/schemas/" + schema}, example}}
}

// errorExample returns an example of a response that refuses a request.
func errorExample(op *contract.Operation, r *contract.Response) any {
	message := "Access is forbidden"
	switch r.Status {
	case http.StatusBadRequest:
		message = op.CheckRequest(invalidRequest).Error()
	case http.StatusNotFound:
		message = r.MissingMessage()
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
