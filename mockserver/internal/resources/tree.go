package resources

// Tree is what there is below a thing, by the names of the collections.
type Tree map[string][]Branch

// Branch is an item, with what is below it.
type Branch struct {
	Item  *Item
	Below Tree
}

// Tree returns everything that is below a thing which another store keeps; for nil what
// is at the root. Items are in the order of their ids. A collection that is empty by
// will has an empty list.
func (s *Store) Tree(below *Thing) Tree {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if below == nil {
		return s.top.tree()
	}
	if n := s.owned[below.normal()]; n != nil {
		return n.tree()
	}
	return nil
}

func (n *node) tree() Tree {
	var t Tree
	for name, c := range n.collections {
		if c.sorted.Len() == 0 && !c.seeded {
			continue
		}
		if t == nil {
			t = Tree{}
		}
		t[name] = []Branch{}
		c.scan(func(item *Item) { t[name] = append(t[name], Branch{item, item.below.tree()}) })
	}
	return t
}

// Count returns how many items there are.
func (s *Store) Count() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := s.top.count()
	for _, below := range s.owned {
		n += below.count()
	}
	return n
}

func (n *node) count() (items int) {
	for _, c := range n.collections {
		items += c.sorted.Len()
		c.scan(func(item *Item) { items += item.below.count() })
	}
	return items
}
