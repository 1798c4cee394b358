package mockserver

import (
	"sync"
	"time"
)

// callLog remembers the calls of the webhooks that have been called.
type callLog struct {
	mu   sync.RWMutex
	byID map[objectID]*callWindow
}

func (l *callLog) of(id objectID) *callWindow {
	l.mu.RLock()
	known := l.byID[id]
	l.mu.RUnlock()
	if known != nil {
		return known
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byID == nil {
		l.byID = map[objectID]*callWindow{}
	}
	if l.byID[id] == nil {
		l.byID[id] = new(callWindow)
	}
	return l.byID[id]
}

// callWindow remembers when a webhook was called, for a limit on any stretch
// of time: a window that slides, without a moment at which all is forgotten.
type callWindow struct {
	mu    sync.Mutex
	times []time.Time // a ring of the latest calls that were let through
	next  int         // where the next one goes, over the oldest
}

// wait lets a call through unless there were so many within the time before
// it: then it tells how long to wait, and the call does not count.
func (w *callWindow) wait(at time.Time, calls int, per time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.times) < calls {
		w.times = append(w.times, at)
		return 0
	}
	if since := at.Sub(w.times[w.next]); since < per {
		return per - since
	}
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return 0
}

// callers remembers who has asked the API how often, by access token.
type callers struct {
	mu      sync.Mutex
	byToken map[string]*callWindow
}

func (c *callers) window(token string) *callWindow {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byToken == nil {
		c.byToken = map[string]*callWindow{}
	}
	if c.byToken[token] == nil {
		c.byToken[token] = new(callWindow)
	}
	return c.byToken[token]
}
