package resources

import "github.com/losantmock/losantmock/mockserver/internal/sorted"

// Listing describes the part of a list that a caller wants.
type Listing struct {
	SortField     string // blank for the order of ids, which is that of creation
	Descending    bool
	Offset, Limit int
	Matches       func(*Item) bool // nil for all
}

// List returns a part of a collection, and how many items match in all. The lock is
// held for a page at the most, but for the first list in an order: items are matched
// in a snapshot.
func (s *Store) List(in Place, l Listing) ([]*Item, int) {
	s.sort(in, l.SortField)
	if l.Matches == nil {
		s.mu.RLock()
		defer s.mu.RUnlock()
		c := s.collection(in)
		if c == nil || !c.has(l.SortField) {
			return nil, 0
		}
		return c.sorted.Page(l.SortField, l.Descending, l.Offset, l.Limit), c.sorted.Len()
	}
	s.mu.Lock()
	c := s.collection(in)
	if c == nil || !c.has(l.SortField) {
		s.mu.Unlock()
		return nil, 0
	}
	snapshot := c.sorted.Snapshot(l.SortField)
	s.mu.Unlock()
	return sorted.Matching(snapshot, l.Descending, l.Offset, l.Limit, l.Matches)
}

// sort sorts a collection by a field, unless it is already.
func (s *Store) sort(in Place, field string) {
	s.mu.RLock()
	c := s.collection(in)
	done := c == nil || c.has(field)
	s.mu.RUnlock()
	if done {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.collection(in); c != nil {
		c.sortBy(field)
	}
}
