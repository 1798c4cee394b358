package recorder

// News is what has changed in a journal since a revision.
type News struct {
	Changes  []Change // in their order
	Revision uint64   // of the journal now
	Evicted  uint64   // how many entries were evicted since the journal was cleared
	Oldest   uint64   // the sequence of the oldest entry; without one, of the next
	Newest   uint64   // the sequence of the latest entry that arrived
	Removed  []uint64 // the sequences of entries that were removed, and not evicted
	// Forgotten reports whether a reader has to begin again: the journal was cleared
	// meanwhile, or no longer knows all that was removed.
	Forgotten bool
}

// mostRemovals is how many removed entries a journal remembers, for readers that
// have them.
const mostRemovals = 1000

// removals are the entries that were removed last.
type removals struct {
	latest    []removal // in their order
	forgotten uint64    // the revision of the latest removal that is not remembered
}

// removal is an entry that was removed, with the journal's revision after it.
type removal struct{ sequence, revision uint64 }

// note remembers an entry that was removed.
func (r *removals) note(sequence, revision uint64) {
	if len(r.latest) == mostRemovals {
		r.forgotten = r.latest[0].revision
		r.latest = r.latest[1:]
	}
	r.latest = append(r.latest, removal{sequence, revision})
}

// since returns the sequences of entries that were removed after a revision, and
// whether these are all.
func (r *removals) since(revision uint64) (sequences []uint64, all bool) {
	if revision == 0 {
		return nil, true // the reader has no entry
	}
	for _, one := range r.latest {
		if one.revision > revision {
			sequences = append(sequences, one.sequence)
		}
	}
	return sequences, revision >= r.forgotten
}

// News returns what has changed after a revision; 0 is that of a reader that has no
// entry. It looks at these changes alone.
func (r *Recorder) News(revision uint64) News {
	r.mu.RLock()
	defer r.mu.RUnlock()
	news := News{Revision: r.revision, Evicted: r.evicted, Oldest: r.total + 1, Newest: r.total}
	if len(r.entries) > 0 {
		news.Oldest = r.entries[0].Sequence
	}
	removed, all := r.removals.since(revision)
	if !all {
		news.Forgotten = true
		return news
	}
	news.Changes, news.Removed = r.changesSince(revision), removed
	return news
}
