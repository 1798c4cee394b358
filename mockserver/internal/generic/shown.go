package generic

import (
	"encoding/json"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// shownAs returns what was sent of an item, with the properties that show what an item
// itself lacks: its owner, whether it has a password, and the items of a list of ids.
func (s *Server) shownAs(c *Call, p *pairs.Pair, sent object) object {
	items := s.propertiesOf(p.Schema)
	sent = s.ownedAs(p, sent)
	for _, hidden := range s.blueprint(p).hidden {
		value := sent.get(hidden)
		if value == nil {
			continue
		}
		for _, name := range pairs.Becomes(items, hidden) {
			switch text := sent.text(hidden); {
			case pairs.Is(pairs.Mark, hidden) != "":
				sent = sent.with(name, wire.AppendJSON(nil, text != ""))
			case pairs.Means(pairs.OwnerID, name) && text != "":
				sent = sent.with(name, value)
			case pairs.Means(pairs.OwnerType, name) && text != "":
				sent = sent.with(name, quoted(pairs.Is(pairs.Owner, hidden)))
			case gjson.ParseBytes(value).IsArray():
				sent = sent.with(name, s.itemsOf(c, s.table().Pair(name), items.Schema(name).Get("items.properties"), value))
			}
		}
	}
	return sent
}

// ownedAs returns what was sent of an item below nothing with the owner of the application
// that it names, if it names one.
func (s *Server) ownedAs(p *pairs.Pair, sent object) object {
	above := s.table().Pair(applications)
	if len(p.Parents) > 0 || above == nil || sent.get(above.Param) == nil {
		return sent
	}
	a := s.state.Store.Application(state.ParseID(sent.text(above.Param)))
	if a == nil {
		return sent
	}
	for _, name := range p.Properties() {
		switch {
		case pairs.Means(pairs.OwnerID, name):
			sent = sent.with(name, quoted(a.OwnerID))
		case pairs.Means(pairs.OwnerType, name):
			sent = sent.with(name, quoted(a.OwnerType))
		}
	}
	return sent
}

// itemsOf returns a list of items with the members that a schema has for them, by a list
// of their ids. One that is not there has its id alone.
func (s *Server) itemsOf(c *Call, p *pairs.Pair, members gjson.Result, ids json.RawMessage) json.RawMessage {
	var list []json.RawMessage
	for _, id := range gjson.ParseBytes(ids).Array() {
		one := object{{"id", quoted(id.String())}}
		if p != nil {
			if item := s.items.Find(s.place(c, p), id.String()); item != nil {
				one = parse(item.JSON).without(func(name string) bool { return !members.Get(gjson.Escape(name)).Exists() })
			}
		}
		list = append(list, one.JSON())
	}
	return listOf(list)
}
