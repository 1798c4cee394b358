package resources

import (
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
)

// Listing describes the part of a list that a caller wants.
type Listing struct {
	SortField     string // blank for the order of ids, which is that of creation
	Descending    bool
	Offset, Limit int
	Having        []Having         // which items match; none for all
	Matches       func(*Item) bool // which of these match; nil for all
}

// Having is a property that has a text, or one which is the same to [pairs.Fold].
type Having struct{ Property, Text string }

// List returns a part of a collection, and how many items match in all. The lock is
// held for a page at the most, but for the first list in an order, or of items that have
// some properties: items are matched in a snapshot.
func (s *Store) List(in Place, l Listing) ([]*Item, int) {
	if page, total, ok := s.page(in, l); ok {
		return page, total
	}
	s.mu.Lock()
	c := s.collection(in)
	if c == nil {
		s.mu.Unlock()
		return nil, 0
	}
	list := c.list(l)
	if l.Matches == nil {
		defer s.mu.Unlock()
		return list.Page(l.SortField, l.Descending, l.Offset, l.Limit), list.Len()
	}
	snapshot := list.Snapshot(l.SortField)
	s.mu.Unlock()
	return sorted.Matching(snapshot, l.Descending, l.Offset, l.Limit, l.Matches)
}

// page is [Store.List] where the collection has what is listed, as it is listed.
func (s *Store) page(in Place, l Listing) (page []*Item, total int, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := s.collection(in)
	if c == nil || l.Matches != nil || !c.lists(l) {
		return nil, 0, c == nil
	}
	list := c.list(l)
	return list.Page(l.SortField, l.Descending, l.Offset, l.Limit), list.Len(), true
}
