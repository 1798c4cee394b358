package state

import "sync"

// listCache keeps the last lists of an application until one of its webhooks
// changes. Test suites and pages request the same list again and again: without
// the cache each would take half as long again. The journal shares the bytes.
type listCache struct {
	mu      sync.RWMutex
	changes uint64         // of the application, when the lists were made
	lists   map[any][]byte // by everything else that a list depends on
	bytes   int
}

// The most that a cache holds: lists, and their bytes.
const (
	cachedLists = 64
	cachedBytes = 1 << 20
)

// Find returns the list of a key as it is after so many changes; nil if the
// cache does not have it.
func (c *listCache) Find(key any, changes uint64) []byte {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.changes != changes {
		return nil
	}
	return c.lists[key]
}

// Keep adds a list that was made after so many changes.
func (c *listCache) Keep(key any, changes uint64, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if changes < c.changes || len(body) > cachedBytes {
		return
	}
	if changes > c.changes || len(c.lists) >= cachedLists || c.bytes+len(body) > cachedBytes || c.lists == nil {
		c.changes, c.lists, c.bytes = changes, map[any][]byte{}, 0
	}
	c.lists[key] = body
	c.bytes += len(body)
}
