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
// of their ids, or of the items as they were. One that is not there has its id alone, and is
// gone if it was there.
func (s *Server) itemsOf(c *Call, p *pairs.Pair, members gjson.Result, list json.RawMessage) json.RawMessage {
	var items []json.RawMessage
	for _, was := range gjson.ParseBytes(list).Array() {
		id := was.String()
		if was.IsObject() {
			id = was.Get("id").String()
		}
		one := object{{"id", quoted(id)}}
		if p != nil {
			if item := s.items.Find(s.place(c, p), id); item != nil {
				one = parse(item.JSON).without(func(name string) bool { return !members.Get(gjson.Escape(name)).Exists() })
			} else if len(was.Map()) > 1 {
				continue
			}
		}
		items = append(items, one.JSON())
	}
	return listOf(items)
}

// renewed returns an item with the items that it lists as they are now.
func (s *Server) renewed(c *Call, p *pairs.Pair, item []byte) []byte {
	for _, name := range s.blueprint(p).lists {
		if o := parse(item); o.get(name) != nil {
			members := s.propertiesOf(p.Schema).Schema(name).Get("items.properties")
			item = o.with(name, s.itemsOf(c, s.table().Pair(name), members, o.get(name))).JSON()
		}
	}
	return item
}
