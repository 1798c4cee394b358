package generic

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/summary"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// blueprint says which members a new item of a pair has, in the order of its schema.
type blueprint struct {
	names    []string
	defaults object   // what an item has of the members that a client left out
	secrets  []string // what is different in each item
	awaited  []string // what says whether the file of an item has come
	hidden   []string // what a client sends and no response shows
	lists    []string // what lists items of other collections, of which a client sends the ids
	owned    []string // what no client may send, if the schema of the body does not refuse it
	owners   []string // the kinds of things that can own an item; nil for any
	isAccess bool     // whether the items are access tokens
	summary  summary.Summary
	log      *pairs.Log // of the changes of an item; nil for none
}

func (s *Server) blueprint(p *pairs.Pair) *blueprint {
	if known, ok := s.blueprints.Load(p); ok {
		return known.(*blueprint)
	}
	first, _ := s.blueprints.LoadOrStore(p, s.newBlueprint(p))
	return first.(*blueprint)
}

// newBlueprint works out the members of a pair's items. Of what a client leaves out, an item
// has what the schemas have as a default. A published example shows another item: nothing of
// it is in a new one.
func (s *Server) newBlueprint(p *pairs.Pair) *blueprint {
	b := &blueprint{names: p.Properties()}
	sent, shown := s.bodyOf(p.Create), s.propertiesOf(p.Schema)
	for _, name := range b.names {
		initial := cmp.Or(pairs.InitialOf(shown, name), p.FilteredBy(name))
		switch value := cmp.Or(sent.Schema(name).Get("default").Raw, shown.Schema(name).Get("default").Raw); {
		case value != "":
			b.defaults = append(b.defaults, member{name, wire.AppendJSON(nil, json.RawMessage(value))})
		case initial != "":
			b.defaults = append(b.defaults, member{name, quoted(initial)})
		case isMark(name):
			b.defaults = append(b.defaults, member{name, json.RawMessage("false")})
		case pairs.Means(pairs.Secret, name) && !sent.Has(name):
			b.secrets = append(b.secrets, name)
		}
		if awaits(shown.Schema(name)) {
			b.awaited = append(b.awaited, name)
		}
	}
	b.hidden = append(pairs.Hidden(sent, shown), pairs.Hidden(s.bodyOf(p.Change), shown)...)
	for _, member := range b.hidden {
		b.log = cmp.Or(b.log, pairs.LogOf(shown, member))
		for _, name := range pairs.Becomes(shown, member) {
			if s.table().Pair(name) != nil && !slices.Contains(b.lists, name) {
				b.lists = append(b.lists, name)
			}
		}
	}
	for _, name := range shown.Names {
		if pairs.Means(pairs.OwnerType, name) {
			for _, kind := range shown.Schema(name).Get("enum").Array() {
				b.owners = append(b.owners, kind.String())
			}
		}
	}
	b.owned = p.Owned(s.state.API)
	if p.Counts() {
		b.summary = summary.Of(s.table(), p.Schema, ownerKind(p.Param, p))
	}
	b.isAccess = p.Grants()
	return b
}

// isMark reports whether a property says whether a member was sent that no item has.
func isMark(name string) bool {
	return slices.ContainsFunc(pairs.Named(pairs.Mark), func(member string) bool { return pairs.Is(pairs.Mark, member) == name })
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
