// Package hal writes what a response has beside the properties of a resource: _type,
// _actions and _links.
package hal

import (
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// HAL is what the response of a resource has beside its properties.
type HAL struct {
	Resource       *contract.Resource
	Grants         contract.Grants // of the caller
	Actions, Links bool            // whether the query has them on
}

// Size is about how many bytes it has for one resource.
const Size = 640

// AppendTo appends the end of a response, from the comma before _type to the
// closing brace. The values replace the parameters in paths, by their names.
func (h HAL) AppendTo(b []byte, value func(param string) string) []byte {
	write := func(texts ...string) {
		for _, text := range texts {
			b = append(b, text...)
		}
	}
	writePath := func(path string) {
		for path != "" {
			before, rest, _ := strings.Cut(path, "{")
			name, after, _ := strings.Cut(rest, "}")
			write(before)
			if name != "" {
				write(value(name))
			}
			path = after
		}
	}
	write(`,"_type":"`, h.Resource.Name, `"`)
	if h.Actions {
		write(`,"_actions":{`)
		separator := ""
		for _, op := range h.Resource.Actions {
			if h.Grants.Allows(op) {
				write(separator, `"`, op.Action, `":{"href":"`)
				writePath(op.Path)
				write(`","method":"`, op.Method, `"`)
				b = appendIndices(b, op)
				write(`}`)
				separator = ","
			}
		}
		write("}")
	}
	if h.Links {
		write(`,"_links":{`)
		if h.Grants.HoldsAll(h.Resource) {
			for _, link := range h.Resource.Links {
				write(`"`, link.Rel, `":{"href":"`)
				writePath(link.Path)
				write(`"},`)
			}
		}
		write(`"self":{"href":"`)
		writePath(h.Resource.Path)
		write(`"}}`)
	}
	write("}")
	return b
}

// appendIndices appends an action's params as the real API's framework writes
// them. It was meant to list the names of the parameters, and lists their indices
// in the table as texts.
func appendIndices(b []byte, op *contract.Operation) []byte {
	if len(op.Params) == 0 {
		return b
	}
	before := `,"params":["`
	for i := range op.Params {
		b = append(b, before...)
		b = strconv.AppendInt(b, int64(i), 10)
		before = `","`
	}
	return append(b, `"]`...)
}
