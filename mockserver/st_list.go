package mockserver

import (
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// listing is what a caller wants of a list.
type listing struct {
	sortField, sortDirection string
	page, perPage            int
	filterField, filter      decode.Value
	glob                     *contract.Filter // nil for all
}

func (l listing) descending() bool { return l.sortDirection == "desc" }
func (l listing) offset() int      { return l.page * l.perPage }

// list takes from a collection of the store what the caller wants, and reports
// how many there are in all. The store's lock is held for a page at the most: a
// filter is matched against a snapshot.
//
// A filter that begins with letters is matched against the names that begin so
// alone, where those are few: named makes a thing that sorts before them.
func list[T any](mu *sync.RWMutex, all collection[T], l listing, lowerName func(T) string, named func(string) T) ([]T, int) {
	if l.glob == nil {
		mu.RLock()
		defer mu.RUnlock()
		return all.page(l.sortField, l.descending(), l.offset(), l.perPage), all.len()
	}
	mu.Lock()
	snapshot, byName := all.snapshot(l.sortField), all.snapshot(lowerNameOrder)
	mu.Unlock()
	if prefix := l.glob.Prefix(); prefix != "" {
		if few, ok := beginning(byName, named(prefix), func(thing T) (begins, matches bool) {
			name := lowerName(thing)
			return strings.HasPrefix(name, prefix), l.glob.Match(name)
		}); ok {
			return pageOf(few, all.ordering[l.sortField].compare, l), len(few)
		}
	}
	return matching(snapshot, l.descending(), l.offset(), l.perPage, func(thing T) bool {
		return l.glob.Match(lowerName(thing))
	})
}

// pageOf sorts a few things and gives a page of them.
func pageOf[T any](things []T, compare func(a, b T) int, l listing) []T {
	slices.SortFunc(things, compare)
	if l.descending() {
		slices.Reverse(things)
	}
	begin := min(l.offset(), len(things))
	return things[begin:min(begin+l.perPage, len(things))]
}
