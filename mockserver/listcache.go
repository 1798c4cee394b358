package mockserver

import (
	"sync"
)

// listCache keeps the last lists of an application until one of its webhooks
// changes. Suites and pages ask for the same list again and again: without the
// cache, each would take half as long again. The journal shares the bytes.
type listCache struct {
	mu      sync.RWMutex
	changes uint64 // of the application, when the lists were made
	lists   map[listKey][]byte
	bytes   int
}

// What a cache holds at the most: lists, and their bytes.
const (
	cachedLists = 64
	cachedBytes = 1 << 20
)

// listKey is all that a list depends on beside the webhooks.
type listKey struct {
	listing listing
	added   hal
}

// key is a listing by what was asked for; how its filter is compiled follows
// from that.
func (l listing) key() listing {
	l.glob = nil
	l.filter.Body, l.filterField.Body = nil, nil
	return l
}

// find returns a list as it is after so many changes; nil for none.
func (c *listCache) find(key listKey, changes uint64) []byte {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.changes != changes {
		return nil
	}
	return c.lists[key]
}

// keep keeps a list that was made after so many changes.
func (c *listCache) keep(key listKey, changes uint64, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if changes < c.changes || len(body) > cachedBytes {
		return
	}
	if changes > c.changes || len(c.lists) >= cachedLists || c.bytes+len(body) > cachedBytes || c.lists == nil {
		c.changes, c.lists, c.bytes = changes, map[listKey][]byte{}, 0
	}
	c.lists[key] = body
	c.bytes += len(body)
}
