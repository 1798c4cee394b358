package generic

import (
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// blueprint says which members a new item of a pair has, in the order of its schema.
type blueprint struct {
	names    []string
	defaults object   // what an item has of the members that a client left out
	hidden   []string // what a client sends and no response shows
	owned    []string // what no client may send, if the schema of the body does not refuse it
	owners   []string // the kinds of things that can own an item; nil for any
	isAccess bool     // whether the items are access tokens
}

func (s *Server) blueprint(p *pairs.Pair) *blueprint {
	if known, ok := s.blueprints.Load(p); ok {
		return known.(*blueprint)
	}
	first, _ := s.blueprints.LoadOrStore(p, s.newBlueprint(p))
	return first.(*blueprint)
}

// newBlueprint works out the members of a pair's items. The server's own are those of
// the published example. Of those that a client may send, what it leaves out is the
// schema's default; without one, a choice or a switch is that of the example.
func (s *Server) newBlueprint(p *pairs.Pair) *blueprint {
	example := s.example(p.Schema)
	b := &blueprint{names: p.Properties()}
	sent := map[string]gjson.Result{}
	if p.Create != nil {
		collect(sent, schemaOf(pairs.BodySchema(s.state.API, p.Create)))
	}
	for _, name := range b.names {
		property, sendable := sent[name]
		choice := property.Get("enum").Exists() || property.Get("type").String() == "boolean"
		switch value := property.Get("default"); {
		case sendable && value.Exists():
			b.defaults = append(b.defaults, member{name, wire.AppendJSON(nil, json.RawMessage(value.Raw))})
		case pairs.Means(name, pairs.Activity), sendable && !choice:
		case example.get(name) != nil:
			b.defaults = append(b.defaults, member{name, example.get(name)})
		}
	}
	shown := map[string]gjson.Result{}
	collect(shown, schemaOf(p.Schema))
	for name := range sent {
		if _, is := shown[name]; !is && len(shown) > 0 {
			b.hidden = append(b.hidden, name)
		}
	}
	for name, property := range shown {
		if pairs.Means(name, pairs.OwnerType) {
			for _, kind := range property.Get("enum").Array() {
				b.owners = append(b.owners, kind.String())
			}
		}
	}
	b.owned = s.owned(p, sent, shown)
	b.isAccess = slices.ContainsFunc(b.names, isScopes) && slices.Contains(b.names, accessToken)
	return b
}

// owned returns the members that the server alone sets: what its responses have beside
// the properties of items, and the properties that no schema of a body has.
func (s *Server) owned(p *pairs.Pair, sent, shown map[string]gjson.Result) []string {
	sendable := map[string]gjson.Result{}
	if p.Change != nil {
		collect(sendable, schemaOf(pairs.BodySchema(s.state.API, p.Change)))
	}
	names := pairs.Named(pairs.Beside)
	for name := range shown {
		names = append(names, name)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		_, byPost := sent[name]
		_, byPatch := sendable[name]
		return byPost || byPatch
	})
}

// refuseOwned returns the response to a client that sends what the server alone sets;
// nil if it does not.
func (s *Server) refuseOwned(c *Call, place string, sent object) *wire.Response {
	for _, m := range sent {
		if slices.Contains(s.blueprint(c.role.Pair).owned, m.name) {
			return wire.Invalid(&contract.Violation{Field: place, What: contract.AdditionalProperties, Detail: m.name})
		}
	}
	return nil
}

// schemaOf returns a schema as JSON.
func schemaOf(schema *contract.Schema) gjson.Result {
	if schema == nil {
		return gjson.Result{}
	}
	text, _ := schema.MarshalJSON() // of JSON that was read
	return gjson.ParseBytes(text)
}

// collect adds the properties of a schema, and those of its forms.
func collect(properties map[string]gjson.Result, schema gjson.Result) {
	schema.Get("properties").ForEach(func(name, property gjson.Result) bool {
		properties[name.String()] = property
		return true
	})
	for _, forms := range []string{"allOf", "anyOf", "oneOf"} {
		for _, form := range schema.Get(forms).Array() {
			collect(properties, form)
		}
	}
}
