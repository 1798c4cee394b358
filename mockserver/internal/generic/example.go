package generic

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// example returns the example of a schema; none for a schema without one, or with one
// that is not an object.
func (s *Server) example(schema *contract.Schema) object {
	if schema == nil {
		return nil
	}
	if known, ok := s.examples.Load(schema); ok {
		return known.(object)
	}
	made := parse(wire.AppendJSON(nil, json.RawMessage(schema.Example())))
	s.examples.Store(schema, made)
	return made
}

// published returns the item of the published example, under the example of its id.
func (s *Server) published(c *Call, p *pairs.Pair) *resources.Item {
	example := s.example(p.Schema)
	id := cmp.Or(exampleID(p), example.text(p.Key), s.newID(c.At))
	for _, name := range append([]string{p.Key}, p.Twins...) {
		if slices.Contains(p.Properties(), name) {
			example = example.with(name, quoted(id))
		}
	}
	made := make(object, len(example))
	for i, m := range example {
		if made[i] = (member{m.name, c.own(p, m.name)}); made[i].value == nil {
			made[i].value = s.truth(c, m.value)
		}
	}
	return resources.NewItem(id, made.text(p.Alias), made.inOrder(p.Properties()).JSON())
}

// exampleID returns the example of the parameter that has the id of an item.
func exampleID(p *pairs.Pair) string {
	for i := range p.Item.Params {
		if param := &p.Item.Params[i]; param.Name == p.Param {
			return param.ExampleText()
		}
	}
	return ""
}

// truth returns a part of an example with the ids of the path in place of the examples
// of its parameters, and with that of the user.
func (s *Server) truth(c *Call, part json.RawMessage) json.RawMessage {
	if s.user != "" {
		part = bytes.ReplaceAll(part, quoted(s.user), quoted(s.state.OwnerID()))
	}
	for _, param := range slices.Concat(c.Operation.Resource.Params, c.Operation.Params) {
		if id := c.Values.Path[param.Name]; param.In == "path" && param.ExampleText() != "" {
			part = bytes.ReplaceAll(part, quoted(param.ExampleText()), quoted(id))
		}
	}
	return part
}
