package generic

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// other responds to an operation that is none of a pair's own: with the item or the
// collection where the response is one, and else with the published example.
func (s *Server) other(c *Call) *wire.Response {
	schema := s.state.API.Schema(c.success.Schema)
	if p, id := c.responding(schema); p != nil {
		if !p.Read.FromDefinition {
			return c.Application(c.success.Status)
		}
		if item := s.items.Find(s.place(c, p), id); item != nil {
			return &wire.Response{Status: c.success.Status, Body: s.appendItem(nil, c, p, item)}
		}
		return wire.NotFound(p.Title) // it was deleted meanwhile
	}
	p := c.role.Pair
	if p != nil && p.List.FromDefinition && c.Operation.Resource == p.Collection && c.success.Schema == pairs.ResponseOf(p.List).Schema {
		return s.list(c, p)
	}
	return s.respondWith(c, schema, c.sent())
}

// responding returns the pair whose item a response is, and the item's id: the last of
// those on the way that has the schema. It is nil for a response that is no item.
func (c *Call) responding(schema *contract.Schema) (*pairs.Pair, string) {
	for _, step := range slices.Backward(c.role.Steps) {
		if schema != nil && step.Pair.Schema == schema {
			return step.Pair, c.Values.Path[step.Param]
		}
	}
	return nil, ""
}

// upload takes a file. The item that it is for has its name, its size and its type, as
// far as its schema has members for them.
func (s *Server) upload(c *Call) *wire.Response {
	p, _ := c.responding(s.state.API.Schema(c.success.Schema))
	if p == nil || !p.Read.FromDefinition {
		return s.other(c)
	}
	var sent object
	for _, param := range c.Operation.Params {
		file, ok := c.Values.Body.File(param.Name)
		if !ok {
			continue
		}
		for name, value := range described(param.Name, file) {
			if slices.Contains(p.Properties(), name) {
				sent = sent.with(name, value)
			}
		}
	}
	c.role.Pair = p
	return s.change(c, sent)
}

// described returns what is known of a file that was sent for a parameter, by the names
// that items have for it.
func described(param string, file decode.File) map[string]json.RawMessage {
	return map[string]json.RawMessage{
		param + "Name": quoted(file.Name),
		"fileSize":     strconv.AppendInt(nil, int64(len(file.Content)), 10),
		"contentType":  quoted(file.Type),
	}
}
