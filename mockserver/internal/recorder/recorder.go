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
	j := &Recorder{maxEntries: maxEntries, maxBytes: maxBytes}
	draw(j.name[:])
	return j
}

// Arrive takes in an entry at the arrival of its request.
func (j *Recorder) Arrive(e *Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.total++
	e.Sequence = j.total
	j.entries = append(j.entries, e)
	j.bytes += e.size()
	j.touch(e)
}

// Complete completes an entry with its outcome.
func (j *Recorder) Complete(e *Entry, o Outcome) {
	j.mu.Lock()
	defer j.mu.Unlock()
	before := e.size()
	e.Outcome = o
	e.completed.Store(true)
	if _, kept := j.position(e.Sequence); kept {
		j.bytes += e.size() - before
	}
	j.touch(e)
}

// touch notes a change, lets go of the oldest entries where there are too many
// and wakes those who wait. The newest entry is always kept.
func (j *Recorder) touch(e *Entry) {
	j.revision++
	e.revision = j.revision
	gone := 0
	for len(j.entries)-gone > 1 && (len(j.entries)-gone > j.maxEntries || j.bytes > j.maxBytes) {
		j.bytes -= j.entries[gone].size()
		j.entries[gone] = nil
		gone++
	}
	j.entries = j.entries[gone:]
	j.evicted += uint64(gone)
	j.trim()
	j.wake()
}

// Fire takes in a trigger that a request has fired; nil is an event of a
// WebSocket, which brings the request's number itself.
func (j *Recorder) Fire(t *Trigger, by *Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.triggersTotal++
	t.Sequence = j.triggersTotal
	if by != nil {
		t.Request = by.Sequence
		by.Trigger.Store(t)
	}
	j.revision++
	t.revision = j.revision
	j.triggers = append(j.triggers, t)
	j.bytes += t.cost()
	j.trim()
	j.wake()
}

// trim lets go of the oldest triggers: of those that are too many, and of
// those whose request is gone.
func (j *Recorder) trim() {
	var oldest uint64
	if len(j.entries) > 0 {
		oldest = j.entries[0].Sequence
	}
	gone := 0
	for len(j.triggers)-gone > 1 {
		t := j.triggers[gone]
		if len(j.triggers)-gone <= j.maxEntries && j.bytes <= j.maxBytes && (t.Event.Kind != "" || t.Request >= oldest) {
			break
		}
		j.bytes -= t.cost()
		j.triggers[gone] = nil
		gone++
	}
	j.triggers = j.triggers[gone:]
	j.triggersEvicted += uint64(gone)
}

// triggerOverhead is about what a trigger costs beside the texts of its
// request, in bytes.
const triggerOverhead = 384

// cost is what a trigger costs. The body of a call is its request's.
func (t *Trigger) cost() int64 {
	if t.Event.Kind == "" {
		return triggerOverhead
	}
	return triggerOverhead + int64(len(t.Body)+len(t.Event.Reason))
}

func (j *Recorder) wake() {
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// Next returns a channel that is closed at the next change.
func (j *Recorder) Next() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	return j.changed
}

// Remove takes out the entries that meet a condition and gives them, oldest
// first. They do not count as evicted.
func (j *Recorder) Remove(condition func(*Entry) bool) []*Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	var kept, removed []*Entry
	for _, e := range j.entries {
		if condition(e) {
			removed = append(removed, e)
			j.bytes -= e.size()
		} else {
			kept = append(kept, e)
		}
	}
	j.entries = kept
	j.forget(removed)
	j.wake()
	return removed
}

// forget takes out the triggers of requests that are no more.
func (j *Recorder) forget(removed []*Entry) {
	gone := map[uint64]bool{}
	for _, e := range removed {
		gone[e.Sequence] = true
	}
	j.triggers = slices.DeleteFunc(slices.Clone(j.triggers), func(t *Trigger) bool {
		if gone[t.Request] {
			j.bytes -= t.cost()
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
func (j *Recorder) Count() uint64 {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.total
}

// Since gives the entries that changed after a revision, in the order of their
// changes, with the journal's revision now and how many entries were evicted.
func (j *Recorder) Since(revision uint64) (changes []Change, now, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	for _, e := range j.entries {
		if e.revision > revision {
			changes = append(changes, Change{Entry: e, Revision: e.revision})
		}
	}
	for _, t := range j.triggers {
		if t.revision > revision {
			changes = append(changes, Change{Trigger: t, Revision: t.revision})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Revision, b.Revision) })
	return changes, j.revision, j.evicted
}

// Find gives the entry of an id; nil when there is none.
func (j *Recorder) Find(id string) *Entry {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if i, found := j.index(id); found {
		return j.entries[i]
	}
	return nil
}

func (j *Recorder) index(id string) (int, bool) {
	sequence, ok := j.sequence(id)
	if !ok {
		return 0, false
	}
	return j.position(sequence)
}

func (j *Recorder) position(sequence uint64) (int, bool) {
	return slices.BinarySearchFunc(j.entries, sequence, func(e *Entry, sequence uint64) int {
		return cmp.Compare(e.Sequence, sequence)
	})
}

// Snapshot is what the journal holds now, oldest first, and how many entries
// were evicted before.
func (j *Recorder) Snapshot() (entries []*Entry, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return slices.Clone(j.entries), j.evicted
}

// FiredTriggers are those that the journal holds now, oldest first, and how
// many were evicted before.
func (j *Recorder) FiredTriggers() (triggers []*Trigger, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return slices.Clone(j.triggers), j.triggersEvicted
}

// ID is a UUID made of the journal's name and the sequence, so that no table
// of ids is needed.
func (j *Recorder) ID(sequence uint64) string {
	var u [16]byte
	copy(u[:8], j.name[:])
	binary.BigEndian.PutUint64(u[8:], sequence)
	u[6] = u[6]&0x0F | 0x80 // version 8: made in a way of one's own
	u[8] |= 0x80            // the variant of RFC 9562
	return uuidText(u)
}

func (j *Recorder) sequence(id string) (uint64, bool) {
	u, ok := ParseUUID(id)
	if !ok {
		return 0, false
	}
	sequence := binary.BigEndian.Uint64(u[8:]) &^ (1 << 63)
	return sequence, j.ID(sequence) == uuidText(u)
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
func (j *Recorder) LastEventID() string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.EventID(j.revision)
}

// EventID names a revision of this journal and of no other.
func (j *Recorder) EventID(revision uint64) string { return fmt.Sprintf("%x-%d", j.name, revision) }

func (j *Recorder) RevisionOf(eventID string) uint64 {
	number, ok := strings.CutPrefix(eventID, fmt.Sprintf("%x-", j.name))
	if !ok {
		return 0
	}
	revision, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0
	}
	return revision
}
