// Package resources holds what there is of the resources of a definition: items in
// collections, which have collections of their own. It knows no HTTP.
package resources

import (
	"errors"
	"sync"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
)

// Store holds the items of a world.
type Store struct {
	mu    sync.RWMutex // taken by the methods of the store alone
	top   node
	owned map[Thing]*node    // below what another store keeps
	room  *limit.Reservation // nil for no limit
	drop  func(Thing)        // nil for none
}

// node has the collections below one thing, by their names.
type node struct{ collections map[string]*collection }

// Thing is an item, or what another store keeps, on the way from the root to an item.
type Thing struct {
	Collection string // that it is in, such as "devices"
	ID         string
	// Owned is true for a thing that another store keeps: it is there as long as that
	// store says so.
	Owned bool
}

// Place is where a collection is: below the things that its path leads through.
type Place struct {
	Parents []Thing // from the root
	Name    string
}

// The errors of adding and changing.
var (
	ErrTaken  = errors.New("is already in use in the collection: choose another, or leave it out where one is generated")
	ErrNoRoom = limit.NoRoom("items")
	ErrGone   = errors.New("there is no such parent")
)

// New returns an empty store.
func New() *Store { return &Store{owned: map[Thing]*node{}} }

// CountIn counts what is added and changed from now on in a reservation.
func (s *Store) CountIn(r *limit.Reservation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room = r
}

// Missing returns the place of the first of some things that is not there; -1 if all
// are. It takes those that another store keeps as being there.
func (s *Store) Missing(things []Thing) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at := &s.top
	for i, thing := range things {
		if at = s.below(at, thing); at == nil && !thing.Owned {
			return i
		} else if at == nil {
			at = &node{} // nothing was added below it yet
		}
	}
	return -1
}

// Find returns an item by its id or its alias; nil if there is none.
func (s *Store) Find(in Place, id string) *Item {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c := s.collection(in); c != nil {
		return c.find(id)
	}
	return nil
}

// Add adds an item. The error is ErrTaken, ErrNoRoom or ErrGone.
func (s *Store) Add(in Place, item *Item) error { return s.AddAll(in, []*Item{item}) }

// AddAll adds items, or with an error none of them. The error is as that of [Store.Add].
func (s *Store) AddAll(in Place, items []*Item) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.open(in)
	if c == nil {
		return ErrGone
	}
	return s.addAll(c, items)
}

// Replace puts items in the place of all that a collection has. With an error there is no
// item in it.
func (s *Store) Replace(in Place, items []*Item) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.open(in)
	if c == nil {
		return ErrGone
	}
	c.seeded = true
	s.removeAll(c, c.all())
	return s.addAll(c, items)
}

func (s *Store) addAll(c *collection, items []*Item) error {
	for i, item := range items {
		if err := s.add(c, item); err != nil {
			s.removeAll(c, items[:i])
			return err
		}
	}
	return nil
}

func (s *Store) removeAll(c *collection, items []*Item) {
	for _, item := range items {
		s.remove(c, item)
	}
}

// remove removes an item with everything below it.
func (s *Store) remove(c *collection, item *Item) {
	c.remove(item)
	s.room.Return(item.counted + item.below.counted())
}

func (s *Store) add(c *collection, item *Item) error {
	if c.taken(item, nil) {
		return ErrTaken
	}
	c.sortedBy(item)
	if item.counted = item.size(); !s.room.Take(item.counted) {
		return ErrNoRoom
	}
	c.add(item)
	return nil
}

// Seed adds an item to a collection that nothing was added to before. It does nothing
// at any later call for the collection, also when the item was deleted.
func (s *Store) Seed(in Place, item func() *Item) {
	s.mu.RLock()
	c := s.collection(in)
	done := c != nil && c.seeded
	s.mu.RUnlock()
	if done {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c = s.open(in); c != nil && !c.seeded {
		c.seeded = true
		_ = s.add(c, item()) // without room, there is none
	}
}

// Open makes a collection to which Seed adds nothing. It fails with ErrGone.
func (s *Store) Open(in Place) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.open(in)
	if c == nil {
		return ErrGone
	}
	c.seeded = true
	return nil
}

// Change replaces an item by the one that change returns, and returns the new one; nil
// if there is no such item. The error is ErrTaken or ErrNoRoom. No lock is held while
// change runs: where another change was quicker, it runs again for what that made.
func (s *Store) Change(in Place, id string, change func(*Item) *Item) (*Item, error) {
	for {
		before := s.Find(in, id)
		if before == nil {
			return nil, nil
		}
		after := change(before)
		switch replaced, err := s.replace(in, before, after); {
		case err != nil:
			return nil, err
		case replaced:
			return after, nil
		}
	}
}

// replace replaces an item, and reports whether it was still there.
func (s *Store) replace(in Place, before, after *Item) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.collection(in)
	if c == nil || c.find(before.ID) != before {
		return false, nil
	}
	if c.taken(after, before) {
		return false, ErrTaken
	}
	c.sortedBy(after)
	if after.counted = after.size(); !s.room.Take(after.counted - before.counted) {
		return false, ErrNoRoom
	}
	c.remove(before)
	c.add(after)
	return true, nil
}

// Delete deletes an item with everything below it, and reports whether there was one.
func (s *Store) Delete(in Place, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.collection(in)
	if c == nil {
		return false
	}
	item := c.find(id)
	if item == nil {
		return false
	}
	s.remove(c, item)
	return true
}

// OnDrop sets what is called, without a lock, after everything below a thing was dropped.
func (s *Store) OnDrop(call func(Thing)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop = call
}

// Drop deletes everything below a thing that another store keeps.
func (s *Store) Drop(thing Thing) {
	if call := s.dropBelow(thing.normal()); call != nil {
		call(thing)
	}
}

// dropBelow deletes everything below a thing, and returns what is to be called then.
func (s *Store) dropBelow(thing Thing) func(Thing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.owned[thing]; n != nil {
		s.room.Return(n.counted())
		delete(s.owned, thing)
	}
	return s.drop
}

// counted returns how many bytes everything below counts in the budget.
func (n *node) counted() (bytes int64) {
	for _, c := range n.collections {
		c.scan(func(item *Item) { bytes += item.counted + item.below.counted() })
	}
	return bytes
}

// below returns the node of the thing that a thing leads to; nil if there is none.
func (s *Store) below(at *node, thing Thing) *node {
	if thing.Owned {
		return s.owned[thing.normal()]
	}
	if c := at.collections[thing.Collection]; c != nil {
		if item := c.find(thing.ID); item != nil {
			return item.below
		}
	}
	return nil
}

// collection returns the collection at a place; nil if it has never had an item.
func (s *Store) collection(in Place) *collection {
	at := &s.top
	for _, thing := range in.Parents {
		if at = s.below(at, thing); at == nil {
			return nil
		}
	}
	return at.collections[in.Name]
}

// open returns the collection at a place, which is made if it has never had an item;
// nil if one of its parents is not there.
func (s *Store) open(in Place) *collection {
	at := &s.top
	for _, thing := range in.Parents {
		next := s.below(at, thing)
		if next == nil && thing.Owned {
			next = &node{}
			s.owned[thing.normal()] = next
		}
		if at = next; at == nil {
			return nil
		}
	}
	if at.collections == nil {
		at.collections = map[string]*collection{}
	}
	c := at.collections[in.Name]
	if c == nil {
		c = newCollection()
		at.collections[in.Name] = c
	}
	return c
}

// normal returns the thing with its id as ids are compared.
func (s Thing) normal() Thing {
	s.ID = pairs.FoldID(s.ID)
	return s
}
