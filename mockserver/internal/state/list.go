package state

import (
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// Listing is what a caller wants of a list.
type Listing struct {
	SortField, SortDirection string
	Page, PerPage            int
	FilterField, Filter      decode.Value
	Glob                     *contract.Filter // nil for all
}

func (l Listing) descending() bool { return l.SortDirection == "desc" }
func (l Listing) offset() int      { return l.Page * l.PerPage }

// list takes from a collection of the store what the caller wants, and reports
// how many there are in all. The store's lock is held for a page at the most: a
// filter is matched against a snapshot.
//
// A filter that begins with letters is matched against the names that begin so
// alone, where those are few: named makes a thing that sorts before them.
func list[T any](mu *sync.RWMutex, all collection[T], l Listing, lowerName func(T) string, named func(string) T) ([]T, int) {
	if l.Glob == nil {
		mu.RLock()
		defer mu.RUnlock()
		return all.page(l.SortField, l.descending(), l.offset(), l.PerPage), all.len()
	}
	mu.Lock()
	snapshot, byName := all.snapshot(l.SortField), all.snapshot(lowerNameOrder)
	mu.Unlock()
	if prefix := l.Glob.Prefix(); prefix != "" {
		if few, ok := beginning(byName, named(prefix), func(thing T) (begins, matches bool) {
			name := lowerName(thing)
			return strings.HasPrefix(name, prefix), l.Glob.Match(name)
		}); ok {
			return pageOf(few, all.ordering[l.SortField].compare, l), len(few)
		}
	}
	return matching(snapshot, l.descending(), l.offset(), l.PerPage, func(thing T) bool {
		return l.Glob.Match(lowerName(thing))
	})
}

// pageOf sorts a few things and gives a page of them.
func pageOf[T any](things []T, compare func(a, b T) int, l Listing) []T {
	slices.SortFunc(things, compare)
	if l.descending() {
		slices.Reverse(things)
	}
	begin := min(l.offset(), len(things))
	return things[begin:min(begin+l.PerPage, len(things))]
}
