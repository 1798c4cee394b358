package mockserver

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// life is the time of a server, of a World in it, or of a world from one reset
// to the next. Each lies within the one before, and ends with it. Whoever waits
// for something in a world also waits for the end of its life.
type life struct {
	context.Context
	// end ends the life, which has a cause. To end it once more does nothing.
	end context.CancelCauseFunc
}

func newLife(within context.Context) life {
	ctx, end := context.WithCancelCause(within)
	return life{ctx, end}
}

// cause is why the life has ended; nil while it lasts.
func (l life) cause() error { return context.Cause(l.Context) }

// Why a life ends.
var (
	errReset    = errors.New("the world was reset")
	errShutdown = errors.New("the server was shut down")
	errChecked  = errors.New("the check is done")
)

// droppedError is why the World of a sandbox ends: its name.
type droppedError string

func (e droppedError) Error() string { return fmt.Sprintf("the sandbox %q was dropped", string(e)) }

// farewell is what those hear who wait for something when the life ends.
func (l life) farewell() string {
	if errors.Is(l.cause(), errShutdown) {
		return "The server is going away"
	}
	return "The server was reset"
}

// pause waits while neither ctx nor the life ends, and reports whether the
// whole time has passed.
func (l life) pause(ctx context.Context, d time.Duration) bool {
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
