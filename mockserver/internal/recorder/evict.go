package recorder

import "math"

// evictBytes evicts the oldest entries and triggers until so many bytes are free.
func (r *Recorder) evictBytes(bytes int64, keepNewest bool) {
	kept := 0
	if keepNewest {
		kept = 1
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.evict(r.bytes-bytes, kept)
}

// evict evicts the oldest entries and triggers until there are not too many, and
// they take most bytes together at the most. So many of the newest entries, and of
// the newest events, are kept. The lock must be held.
func (r *Recorder) evict(most int64, kept int) {
	for len(r.entries) > max(r.maxEntries, kept) {
		r.evictEntry()
	}
	for r.bytes > most && r.evictOldest(kept) {
	}
	oldest := uint64(math.MaxUint64)
	if len(r.entries) > 0 {
		oldest = r.entries[0].Sequence
	}
	for len(r.triggers) > 0 && r.triggers[0].Request < oldest {
		r.evictTrigger()
	}
	for len(r.events) > 0 && len(r.events)+len(r.triggers) > max(r.maxEntries, 1) {
		r.evictEvent()
	}
	r.share.Set(r.bytes)
}

// evictOldest evicts the oldest entry or event, and reports whether there was one.
func (r *Recorder) evictOldest(kept int) bool {
	entries, events := len(r.entries) > kept, len(r.events) > kept
	switch {
	case events && (!entries || r.events[0].revision < r.entries[0].revision):
		r.evictEvent()
	case entries:
		r.evictEntry()
	}
	return entries || events
}

func (r *Recorder) evictEntry() {
	r.bytes -= r.entries[0].size()
	r.changes.forget(r.entries[0].change)
	r.entries = withoutFirst(r.entries)
	r.evicted++
}

func (r *Recorder) evictEvent() {
	r.bytes -= r.events[0].size()
	r.changes.forget(r.events[0].change)
	r.events = withoutFirst(r.events)
	r.triggersEvicted++
}

func (r *Recorder) evictTrigger() {
	r.bytes -= r.triggers[0].size()
	r.changes.forget(r.triggers[0].change)
	r.triggers = withoutFirst(r.triggers)
	r.triggersEvicted++
}

// withoutFirst returns the rest of a list, which does not keep its first element
// in memory.
func withoutFirst[T any](list []*T) []*T {
	list[0] = nil
	return list[1:]
}
