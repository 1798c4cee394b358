package mockserver

import (
	"sync"
	"sync/atomic"
	"time"
)

// calls is what is remembered of the calls of a webhook, whatever becomes of
// its properties.
type calls struct {
	callWindow
	turn atomic.Uint64 // of the scenario's replies
}

// callWindow remembers when a webhook was called, for a limit on any stretch
// of time: a window that slides, without a moment at which all is forgotten.
type callWindow struct {
	mu    sync.Mutex
	times []time.Time // a ring of the latest calls that were let through
	next  int         // where the next one goes, over the oldest
}

// allow lets a call through unless there were so many within the time before
// it. One that is not let through does not count.
func (w *callWindow) allow(at time.Time, calls int, per time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.times) < calls {
		w.times = append(w.times, at)
		return true
	}
	if at.Sub(w.times[w.next]) < per {
		return false
	}
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return true
}
