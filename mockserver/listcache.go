package mockserver

import (
	"strconv"
	"sync"

	"github.com/losantmock/losantmock/contract"
)

// listCache keeps the lists of an application that were asked for last, until
// one of its webhooks changes. Suites and pages ask for the same list again and
// again; the journal shares the bytes too.
type listCache struct {
	mu      sync.RWMutex
	changes uint64 // of the application, when the lists were made
	lists   map[listKey]*sharedBody
	bytes   int
}

// What a cache holds at the most: lists, and their bytes.
const (
	cachedLists = 64
	cachedBytes = 1 << 20
)

// listKey is all that a list depends on beside the webhooks.
type listKey struct {
	listing  listing
	switches halSwitches
	grants   contract.Grants
}

// key is a listing by what was asked for; how its filter is compiled follows
// from that.
func (l listing) key() listing {
	l.glob = nil
	l.filter.Body, l.filterField.Body = nil, nil
	return l
}

// sharedBody is a body that several answers have in common.
type sharedBody struct {
	plain  []byte
	length []string // the header Content-Length

	once   sync.Once
	packed []byte
}

func newSharedBody(plain []byte) *sharedBody {
	return &sharedBody{plain: plain, length: []string{strconv.Itoa(len(plain))}}
}

// compressed compresses the body once for all answers.
func (b *sharedBody) compressed() []byte {
	b.once.Do(func() { b.packed = compressed(b.plain) })
	return b.packed
}

// find gives a list as it is after so many changes; nil for none.
func (c *listCache) find(key listKey, changes uint64) *sharedBody {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.changes != changes {
		return nil
	}
	return c.lists[key]
}

// keep keeps a list that was made after so many changes.
func (c *listCache) keep(key listKey, changes uint64, body *sharedBody) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if changes < c.changes || len(body.plain) > cachedBytes {
		return
	}
	if changes > c.changes || len(c.lists) >= cachedLists || c.bytes+len(body.plain) > cachedBytes || c.lists == nil {
		c.changes, c.lists, c.bytes = changes, map[listKey]*sharedBody{}, 0
	}
	c.lists[key] = body
	c.bytes += len(body.plain)
}
