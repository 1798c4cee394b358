// Package readable says which operations of a definition a run can ask that knows one
// application and may only read.
package readable

import (
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
)

// applicationID is the parameter in paths that a run knows.
const applicationID = "applicationId"

// Operations are those of a definition, with what they do.
type Operations struct {
	api   *contract.API
	table *pairs.Table
}

// Of returns the operations of an API that come from a definition.
func Of(api *contract.API) *Operations { return &Operations{api, pairs.Of(api)} }

// Asked returns the operations that the run asks, in the order of the API.
func (o *Operations) Asked() []*contract.Operation {
	var asked []*contract.Operation
	for _, resource := range o.api.Resources {
		for _, op := range resource.Actions {
			if op.FromDefinition && o.Reason(op) == "" {
				asked = append(asked, op)
			}
		}
	}
	return asked
}

// Path returns the path of an operation that is asked.
func Path(op *contract.Operation, application string) string {
	return strings.ReplaceAll(op.Path, "{"+applicationID+"}", application)
}

// Reason returns why the run does not ask an operation; blank where it does.
func (o *Operations) Reason(op *contract.Operation) string {
	role, missing := o.table.Role(op), missing(op)
	switch kind := role.Kind; {
	case op.Method != http.MethodGet:
		return "of a definition, only what reads is asked"
	case kind == pairs.Stream:
		return "it is a stream, which has no end"
	case kind != pairs.List && kind != pairs.Read && kind != pairs.Reading:
		return "it starts a job, or changes something"
	case documents(op, http.StatusUnauthorized):
		return "it returns a token"
	case kind == pairs.List && o.api.Schema(pairs.ResponseOf(op).Schema) == role.Pair.Schema:
		return "the definition describes the list as one of its items"
	case missing != nil:
		return "the run has no " + strings.Join(missing, " or ")
	default:
		return ""
	}
}

// missing returns the parameters that an operation needs beside the application's id.
func missing(op *contract.Operation) []string {
	var names []string
	for _, p := range slices.Concat(op.Resource.Params, op.Params) {
		if p.Required && p.Name != applicationID || p.In == "path" && p.Name != applicationID {
			names = append(names, p.Name)
		}
	}
	return names
}

// documents reports whether an operation has a documented response of a status.
func documents(op *contract.Operation, status int) bool {
	return slices.ContainsFunc(op.Responses, func(r contract.Response) bool { return r.Status == status })
}
