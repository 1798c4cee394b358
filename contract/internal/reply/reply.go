// Package reply reads the JSON in responses of the API.
package reply

import (
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// Reply is an exchange, with the members of the object in its response.
type Reply struct {
	*contract.Exchange
	Fields map[string]any
}

// Of returns the reply of an exchange. What is no object has no members: what the contract
// says of it is checked elsewhere.
func Of(e *contract.Exchange) Reply {
	decoded, _ := decode.JSON(e.Body)
	fields, _ := decoded.(map[string]any)
	return Reply{e, fields}
}

// Lost reports whether there is no response.
func (r Reply) Lost() bool { return r.Status == 0 }

// Text returns a member that is a text; blank for any other.
func (r Reply) Text(name string) string {
	text, _ := r.Fields[name].(string)
	return text
}

// Total returns how many items a list says there are in all.
func (r Reply) Total() int {
	n, _ := r.Fields["totalCount"].(float64)
	return int(n)
}

// Items returns the items of a list.
func (r Reply) Items() []map[string]any {
	list, _ := r.Fields["items"].([]any)
	var items []map[string]any
	for _, item := range list {
		if fields, ok := item.(map[string]any); ok {
			items = append(items, fields)
		}
	}
	return items
}

// IDs returns the ids of the items, in their order.
func (r Reply) IDs() []string {
	var ids []string
	for _, item := range r.Items() {
		ids = append(ids, IDOf(item))
	}
	return ids
}

// IDOf returns the id of a thing in small letters, since ids are the same in either case;
// blank where a server left it out.
func IDOf(fields map[string]any) string {
	id, _ := fields["id"].(string)
	return strings.ToLower(id)
}
