package generic

import (
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/tidwall/gjson"
)

// blueprint says which members a new item of a pair has, in the order of its schema.
type blueprint struct {
	names    []string
	defaults object // what an item has of the members that a client left out
	posted   []string
	open     bool // whether an item has members that its schema does not name
}

// The members of items that have the same meaning in all of them.
var (
	// dates are those that say when the item was created and changed.
	dates = []string{"creationDate", "lastUpdated", "createdAt", "updatedAt"}
	// changes are those of dates that a change moves.
	changes = []string{"lastUpdated", "updatedAt"}
	// secrets are different in each item.
	secrets = []string{"token", "key", "secret"}
	// activity is what an item has when it was used. A new one has none of it.
	activity = []string{"connectionInfo", "lastLogin", "lastSuccessfulLogin", "lastFailedLogin", "lastExecutionRequested"}
)

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
	b := &blueprint{names: p.Properties(), open: p.Schema == nil || len(p.Schema.Properties()) == 0}
	var posted gjson.Result
	if p.Create != nil {
		posted = properties(pairs.BodySchema(s.state.API, p.Create))
	}
	item := properties(p.Schema)
	for _, name := range b.names {
		property, sendable := posted.Map()[name]
		choice := property.Get("enum").Exists() || property.Get("type").String() == "boolean"
		switch value := property.Get("default"); {
		case sendable && value.Exists():
			b.defaults = b.defaults.with(name, json.RawMessage(value.Raw))
		case slices.Contains(activity, name), sendable && !choice:
		case example.get(name) != nil:
			b.defaults = b.defaults.with(name, example.get(name))
		}
	}
	for name := range posted.Map() {
		if _, shown := item.Map()[name]; !shown && !b.open {
			b.posted = append(b.posted, name)
		}
	}
	return b
}

// properties returns the properties of a schema, by name.
func properties(schema *contract.Schema) gjson.Result {
	if schema == nil {
		return gjson.Result{}
	}
	text, _ := schema.MarshalJSON() // of JSON that was read
	return gjson.GetBytes(text, "properties")
}
