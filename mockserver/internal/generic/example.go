package generic

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// example returns the published example of a schema, without what breaks the schema;
// none for a schema without an example, or with one that is no object.
func (s *Server) example(schema *contract.Schema) object {
	if schema == nil {
		return nil
	}
	if known, ok := s.examples.Load(schema); ok {
		return known.(object)
	}
	made := mended(schema, parse(schema.Example()), func(string) bool { return true })
	s.examples.Store(schema, made)
	return made
}

// truth returns a part of an example with the ids of the path in place of the examples
// of its parameters.
func (c *Call) truth(part json.RawMessage) json.RawMessage {
	for _, param := range slices.Concat(c.Operation.Resource.Params, c.Operation.Params) {
		if id := c.Values.Path[param.Name]; param.In == "path" && param.ExampleText() != "" {
			part = bytes.ReplaceAll(part, quoted(param.ExampleText()), quoted(id))
		}
	}
	return part
}

// respondWith responds with the published example of a schema, made true for the call,
// and with further members in place of those of the example.
func (s *Server) respondWith(c *Call, schema *contract.Schema, further object) *wire.Response {
	plain := wire.Response{Status: c.success.Status}
	if schema == nil {
		return &plain
	}
	raw := c.truth(bytes.Clone(schema.Example()))
	if len(raw) > 0 && !gjson.ParseBytes(raw).IsObject() {
		plain.Body = wire.AppendJSON(nil, raw)
		return &plain
	}
	made := s.truthful(c, s.example(schema))
	for _, m := range further {
		if made.get(m.name) == nil && !slices.Contains(schema.Properties(), m.name) {
			continue
		}
		if changed := made.with(m.name, m.value); schema.Check("", decoded(changed)) == nil {
			made = changed
		}
	}
	plain.Body = made.JSON()
	return &plain
}

// truthful returns an example with the ids of the path, a token that the server takes,
// and ids of its own.
func (s *Server) truthful(c *Call, example object) object {
	made := object{}
	for _, m := range example {
		value := c.truth(m.value)
		switch {
		case strings.Contains(c.Operation.Path, "{"+m.name+"}"):
			value = quoted(c.Values.Path[m.name])
		case m.name == "jobId":
			value = quoted(s.newID(c.At))
		case m.name == "token" && c.Operation.Public:
			value = quoted(s.state.Issue())
		}
		made = append(made, member{m.name, value})
	}
	return made
}
