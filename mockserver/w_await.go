package mockserver

import (
	"context"
	"time"
)

// await waits until a condition is met, which it looks at whenever the journal
// has changed, or until the context or the world ends. What comes after a reset
// counts too.
func (v *baseWorld) await(ctx context.Context, met func(*era) bool) {
	for {
		e := v.era()
		changed := e.journal.next() // before looking, so that nothing is missed between
		if met(e) {
			return
		}
		select {
		case <-changed:
		case <-e.life.Done():
			if v.life.Err() != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// awaitFor is await for a time; none waits for nothing.
func (v *baseWorld) awaitFor(within time.Duration, met func(*era) bool) {
	if within <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	v.await(ctx, met)
}
