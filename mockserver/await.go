package mockserver

import "context"

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

// await waits until so many requests meet a pattern, or until the context
// ends. A reset wakes it, and what comes afterwards counts.
func (s *Server) await(ctx context.Context, p pattern, n int) {
	for {
		j := s.world().journal
		changed := j.next() // before looking, so that nothing is missed between
		found, _ := j.matching(p)
		if len(found) >= n {
			return
		}
		select {
		case <-changed:
		case <-s.ending:
			return
		case <-ctx.Done():
			return
		}
	}
}
