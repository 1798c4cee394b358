package life

import "sync"

// Background is the work that goes on beside requests: who plays workflows,
// and WebSockets. None begins once the server ends.
type Background struct {
	mu     sync.Mutex
	work   sync.WaitGroup
	closed bool
}

// Begin tells whether work may begin; if so, done must be called at its end.
func (b *Background) Begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.work.Add(1)
	return true
}

func (b *Background) Done() { b.work.Done() }

// Do runs work on a goroutine of its own. The work must not panic.
func (b *Background) Do(work func()) {
	if !b.Begin() {
		return
	}
	go func() {
		defer b.Done()
		work()
	}()
}

// End lets no more work begin, and gives a channel that is closed when all is
// done.
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
