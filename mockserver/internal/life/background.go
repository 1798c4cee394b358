package life

import "sync"

// Background is the work that goes on beside requests: playing workflows, and
// serving WebSockets. No work begins after Close.
type Background struct {
	mu     sync.Mutex
	work   sync.WaitGroup
	closed bool
}

// Begin reports whether work may begin. The caller must then call Done at its
// end.
func (b *Background) Begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.work.Add(1)
	return true
}

// Done ends the work of a Begin that has reported true.
func (b *Background) Done() { b.work.Done() }

// Do runs work on a new goroutine, unless the background is closed. The work
// must not panic.
func (b *Background) Do(work func()) {
	if !b.Begin() {
		return
	}
	go func() {
		defer b.Done()
		work()
	}()
}

// Close lets no more work begin, and returns a channel that is closed when all
// work is done.
func (b *Background) Close() <-chan struct{} {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		b.work.Wait()
		close(idle)
	}()
	return idle
}
