// Package life holds what a server's parts need to end in order: lifetimes with
// a cause, work in the background, and the count of panics.
package life

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Life is the lifetime of a server, of a world in it, or of a world from one
// reset to the next. Each is part of the one before, and is closed with it. Code
// that waits for something in a world also waits for the life to be closed.
type Life struct {
	context.Context
	// Close closes the life with a cause. Further calls do nothing.
	Close context.CancelCauseFunc
}

// New returns a life that is closed with another one, at the latest.
func New(within context.Context) Life {
	ctx, end := context.WithCancelCause(within)
	return Life{ctx, end}
}

// Cause returns why the life was closed; nil if it is not.
func (l Life) Cause() error { return context.Cause(l.Context) }

// The causes with which a life is closed.
var (
	ErrReset    = errors.New("the world was reset")
	ErrShutdown = errors.New("the server was shut down")
)

// DroppedError is the cause with which the world of a sandbox is closed: its
// name.
type DroppedError string

// Error returns a message with the name.
func (e DroppedError) Error() string { return fmt.Sprintf("the sandbox %q was dropped", string(e)) }

// Dropped returns the error of a sandbox that was dropped; nil if the life is not
// closed, or has another cause.
func (l Life) Dropped() error {
	if cause := l.Cause(); errors.As(cause, new(DroppedError)) {
		return cause
	}
	return nil
}

// ClosingMessage returns the message to clients that still wait for something when
// the life is closed.
func (l Life) ClosingMessage() string {
	switch {
	case l.Dropped() != nil:
		return "The sandbox was dropped"
	case errors.Is(l.Cause(), ErrShutdown):
		return "The server is going away"
	default:
		return "The server was reset"
	}
}

// Pause waits for a time, or until ctx or the life is closed. It reports whether
// the whole time has passed.
func (l Life) Pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-l.Done():
		return false
	}
}

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

// Panics counts the panics of the server itself: each is a bug to report.
type Panics struct {
	Logger *slog.Logger
	Count  atomic.Uint64
}

// Catch does work. If that panics, it counts the panic and returns its text with
// the stack; otherwise the text is blank. [http.ErrAbortHandler] is no bug, and
// goes on to net/http.
func (p *Panics) Catch(work func()) (panicked string) {
	defer func() {
		switch problem := recover(); problem {
		case nil:
		case http.ErrAbortHandler:
			panic(problem)
		default:
			p.Count.Add(1)
			panicked = fmt.Sprintf("%v\n%s", problem, debug.Stack())
		}
	}()
	work()
	return ""
}

// Log logs a panic with the request that led to it. A logger that panics itself
// ends nothing.
func (p *Panics) Log(method, target, panicked string) {
	path, _, _ := strings.Cut(target, "?") // a query can hold a token
	p.Catch(func() { p.Logger.Error("panic", "method", method, "path", path, "panic", panicked) })
}

// LogWork logs a panic of work that no request has begun.
func (p *Panics) LogWork(work, panicked string) {
	p.Catch(func() { p.Logger.Error("panic", "work", work, "panic", panicked) })
}
