package world

import (
	"context"
	"time"
)

// Await waits until a condition is true, or the context or the world is closed. It
// calls the condition after each change of the journal, and goes on after a reset.
func (w *World) Await(ctx context.Context, condition func(*Era) bool) {
	for {
		e := w.Era()
		changed := e.Journal.Next() // before the condition, so that no change is missed
		if condition(e) {
			return
		}
		select {
		case <-changed:
		case <-e.Life.Done():
			if w.Life.Err() != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// AwaitFor is Await with a timeout. It returns at once if there is no time to
// wait.
func (w *World) AwaitFor(within time.Duration, condition func(*Era) bool) {
	if within <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	w.Await(ctx, condition)
}
