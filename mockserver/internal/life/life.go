package life

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Life is the time of a server, of a World in it, or of a world from one reset
// to the next. Each lies within the one before, and ends with it. Whoever waits
// for something in a world also waits for the end of its life.
type Life struct {
	context.Context
	// end ends the life, which has a cause. To end it once more does nothing.
	Close context.CancelCauseFunc
}

func New(within context.Context) Life {
	ctx, end := context.WithCancelCause(within)
	return Life{ctx, end}
}

// Cause is why the life has ended; nil while it lasts.
func (l Life) Cause() error { return context.Cause(l.Context) }

// Why a life ends.
var (
	ErrReset    = errors.New("the world was reset")
	ErrShutdown = errors.New("the server was shut down")
	ErrChecked  = errors.New("the check is done")
)

// DroppedError is why the World of a sandbox ends: its name.
type DroppedError string

func (e DroppedError) Error() string { return fmt.Sprintf("the sandbox %q was dropped", string(e)) }

// Farewell is what those hear who wait for something when the life ends.
func (l Life) ClosingMessage() string {
	if errors.Is(l.Cause(), ErrShutdown) {
		return "The server is going away"
	}
	return "The server was reset"
}

// Pause waits while neither ctx nor the life ends, and reports whether the
// whole time has passed.
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
