package generic

import (
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
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
	sent, shown := s.bodyOf(p.Create), s.propertiesOf(p.Schema)
	for _, name := range b.names {
		property, sendable := sent.Schema(name), sent.Has(name)
		choice := property.Get("enum").Exists() || property.Get("type").String() == "boolean"
		switch value := property.Get("default"); {
		case sendable && value.Exists():
			b.defaults = append(b.defaults, member{name, wire.AppendJSON(nil, json.RawMessage(value.Raw))})
		case pairs.Means(pairs.Activity, name), sendable && !choice:
		case example.get(name) != nil:
			b.defaults = append(b.defaults, member{name, example.get(name)})
		}
	}
	b.hidden = pairs.Hidden(sent, shown)
	for _, name := range shown.Names {
		if pairs.Means(pairs.OwnerType, name) {
			for _, kind := range shown.Schema(name).Get("enum").Array() {
				b.owners = append(b.owners, kind.String())
			}
		}
	}
	b.owned = s.owned(p)
	b.isAccess = slices.ContainsFunc(b.names, isScopes) && slices.Contains(b.names, accessToken)
	return b
}

// owned returns the members that the server alone sets: what its responses have beside
// the properties of items, and the properties that no schema of a body has.
func (s *Server) owned(p *pairs.Pair) []string {
	names := append(pairs.Named(pairs.Beside), s.propertiesOf(p.Schema).Names...)
	return slices.DeleteFunc(names, func(name string) bool {
		return s.bodyOf(p.Create).Has(name) || s.bodyOf(p.Change).Has(name)
	})
}

// bodyOf returns what the schema of an operation's body says; nothing for nil.
func (s *Server) bodyOf(op *contract.Operation) *pairs.Properties {
	if op == nil {
		return s.propertiesOf(nil)
	}
	return s.propertiesOf(pairs.BodySchema(s.state.API, op))
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
