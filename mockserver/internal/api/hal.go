package api

import (
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// hal is what a response has beside the properties of a resource: _type, _actions
// and _links.
type hal struct {
	resource       *contract.Resource
	grants         contract.Grants // of the caller
	actions, links bool            // whether the query has them on
}

// halSize is about how many bytes hal has for one resource.
const halSize = 640

// appendTo appends the end of a response, from the comma before _type to the
// closing brace. The ids replace the parameters in paths.
func (h hal) appendTo(b []byte, applicationID, webhookID string) []byte {
	write := func(texts ...string) {
		for _, text := range texts {
			b = append(b, text...)
		}
	}
	writePath := func(path string) {
		for path != "" {
			before, rest, _ := strings.Cut(path, "{")
			name, after, _ := strings.Cut(rest, "}")
			switch path = after; name {
			case "applicationId":
				write(before, applicationID)
			case "webhookId":
				write(before, webhookID)
			default:
				write(before)
			}
		}
	}
	write(`,"_type":"`, h.resource.Name, `"`)
	if h.actions {
		write(`,"_actions":{`)
		separator := ""
		for _, op := range h.resource.Actions {
			if h.grants.Allows(op) {
				write(separator, `"`, op.Action, `":{"href":"`)
				writePath(op.Path)
				write(`","method":"`, op.Method, `"`, bareIndices(op), `}`)
				separator = ","
			}
		}
		write("}")
	}
	if h.links {
		write(`,"_links":{`)
		if h.grants.HoldsAll(h.resource) {
			for _, link := range h.resource.Links {
				write(`"`, link.Rel, `":{"href":"`)
				writePath(link.Path)
				write(`"},`)
			}
		}
		write(`"self":{"href":"`)
		writePath(h.resource.Path)
		write(`"}}`)
	}
	write("}")
	return b
}

// bareIndices returns an action's params as the real API's framework writes
// them. It was meant to list the names of the parameters, and lists their indices
// in the table as texts.
func bareIndices(op *contract.Operation) string {
	if len(op.Params) == 0 {
		return ""
	}
	indices := make([]string, len(op.Params))
	for i := range indices {
		indices[i] = `"` + strconv.Itoa(i) + `"`
	}
	return `,"params":[` + strings.Join(indices, ",") + "]"
}
