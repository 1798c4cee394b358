package limit

import (
	"sync"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// Throttle holds each key, such as an access token or a webhook, to a rate
// limit. It remembers a key until its last call no longer counts.
type Throttle[K comparable] struct {
	Limit scenarios.RateLimit // the zero value is none

	mu    sync.Mutex
	calls Recent[K, callWindow]
}

// Wait lets a call through unless there were so many of the key within the time
// before it: then it returns how long to wait, and the call does not count.
func (t *Throttle[K]) Wait(key K, at time.Time) time.Duration {
	if t.Limit.Calls == 0 {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls.dropUnused(at.Add(-t.Limit.Per))
	return t.calls.Use(key, at).wait(at, t.Limit)
}

// Len returns how many keys are remembered.
func (t *Throttle[K]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls.Len()
}

// callWindow remembers when calls were let through, for a limit on any stretch
// of time: a window that slides, without a moment at which all is forgotten.
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
