package resources

import (
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
)

// parts has the items of a collection by what they have as some properties, so that no
// list which is limited by these goes through all items.
type parts struct {
	properties []string
	none       sorted.Collection[*Item]
	by         map[string]sorted.Collection[*Item]
}

// maxParted is by how many sets of properties a collection is in parts. The limit is ours.
const maxParted = 8

// partedBy returns the parts by some properties; nil if the collection lacks them.
func (c *collection) partedBy(wanted []Having) *parts {
	for _, p := range c.parted {
		if slices.EqualFunc(p.properties, wanted, func(property string, h Having) bool { return property == h.Property }) {
			return p
		}
	}
	return nil
}

// partBy adds the parts by some properties. The first of too many are given up.
func (c *collection) partBy(wanted []Having) *parts {
	p := &parts{}
	for _, h := range wanted {
		p.properties = append(p.properties, h.Property)
	}
	c.parted = append(c.parted, p)
	if len(c.parted) > maxParted {
		c.parted = c.parted[1:]
	}
	p.load(c, c.all())
	return p
}

// load puts all items of a collection into their parts.
func (p *parts) load(c *collection, items []*Item) {
	p.none, p.by = c.none(), map[string]sorted.Collection[*Item]{}
	by := map[string][]*Item{}
	for _, item := range items {
		key := p.keyOf(item)
		by[key] = append(by[key], item)
	}
	for key, items := range by {
		p.by[key] = c.none()
		p.by[key].Load(items)
	}
}

func (p *parts) add(c *collection, item *Item) {
	key := p.keyOf(item)
	if p.by[key].Len() == 0 {
		p.by[key] = c.none()
	}
	p.by[key].Add(item)
}

func (p *parts) remove(item *Item) {
	key := p.keyOf(item)
	p.by[key].Remove(item)
	if p.by[key].Len() == 0 {
		delete(p.by, key)
	}
}

// having returns the items with some texts as the properties.
func (p *parts) having(wanted []Having) sorted.Collection[*Item] {
	key := ""
	for _, h := range wanted {
		key += part(h.Property, h.Text)
	}
	if found, ok := p.by[key]; ok {
		return found
	}
	return p.none
}

func (p *parts) keyOf(item *Item) (key string) {
	for _, property := range p.properties {
		key += part(property, item.Text(property))
	}
	return key
}

// part returns what a property contributes to the key of a part.
func part(property, text string) string { return strconv.Quote(pairs.Fold(property, text)) }
