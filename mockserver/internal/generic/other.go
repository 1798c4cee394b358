package generic

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// other responds to an operation that is none of a pair's own: with the item or the
// collection where the response is one, and else with the published example.
func (s *Server) other(c *Call) *wire.Response {
	schema := s.state.API.Schema(c.success.Schema)
	step, isItem := c.role.Responding(schema)
	switch {
	case isItem && !step.Pair.Read.FromDefinition:
		return c.Application(c.success.Status)
	case isItem:
		item := s.items.Find(s.place(c, step.Pair), c.Values.Path[step.Param])
		if item == nil { // it was deleted meanwhile
			return wire.NotFound(step.Pair.Title)
		}
		return &wire.Response{Status: c.success.Status, Body: s.appendItem(nil, c, step.Pair, item)}
	case c.role.RespondsWithList(c.Operation) && c.role.Pair.List.FromDefinition:
		return s.list(c, c.role.Pair)
	default:
		return s.respondWith(c, schema, c.sent())
	}
}

// upload takes a file. The item that it is for has its name, its size and its type, as
// far as its schema has members for them.
func (s *Server) upload(c *Call) *wire.Response {
	step, isItem := c.role.Responding(s.state.API.Schema(c.success.Schema))
	if !isItem || !step.Pair.Read.FromDefinition {
		return s.other(c)
	}
	p := step.Pair
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
