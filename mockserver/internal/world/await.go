package world

import (
	"context"
	"time"
)

// Await waits until a condition is met, which it looks at whenever the journal
// has changed, or until the context or the world ends. What comes after a reset
// counts too.
func (w *World) Await(ctx context.Context, met func(*Era) bool) {
	for {
		e := w.Era()
		changed := e.Journal.Next() // before looking, so that nothing is missed between
		if met(e) {
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

// AwaitFor is await for a time; none waits for nothing.
func (w *World) AwaitFor(within time.Duration, met func(*Era) bool) {
	if within <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	w.Await(ctx, met)
}
