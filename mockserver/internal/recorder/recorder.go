package recorder

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What a journal keeps when nobody says otherwise.
const (
	DefaultEntries = 100_000
	DefaultBytes   = 256 << 20
)

// Recorder keeps the latest requests of a world, within a count and a size. An
// entry is there from the arrival of its request, and complete before its
// answer is sent.
type Recorder struct {
	maxEntries int
	maxBytes   int64
	name       [8]byte // makes ids of different journals different

	mu      sync.RWMutex
	entries []*Entry // by sequence
	bytes   int64
	total   uint64
	evicted uint64

	// The triggers that requests have fired, and how many there were.
	triggers        []*Trigger
	triggersTotal   uint64
	triggersEvicted uint64

	revision uint64        // counts the changes
	changed  chan struct{} // closed at the next change; nil while nobody waits
}

func New(maxEntries int, maxBytes int64, draw func([]byte)) *Recorder {
	r := &Recorder{maxEntries: maxEntries, maxBytes: maxBytes}
	draw(r.name[:])
	return r
}

// Arrive takes in an entry at the arrival of its request.
func (r *Recorder) Arrive(e *Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	e.Sequence = r.total
	r.entries = append(r.entries, e)
	r.bytes += e.size()
	r.touch(e)
}

// Complete completes an entry with its outcome.
func (r *Recorder) Complete(e *Entry, o Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := e.size()
	e.outcome = o
	e.completed.Store(true)
	if _, kept := r.position(e.Sequence); kept {
		r.bytes += e.size() - before
	}
	r.touch(e)
}

// touch notes a change, lets go of the oldest entries where there are too many
// and wakes those who wait. The newest entry is always kept.
func (r *Recorder) touch(e *Entry) {
	r.revision++
	e.revision = r.revision
	gone := 0
	for len(r.entries)-gone > 1 && (len(r.entries)-gone > r.maxEntries || r.bytes > r.maxBytes) {
		r.bytes -= r.entries[gone].size()
		r.entries[gone] = nil
		gone++
	}
	r.entries = r.entries[gone:]
	r.evicted += uint64(gone)
	r.trim()
	r.wake()
}

// Fire takes in a trigger that a request has fired; nil is an event of a
// WebSocket, which brings the request's number itself.
func (r *Recorder) Fire(t *Trigger, by *Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.triggersTotal++
	t.Sequence = r.triggersTotal
	if by != nil {
		t.Request = by.Sequence
		by.Trigger.Store(t)
	}
	r.revision++
	t.revision = r.revision
	r.triggers = append(r.triggers, t)
	r.bytes += t.size()
	r.trim()
	r.wake()
}

// trim lets go of the oldest triggers: of those that are too many, and of
// those whose request is gone.
func (r *Recorder) trim() {
	var oldest uint64
	if len(r.entries) > 0 {
		oldest = r.entries[0].Sequence
	}
	gone := 0
	for len(r.triggers)-gone > 1 {
		t := r.triggers[gone]
		if len(r.triggers)-gone <= r.maxEntries && r.bytes <= r.maxBytes && (t.Event.Kind != "" || t.Request >= oldest) {
			break
		}
		r.bytes -= t.size()
		r.triggers[gone] = nil
		gone++
	}
	r.triggers = r.triggers[gone:]
	r.triggersEvicted += uint64(gone)
}

// triggerOverhead is about what a trigger costs beside the texts of its
// request, in bytes.
const triggerOverhead = 384

// cost is what a trigger costs. The body of a call is its request's.
func (t *Trigger) size() int64 {
	if t.Event.Kind == "" {
		return triggerOverhead
	}
	return triggerOverhead + int64(len(t.Body)+len(t.Event.Reason))
}

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
	var kept, removed []*Entry
	for _, e := range r.entries {
		if matched[e] {
			removed = append(removed, e)
			r.bytes -= e.size()
		} else {
			kept = append(kept, e)
		}
	}
	r.entries = kept
	r.forget(removed)
	r.wake()
	return removed
}

// forget takes out the triggers of requests that are no more.
func (r *Recorder) forget(removed []*Entry) {
	gone := map[uint64]bool{}
	for _, e := range removed {
		gone[e.Sequence] = true
	}
	r.triggers = slices.DeleteFunc(slices.Clone(r.triggers), func(t *Trigger) bool {
		if gone[t.Request] {
			r.bytes -= t.size()
		}
		return gone[t.Request]
	})
}

// Change is an entry or a trigger as it was at a revision of the journal.
type Change struct {
	Entry    *Entry
	Trigger  *Trigger
	Revision uint64
}

// Count is how many requests there were in all.
func (r *Recorder) Count() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.total
}

// Since gives the entries that changed after a revision, in the order of their
// changes, with the journal's revision now and how many entries were evicted.
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

// Find gives the entry of an id; nil when there is none.
func (r *Recorder) Find(id string) *Entry {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if i, found := r.index(id); found {
		return r.entries[i]
	}
	return nil
}

func (r *Recorder) index(id string) (int, bool) {
	sequence, ok := r.sequence(id)
	if !ok {
		return 0, false
	}
	return r.position(sequence)
}

func (r *Recorder) position(sequence uint64) (int, bool) {
	return slices.BinarySearchFunc(r.entries, sequence, func(e *Entry, sequence uint64) int {
		return cmp.Compare(e.Sequence, sequence)
	})
}

// Snapshot is what the journal holds now, oldest first, and how many entries
// were evicted before.
func (r *Recorder) Snapshot() (entries []*Entry, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.entries), r.evicted
}

// FiredTriggers are those that the journal holds now, oldest first, and how
// many were evicted before.
func (r *Recorder) FiredTriggers() (triggers []*Trigger, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.triggers), r.triggersEvicted
}

// ID is a UUID made of the journal's name and the sequence, so that no table
// of ids is needed.
func (r *Recorder) ID(sequence uint64) string {
	var u [16]byte
	copy(u[:8], r.name[:])
	binary.BigEndian.PutUint64(u[8:], sequence)
	u[6] = u[6]&0x0F | 0x80 // version 8: made in a way of one's own
	u[8] |= 0x80            // the variant of RFC 9562
	return uuidText(u)
}

func (r *Recorder) sequence(id string) (uint64, bool) {
	u, ok := ParseUUID(id)
	if !ok {
		return 0, false
	}
	sequence := binary.BigEndian.Uint64(u[8:]) &^ (1 << 63)
	return sequence, r.ID(sequence) == uuidText(u)
}

func uuidText(u [16]byte) string {
	text := hex.EncodeToString(u[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

func ParseUUID(text string) (u [16]byte, ok bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return u, false
	}
	_, err := hex.Decode(u[:], []byte(text[:8]+text[9:13]+text[14:18]+text[19:23]+text[24:]))
	return u, err == nil
}

// LastEventID names the latest revision.
func (r *Recorder) LastEventID() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.EventID(r.revision)
}

// EventID names a revision of this journal and of no other.
func (r *Recorder) EventID(revision uint64) string { return fmt.Sprintf("%x-%d", r.name, revision) }

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
