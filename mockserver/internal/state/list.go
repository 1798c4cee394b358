package state

import (
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
)

// Listing describes the page of a list that a caller wants.
type Listing struct {
	SortField, SortDirection string
	Page, PerPage            int
	FilterField, Filter      decode.Value
	Glob                     *filter.Filter // nil for all
	// Owner selects applications: absent for all, blank for those of users, or the
	// id of an organization.
	Owner decode.Value
}

// hasOwner reports whether an application has the owner that the caller wants.
func (l Listing) hasOwner(a *Application) bool {
	owned := a.OwnerType == OwnedByOrganization
	switch {
	case !l.Owner.Given:
		return true
	case l.Owner.Text == "":
		return !owned
	default:
		return owned && strings.EqualFold(a.OwnerID, l.Owner.Text)
	}
}

func (l Listing) descending() bool { return l.SortDirection == "desc" }
func (l Listing) offset() int      { return l.Page * l.PerPage }

// lowerNameOrder is the order by names in lower case. Filters look names up in
// it; a request can't have it as a sortField.
const lowerNameOrder = "lowerName"

// list returns the page of a collection that the caller wants, and how many
// things match in all. The store's lock is held for a page at the most: a filter
// is matched against a snapshot.
//
// A filter that begins with letters is first matched against the names that
// begin with them; named returns a thing that sorts before those.
func list[T any](mu *sync.RWMutex, all sorted.Collection[T], l Listing, wanted func(T) bool, lowerName func(T) string, named func(string) T) ([]T, int) {
	if l.Glob == nil && !l.Owner.Given {
		mu.RLock()
		defer mu.RUnlock()
		return all.Page(l.SortField, l.descending(), l.offset(), l.PerPage), all.Len()
	}
	mu.Lock()
	snapshot, byName := all.Snapshot(l.SortField), all.Snapshot(lowerNameOrder)
	mu.Unlock()
	matches := func(thing T) bool {
		return (wanted == nil || wanted(thing)) && (l.Glob == nil || l.Glob.Match(lowerName(thing)))
	}
	if l.Glob != nil && l.Glob.Prefix() != "" {
		prefix := l.Glob.Prefix()
		if found, few := sorted.WithPrefix(byName, named(prefix), func(thing T) (bool, bool) {
			return strings.HasPrefix(lowerName(thing), prefix), matches(thing)
		}); few {
			return pageOf(found, all.Compare(l.SortField), l), len(found)
		}
	}
	return sorted.Matching(snapshot, l.descending(), l.offset(), l.PerPage, matches)
}

// pageOf sorts a few things and returns a page of them.
func pageOf[T any](things []T, compare func(a, b T) int, l Listing) []T {
	slices.SortFunc(things, compare)
	if l.descending() {
		slices.Reverse(things)
	}
	begin := min(l.offset(), len(things))
	return things[begin:min(begin+l.PerPage, len(things))]
}

// responseCache keeps the last responses about the webhooks of an application until one
// of those changes. Test suites and pages request the same again and again: without the
// cache a list of 100 would take three times as long, and compressed ten times. The journal
// shares the bytes.
type responseCache struct {
	mu      sync.RWMutex
	changes uint64      // of the application, when the responses were made
	kept    map[any]any // by everything else that a response depends on
	bytes   int
}

// The most that a cache holds: responses, and their bytes.
const (
	cachedResponses = 64
	cachedBytes     = 1 << 20
)

// Find returns the response of a key as it is after so many changes; nil if the
// cache does not have it.
func (c *responseCache) Find(key any, changes uint64) any {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.changes != changes {
		return nil
	}
	return c.kept[key]
}

// Keep adds a response of a size in bytes that was made after so many changes.
func (c *responseCache) Keep(key any, changes uint64, response any, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if changes < c.changes || size > cachedBytes {
		return
	}
	if changes > c.changes || len(c.kept) >= cachedResponses || c.bytes+size > cachedBytes || c.kept == nil {
		c.changes, c.kept, c.bytes = changes, map[any]any{}, 0
	}
	c.kept[key] = response
	c.bytes += size
}
