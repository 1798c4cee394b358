package limit

import (
	"sync"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// Throttle limits the rate of calls for each key, such as an access token or a
// webhook. It remembers a key until its last call no longer counts.
type Throttle[K comparable] struct {
	Limit scenarios.RateLimit // the zero value is no limit

	mu    sync.Mutex
	calls Recent[K, callWindow]
}

// Wait counts a call and returns 0, unless the key has reached the limit. Then
// it returns how long to wait, and the call does not count.
func (t *Throttle[K]) Wait(key K, at time.Time) time.Duration {
	if t.Limit.Calls == 0 {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls.evictUnused(at.Add(-t.Limit.Per))
	return t.calls.Use(key, at).wait(at, t.Limit)
}

// Len returns how many keys are remembered.
func (t *Throttle[K]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls.Len()
}

// callWindow is a sliding window: it remembers when the latest calls were
// counted, so that the limit holds in any stretch of time.
type callWindow struct {
	times []time.Time // a ring of the latest calls
	next  int         // where the next one goes, over the oldest
}

func (w *callWindow) wait(at time.Time, limit scenarios.RateLimit) time.Duration {
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
