package generic

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
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
	sent := s.truthful(c, s.example(p.Schema))
	id := cmp.Or(exampleID(p), sent.text(p.Key), s.newID(c.At))
	return s.newItem(s.shape(c, p), sent.with(p.Key, quoted(id)))
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
// of its parameters, and with the id and the email of the user.
func (s *Server) truth(c *Call, part json.RawMessage) json.RawMessage {
	known := map[string]string{s.userID: s.state.OwnerID(), s.userEmail: s.state.OwnerEmail()}
	ids := map[string]string{}
	for _, param := range slices.Concat(c.Operation.Resource.Params, c.Operation.Params) {
		if param.In == "path" {
			known[param.ExampleText()] = c.Values.Path[param.Name]
			if pairs.NamesID(param.Name) {
				ids[param.Name] = c.Values.Path[param.Name]
			}
		}
	}
	delete(known, "")
	return replaced(part, known, ids)
}

// replaced returns a value with other texts in place of those that are known, and of the
// ids that members have by their names.
func replaced(part json.RawMessage, known, ids map[string]string) json.RawMessage {
	switch value := gjson.ParseBytes(part); {
	case value.IsObject():
		o := parse(part)
		for i := range o {
			if id := ids[o[i].name]; id != "" && o[i].value[0] == '"' {
				o[i].value = quoted(id)
				continue
			}
			o[i].value = replaced(o[i].value, known, ids)
		}
		return o.JSON()
	case value.IsArray():
		var list []json.RawMessage
		for _, item := range value.Array() {
			list = append(list, replaced(json.RawMessage(item.Raw), known, ids))
		}
		return listOf(list)
	case value.Type == gjson.String && known[value.Str] != "":
		return quoted(known[value.Str])
	default:
		return part
	}
}
