package generic

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/tidwall/gjson"
)

// Some items list in a property what a collection below them has too: a device its
// attributes. The collection has the items, and the property follows from it: what is
// sent as the property is put into the collection, and each change of the collection is
// shown in the property. The last step of each change is to show the collection as it
// then is, so that changes at the same time leave both alike.

// listed returns the collections below an item of a pair that a property of it lists.
func (s *Server) listed(p *pairs.Pair) (below []*pairs.Pair) {
	for _, other := range s.table().Pairs {
		if other.Within != "" && other.Parent() == p && other.List.FromDefinition {
			below = append(below, other)
		}
	}
	return below
}

// twiceWithin returns what is wrong with an item at a place of the body that lists one
// thing twice; nil for any other.
func (s *Server) twiceWithin(p *pairs.Pair, place string, sent object) *contract.Violation {
	for _, below := range s.listed(p) {
		seen := map[string]bool{}
		for _, one := range gjson.ParseBytes(sent.get(below.Within)).Array() {
			key := one.Get(gjson.Escape(below.Key)).String()
			if seen[key] {
				return &contract.Violation{Field: place + "." + below.Within, What: "must be unique", Detail: key}
			}
			seen[key] = true
		}
	}
	return nil
}

// spread puts what was sent of an item into the collections below it, and returns the
// item as it then lists them.
func (s *Server) spread(c *Call, p *pairs.Pair, item *resources.Item, sent object) (*resources.Item, error) {
	for _, below := range s.listed(p) {
		if sent.get(below.Within) == nil {
			continue
		}
		list := item.Property(below.Within).Array()
		inner := c.below(below, p, item)
		sh := s.shape(inner, below)
		items := make([]*resources.Item, len(list))
		for i, one := range list {
			items[i] = s.newItem(sh, parse([]byte(one.Raw)))
		}
		if err := s.items.Replace(sh.place, items); err != nil {
			return item, err
		}
		item = cmp.Or(s.reflect(inner, below), item)
	}
	return item, nil
}

// below returns a call that adds to a collection below an item.
func (c *Call) below(below, p *pairs.Pair, item *resources.Item) *Call {
	ids := maps.Clone(c.Values.Path)
	ids[p.Param] = item.ID
	return &Call{Operation: below.List, Values: &contract.Request{Path: ids}, At: c.At, role: pairs.Role{Pair: below}, seeded: c.seeded}
}

// reflect shows a collection in the property of the item above that lists it, and returns
// that item; nil where there is none.
func (s *Server) reflect(c *Call, p *pairs.Pair) *resources.Item {
	parent := p.Parent()
	if p.Within == "" || parent == nil || !parent.Read.FromDefinition {
		return nil
	}
	names := s.propertiesOf(parent.Schema).Schema(p.Within).Get("items.properties").Map()
	place := s.place(c, p)
	item, _ := s.items.Change(s.place(c, parent), c.Values.Path[p.Parents[len(p.Parents)-1].Param], func(was *resources.Item) *resources.Item {
		before := was.Property(p.Within).Array()
		items, _ := s.items.List(place, resources.Listing{Limit: math.MaxInt32})
		at := func(item *resources.Item) int { // items stay where they are listed, and new ones come last
			i := slices.IndexFunc(before, func(one gjson.Result) bool { return one.Get(gjson.Escape(p.Key)).String() == item.ID })
			if i < 0 {
				return len(before)
			}
			return i
		}
		slices.SortStableFunc(items, func(a, b *resources.Item) int { return at(a) - at(b) })
		list := []json.RawMessage{}
		for _, item := range items {
			list = append(list, parse(item.JSON).without(func(name string) bool { return len(names) > 0 && !names[name].Exists() }).JSON())
		}
		value, _ := json.Marshal(list)
		return was.Changed(was.Alias, parse(was.JSON).with(p.Within, value).inOrder(parent.Properties()).JSON())
	})
	return item
}
