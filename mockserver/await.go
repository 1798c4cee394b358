package mockserver

import (
	"context"
	"time"
)

// matching gives the entries that meet a pattern, oldest first, and how many
// entries were let go before anybody asked.
func (j *journal) matching(p pattern) (found []*entry, evicted uint64) {
	entries, evicted := j.snapshot()
	for _, e := range entries {
		if p.matches(e) {
			found = append(found, e)
		}
	}
	return found, evicted
}

// await waits until the journal has what is asked for, or until the context or
// the World ends. What comes after a reset counts too.
func (v *World) await(ctx context.Context, met func(*world) bool) {
	for {
		w := v.world()
		changed := w.journal.next() // before looking, so that nothing is missed between
		if met(w) {
			return
		}
		select {
		case <-changed:
		case <-w.life.Done():
			if v.life.Err() != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// awaitFor is await for a time; none waits for nothing.
func awaitFor(v *World, within time.Duration, met func(*world) bool) {
	if within <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	v.await(ctx, met)
}
