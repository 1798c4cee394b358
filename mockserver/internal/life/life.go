// Package life holds what a server's parts need to end in order: lifetimes with
// a cause, work in the background, and the count of panics.
package life

import (
	"context"
	"errors"
	"fmt"
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
	ErrChecked  = errors.New("the check is done")
)

// DroppedError is the cause with which the world of a sandbox is closed: its
// name.
type DroppedError string

// Error returns a message with the name.
func (e DroppedError) Error() string { return fmt.Sprintf("the sandbox %q was dropped", string(e)) }

// ClosingMessage returns the message to clients that still wait for something when
// the life is closed.
func (l Life) ClosingMessage() string {
	if errors.Is(l.Cause(), ErrShutdown) {
		return "The server is going away"
	}
	return "The server was reset"
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
