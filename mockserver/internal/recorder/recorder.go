// Package recorder keeps what arrived at a world: requests and triggers, bounded
// and in order, and on disk. What is recorded never changes.
package recorder

import (
	"cmp"
	"slices"
	"sync"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
)

// The defaults of what a journal keeps.
const (
	DefaultEntries = 100_000
	DefaultBytes   = 256 << 20
)

// Recorder is the journal of a world: its latest requests and triggers, within a
// count and a size. An entry is added when its request arrives, and completed
// before the response is sent.
type Recorder struct {
	// BasePath is the path of the sandbox whose journal this is; blank for the main
	// world. It is set before the first entry.
	BasePath string

	maxEntries int
	maxBytes   int64
	name       [8]byte   // makes ids of different journals different
	restored   *restored // what a file has; nil for a journal that records

	mu      sync.RWMutex
	entries []*Entry // by sequence
	bytes   int64
	share   *limit.Share // of the budget of all journals
	total   uint64
	evicted uint64

	triggers        []*Trigger // of calls, oldest first; each goes with its entry
	events          []*Trigger // of WebSockets, oldest first
	triggersTotal   uint64
	triggersEvicted uint64

	revision uint64 // counts the changes
	changes  changeLog
	removals removals
	changed  chan struct{} // closed at the next change; nil if no code waits for it
}

// New returns an empty journal with limits. Its ids begin with random bytes that
// draw returns, so that two journals have different ones.
func New(maxEntries int, maxBytes int64, draw func([]byte)) *Recorder {
	r := &Recorder{maxEntries: maxEntries, maxBytes: maxBytes, changes: newChangeLog()}
	draw(r.name[:])
	return r
}

// CountIn counts the journal in a budget that it shares with others, until Leave
// is called. It is called before the first entry arrives.
func (r *Recorder) CountIn(b *limit.Budget) { r.share = b.Share(limit.Journal, r.evictBytes) }

// Leave gives back what the journal takes of the budget.
func (r *Recorder) Leave() { r.share.Leave() }

// Arrive adds an entry when its request arrives.
func (r *Recorder) Arrive(e *Entry) {
	defer r.share.Balance()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	e.Sequence = r.total
	r.entries = append(r.entries, e)
	r.bytes += e.size()
	r.touch(e)
}

// Note adds to an entry what is known of its request before it has its response. It
// wakes what waits for a change, and is no change of its own: a stream shows a
// request when it arrives and when it is complete.
func (r *Recorder) Note(e *Entry, o Outcome) {
	defer r.share.Balance()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.setOutcome(e, &o)
	r.evict(r.maxBytes, 1)
	r.wake()
}

// Complete adds the outcome to an entry.
func (r *Recorder) Complete(e *Entry, o Outcome) {
	defer r.share.Balance()
	r.mu.Lock()
	defer r.mu.Unlock()
	o.complete = true
	r.setOutcome(e, &o)
	r.touch(e)
}

// setOutcome replaces the outcome of an entry. The lock must be held.
func (r *Recorder) setOutcome(e *Entry, o *Outcome) {
	o.Response.Kept = nil // what is compressed for others is not the entry's
	before := e.size()
	e.outcome.Store(o)
	if _, kept := r.position(e.Sequence); kept {
		r.bytes += e.size() - before
	}
}

// touch notes a change, evicts the oldest if there is too much, and wakes what
// waits for a change.
func (r *Recorder) touch(e *Entry) {
	r.revision++
	e.revision = r.revision
	e.change = r.changes.note(e.change, e)
	r.evict(r.maxBytes, 1)
	r.wake()
}

// Remove removes the entries that match a condition, with their triggers, and
// returns them, oldest first. They do not count as evicted. The condition is
// called without the lock: an entry that arrives meanwhile stays.
func (r *Recorder) Remove(condition func(*Entry) bool) []*Entry {
	all, _ := r.Snapshot()
	matched := map[*Entry]bool{}
	for _, e := range all {
		if condition(e) {
			matched[e] = true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.revision++
	var kept, removed []*Entry
	for _, e := range r.entries {
		if matched[e] {
			removed = append(removed, e)
			r.removals.note(e.Sequence, r.revision)
			r.bytes -= e.size()
			r.changes.forget(e.change)
		} else {
			kept = append(kept, e)
		}
	}
	r.entries = kept
	r.removeTriggersOf(removed)
	r.share.Set(r.bytes)
	r.wake()
	return removed
}

// Clear removes all entries and triggers, and returns the entries, oldest first. What
// was evicted before can't matter any more, and is no longer counted.
func (r *Recorder) Clear() []*Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	removed := r.entries
	r.entries, r.triggers, r.events, r.bytes = nil, nil, nil, 0
	r.evicted, r.triggersEvicted = 0, 0
	r.changes = newChangeLog()
	r.revision++
	r.removals = removals{forgotten: r.revision}
	r.share.Set(0)
	r.wake()
	return removed
}

// Count returns how many requests have arrived in all.
func (r *Recorder) Count() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.total
}

// Find returns the entry of an id; nil if there is none.
func (r *Recorder) Find(id string) *Entry {
	r.mu.RLock()
	defer r.mu.RUnlock()
	sequence, ok := r.sequence(id)
	if !ok {
		return nil
	}
	if i, found := r.position(sequence); found {
		return r.entries[i]
	}
	return nil
}

// position returns the index of the entry with a sequence. Most often nothing was removed
// behind it, and it is as far from the end as its sequence is from the last one.
func (r *Recorder) position(sequence uint64) (int, bool) {
	if likely := len(r.entries) - 1 - int(r.total-sequence); likely >= 0 && likely < len(r.entries) && r.entries[likely].Sequence == sequence {
		return likely, true
	}
	return slices.BinarySearchFunc(r.entries, sequence, func(e *Entry, sequence uint64) int {
		return cmp.Compare(e.Sequence, sequence)
	})
}

// Snapshot returns the entries that the journal holds now, oldest first, and how
// many were evicted before.
func (r *Recorder) Snapshot() (entries []*Entry, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.entries), r.evicted
}
