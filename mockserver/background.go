package mockserver

import "sync"

// background is the work that goes on beside requests: who plays workflows,
// and WebSockets. None begins once the server ends.
type background struct {
	mu    sync.Mutex
	work  sync.WaitGroup
	ended bool
}

// begin tells whether work may begin; if so, done must be called at its end.
func (b *background) begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return false
	}
	b.work.Add(1)
	return true
}

func (b *background) done() { b.work.Done() }

// do runs work on a goroutine of its own. The work must not panic.
func (b *background) do(work func()) {
	if !b.begin() {
		return
	}
	go func() {
		defer b.done()
		work()
	}()
}

// end lets no more work begin, and gives a channel that is closed when all is
// done.
func (b *background) end() <-chan struct{} {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		b.work.Wait()
		close(idle)
	}()
	return idle
}
