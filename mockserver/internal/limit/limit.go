// Package limit bounds memory and rates: it keeps what was used last, and counts
// how often a key was used.
package limit

import (
	linked "container/list"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// Recent keeps a value for each of the [scenarios.MaxRemembered] keys that were
// used last, however many keys there are. The key that was not used for longest
// is evicted first. A Recent has no lock: its owner guards it.
type Recent[K comparable, V any] struct {
	byKey map[K]*linked.Element // the elements' values are of type *used[K, V]
	order linked.List           // the key that was used last is the first
	bytes int64
}

type used[K comparable, V any] struct {
	key   K
	value V
	extra int64 // bytes of the value that are elsewhere in memory
}

// keySize is about the size of a key with its value in bytes.
const keySize = 256

// Key is what a table keeps of a text that a client chooses, such as an access
// token. It has one size, however long the text is.
type Key [16]byte

// KeyOf returns the key of a text.
func KeyOf(text string) Key {
	sum := sha256.Sum256([]byte(text))
	return Key(sum[:16])
}

// Use returns the value of a key, for the caller to read and change. At the first
// use of a key it is the zero value.
func (r *Recent[K, V]) Use(key K) *V {
	if known := r.byKey[key]; known != nil {
		r.order.MoveToFront(known)
		return &known.Value.(*used[K, V]).value
	}
	if r.byKey == nil {
		r.byKey = map[K]*linked.Element{}
	}
	u := &used[K, V]{key: key}
	r.byKey[key] = r.order.PushFront(u)
	r.bytes += keySize
	if r.order.Len() > scenarios.MaxRemembered {
		r.evict(r.order.Back())
	}
	return &u.value
}

// Has reports whether there is a value for a key. It is no use of it.
func (r *Recent[K, V]) Has(key K) bool { return r.byKey[key] != nil }

// Evict evicts the keys that were not used for longest, until so many bytes are
// free.
func (r *Recent[K, V]) Evict(bytes int64) {
	for enough := r.bytes - bytes; r.bytes > enough && r.order.Len() > 0; {
		r.evict(r.order.Back())
	}
}

func (r *Recent[K, V]) evict(e *linked.Element) {
	u := r.order.Remove(e).(*used[K, V])
	delete(r.byKey, u.key)
	r.bytes -= keySize + u.extra
}

// resize sets how many bytes the value of the key that was used last has elsewhere
// in memory.
func (r *Recent[K, V]) resize(extra int64) {
	last := r.order.Front().Value.(*used[K, V])
	r.bytes += extra - last.extra
	last.extra = extra
}

// Bytes returns about how many bytes of memory the keys and values take.
func (r *Recent[K, V]) Bytes() int64 { return r.bytes }

// Len returns how many keys there are.
func (r *Recent[K, V]) Len() int { return r.order.Len() }

// Throttle limits the rate of calls for each key, such as an access token or a
// webhook. It remembers the keys that called last, whatever the time is: a clock
// that is set forth and back frees no limit.
type Throttle[K comparable] struct {
	Limit scenarios.RateLimit // the zero value is no limit

	share *Share
	mu    sync.Mutex
	calls Recent[K, callWindow]
}

// CountIn counts the memory of the throttle in a budget, until the returned share
// leaves it.
func (t *Throttle[K]) CountIn(b *Budget) *Share {
	t.share = b.Share(Table, func(bytes int64, _ bool) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.calls.Evict(bytes)
		t.share.Set(t.calls.Bytes())
	})
	return t.share
}

// Wait counts a call and returns 0, unless the key has reached the limit. Then
// it returns how long to wait, and the call does not count.
func (t *Throttle[K]) Wait(key K, at time.Time) time.Duration {
	if t.Limit.Calls == 0 {
		return 0
	}
	defer t.share.Balance()
	t.mu.Lock()
	defer t.mu.Unlock()
	window := t.calls.Use(key)
	wait := window.wait(at, t.Limit)
	t.calls.resize(int64(cap(window.times)) * callSize)
	t.share.Set(t.calls.Bytes())
	return wait
}

// Len returns how many keys are remembered.
func (t *Throttle[K]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls.Len()
}

// callSize is the size of a counted call in bytes.
const callSize = 24

// callWindow is a sliding window: it remembers when the latest calls were
// counted, so that the limit holds in any stretch of time.
type callWindow struct {
	times []time.Time // a ring of the latest calls
	next  int         // where the next one goes, over the oldest
}

// wait counts a call, or returns how long to wait. A call that was counted later
// than at was so before the clock was set back: it counts as one of now, so that
// the limit holds and nothing waits for longer than its time.
func (w *callWindow) wait(at time.Time, limit scenarios.RateLimit) time.Duration {
	w.setBack(at)
	if len(w.times) < limit.Calls {
		w.times = append(w.times, at)
		return 0
	}
	if since := at.Sub(w.times[w.next]); since < limit.Per {
		return limit.Per - since
	}
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return 0
}

// setBack makes the calls that were counted later than at calls of at. They are the
// latest, from the newest back: while no clock is set back, there is none.
func (w *callWindow) setBack(at time.Time) {
	for i := range w.times {
		newest := (w.next + len(w.times) - 1 - i) % len(w.times)
		if !w.times[newest].After(at) {
			return
		}
		w.times[newest] = at
	}
}
