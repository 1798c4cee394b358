package recorder

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Change is a change of an entry or of a trigger, with the journal's revision
// after it.
type Change struct {
	Entry    *Entry
	Trigger  *Trigger
	Revision uint64
}

// Since returns the changes after a revision in their order, the journal's
// revision now, and how many entries were evicted in all.
func (r *Recorder) Since(revision uint64) (changes []Change, now, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, e := range r.entries {
		if e.revision > revision {
			changes = append(changes, Change{Entry: e, Revision: e.revision})
		}
	}
	for _, t := range r.triggers {
		if t.revision > revision {
			changes = append(changes, Change{Trigger: t, Revision: t.revision})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Revision, b.Revision) })
	return changes, r.revision, r.evicted
}

// wake closes the channel of Next. The lock must be held.
func (r *Recorder) wake() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// Next returns a channel that is closed at the next change.
func (r *Recorder) Next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	return r.changed
}

// LastEventID returns the event id of the latest revision.
func (r *Recorder) LastEventID() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.EventID(r.revision)
}

// EventID returns the id of a revision. No other journal has the same id.
func (r *Recorder) EventID(revision uint64) string { return fmt.Sprintf("%x-%d", r.name, revision) }

// RevisionOf returns the revision of an event id; 0, which is before the first
// change, for an id of another journal.
func (r *Recorder) RevisionOf(eventID string) uint64 {
	number, ok := strings.CutPrefix(eventID, fmt.Sprintf("%x-", r.name))
	if !ok {
		return 0
	}
	revision, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0
	}
	return revision
}
