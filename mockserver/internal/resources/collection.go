package resources

import (
	"slices"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
)

// collection has items in every order that a list was wanted in. It has no lock: that
// of the store guards it.
type collection struct {
	byID   map[string]*Item // also by alias
	fields []string         // that the items are sorted by, beside their ids
	sorted sorted.Collection[*Item]
	parted []*parts // by the properties that lists were limited by
	seeded bool
}

// orderOfIDs is the name of the order that a collection always has.
const orderOfIDs = ""

// maxFields is by how many fields a collection is sorted. The limit is ours.
const maxFields = 32

func newCollection() *collection {
	c := &collection{byID: map[string]*Item{}}
	c.sorted = c.none()
	return c
}

// none returns no items, in every order of the collection.
func (c *collection) none() sorted.Collection[*Item] {
	orders := map[string]sorted.Order[*Item]{orderOfIDs: {Compare: compareIDs}}
	for i, field := range c.fields {
		orders[field] = sorted.Order[*Item]{Compare: func(a, b *Item) int {
			if order := compareValues(a.values[i], b.values[i]); order != 0 {
				return order
			}
			return compareIDs(a, b)
		}}
	}
	return sorted.New(orders)
}

func (c *collection) find(id string) *Item { return c.byID[pairs.FoldID(id)] }

// taken reports whether another item than one has the id or the alias of a new one.
func (c *collection) taken(item, but *Item) bool {
	for _, id := range item.names() {
		if there := c.find(id); there != nil && there != but {
			return true
		}
	}
	return false
}

// names returns the id of an item, and its alias.
func (i *Item) names() []string {
	if i.Alias == "" || i.Alias == i.ID {
		return []string{i.ID}
	}
	return []string{i.ID, i.Alias}
}

// sortedBy notes the values that an item is sorted by.
func (c *collection) sortedBy(item *Item) {
	item.values = make([]value, len(c.fields))
	for i, field := range c.fields {
		item.values[i] = item.value(field)
	}
}

func (c *collection) add(item *Item) {
	for _, id := range item.names() {
		c.byID[pairs.FoldID(id)] = item
	}
	c.sorted.Add(item)
	for _, p := range c.parted {
		p.add(c, item)
	}
}

func (c *collection) remove(item *Item) {
	for _, id := range item.names() {
		delete(c.byID, pairs.FoldID(id))
	}
	c.sorted.Remove(item)
	for _, p := range c.parted {
		p.remove(item)
	}
}

func (c *collection) scan(visit func(*Item)) {
	c.sorted.Scan(orderOfIDs, func(item *Item) bool {
		visit(item)
		return true
	})
}

func (c *collection) all() (items []*Item) {
	c.scan(func(item *Item) { items = append(items, item) })
	return items
}

// lists reports whether the collection has a list, so that none is made for it.
func (c *collection) lists(l Listing) bool {
	return c.has(l.SortField) && (len(l.Having) == 0 || c.partedBy(l.Having) != nil)
}

// list returns the items that have what a listing wants, in its order and others.
func (c *collection) list(l Listing) sorted.Collection[*Item] {
	c.sortBy(l.SortField)
	if len(l.Having) == 0 {
		return c.sorted
	}
	p := c.partedBy(l.Having)
	if p == nil {
		p = c.partBy(l.Having)
	}
	return p.having(l.Having)
}

// has reports whether the collection has an order.
func (c *collection) has(field string) bool {
	return field == orderOfIDs || slices.Contains(c.fields, field)
}

// sortBy adds the order by a field. The first of too many is given up.
func (c *collection) sortBy(field string) {
	if c.has(field) {
		return
	}
	c.fields = append(c.fields, field)
	if len(c.fields) > maxFields {
		c.fields = c.fields[1:]
	}
	items := c.all()
	for _, item := range items {
		c.sortedBy(item)
	}
	c.sorted = c.none()
	c.sorted.Load(items)
	for _, p := range c.parted {
		p.load(c, items)
	}
}
