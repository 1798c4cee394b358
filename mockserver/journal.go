package mockserver

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
	DefaultJournalEntries = 100_000
	DefaultJournalBytes   = 256 << 20
)

// journal keeps the latest requests of a world, within a count and a size. An
// entry is there from the arrival of its request, and complete before its
// answer is sent.
type journal struct {
	maxEntries int
	maxBytes   int64
	name       [8]byte // makes ids of different journals different

	mu      sync.RWMutex
	entries []*entry // by sequence
	bytes   int64
	total   uint64
	evicted uint64

	// The triggers that requests have fired, and how many there were.
	triggers        []*trigger
	triggersTotal   uint64
	triggersEvicted uint64

	revision uint64        // counts the changes
	changed  chan struct{} // closed at the next change; nil while nobody waits
}

func newJournal(maxEntries int, maxBytes int64, draw func([]byte)) *journal {
	j := &journal{maxEntries: maxEntries, maxBytes: maxBytes}
	draw(j.name[:])
	return j
}

// open takes in an entry at the arrival of its request.
func (j *journal) open(e *entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.total++
	e.sequence = j.total
	j.entries = append(j.entries, e)
	j.bytes += e.size()
	j.touch(e)
}

// close completes an entry with its outcome.
func (j *journal) close(e *entry, o outcome) {
	j.mu.Lock()
	defer j.mu.Unlock()
	before := e.size()
	e.outcome = o
	e.answered.Store(true)
	if _, kept := j.position(e.sequence); kept {
		j.bytes += e.size() - before
	}
	j.touch(e)
}

// touch notes a change, lets go of the oldest entries where there are too many
// and wakes those who wait. The newest entry is always kept.
func (j *journal) touch(e *entry) {
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

// fire takes in a trigger that a request has fired; nil is an event of a
// WebSocket, which brings the request's number itself.
func (j *journal) fire(t *trigger, by *entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.triggersTotal++
	t.sequence = j.triggersTotal
	if by != nil {
		t.request = by.sequence
		by.trigger.Store(t)
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
func (j *journal) trim() {
	var oldest uint64
	if len(j.entries) > 0 {
		oldest = j.entries[0].sequence
	}
	gone := 0
	for len(j.triggers)-gone > 1 {
		t := j.triggers[gone]
		if len(j.triggers)-gone <= j.maxEntries && j.bytes <= j.maxBytes && (t.event.kind != "" || t.request >= oldest) {
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
func (t *trigger) cost() int64 {
	if t.event.kind == "" {
		return triggerOverhead
	}
	return triggerOverhead + int64(len(t.body)+len(t.event.reason))
}

func (j *journal) wake() {
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// next returns a channel that is closed at the next change.
func (j *journal) next() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	return j.changed
}

// remove takes out the entries that meet a condition and gives them, oldest
// first. They do not count as evicted.
func (j *journal) remove(condition func(*entry) bool) []*entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	var kept, removed []*entry
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
func (j *journal) forget(removed []*entry) {
	gone := map[uint64]bool{}
	for _, e := range removed {
		gone[e.sequence] = true
	}
	j.triggers = slices.DeleteFunc(slices.Clone(j.triggers), func(t *trigger) bool {
		if gone[t.request] {
			j.bytes -= t.cost()
		}
		return gone[t.request]
	})
}

// change is an entry or a trigger as it was at a revision of the journal.
type change struct {
	entry    *entry
	trigger  *trigger
	revision uint64
}

// count is how many requests there were in all.
func (j *journal) count() uint64 {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.total
}

// since gives the entries that changed after a revision, in the order of their
// changes, with the journal's revision now and how many entries were evicted.
func (j *journal) since(revision uint64) (changes []change, now, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	for _, e := range j.entries {
		if e.revision > revision {
			changes = append(changes, change{entry: e, revision: e.revision})
		}
	}
	for _, t := range j.triggers {
		if t.revision > revision {
			changes = append(changes, change{trigger: t, revision: t.revision})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.revision, b.revision) })
	return changes, j.revision, j.evicted
}

// find gives the entry of an id; nil when there is none.
func (j *journal) find(id string) *entry {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if i, found := j.index(id); found {
		return j.entries[i]
	}
	return nil
}

func (j *journal) index(id string) (int, bool) {
	sequence, ok := j.sequence(id)
	if !ok {
		return 0, false
	}
	return j.position(sequence)
}

func (j *journal) position(sequence uint64) (int, bool) {
	return slices.BinarySearchFunc(j.entries, sequence, func(e *entry, sequence uint64) int {
		return cmp.Compare(e.sequence, sequence)
	})
}

// snapshot is what the journal holds now, oldest first, and how many entries
// were evicted before.
func (j *journal) snapshot() (entries []*entry, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return slices.Clone(j.entries), j.evicted
}

// firedTriggers are those that the journal holds now, oldest first, and how
// many were evicted before.
func (j *journal) firedTriggers() (triggers []*trigger, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return slices.Clone(j.triggers), j.triggersEvicted
}

// id is a UUID made of the journal's name and the sequence, so that no table
// of ids is needed.
func (j *journal) id(sequence uint64) string {
	var u [16]byte
	copy(u[:8], j.name[:])
	binary.BigEndian.PutUint64(u[8:], sequence)
	u[6] = u[6]&0x0F | 0x80 // version 8: made in a way of one's own
	u[8] |= 0x80            // the variant of RFC 9562
	return uuidText(u)
}

func (j *journal) sequence(id string) (uint64, bool) {
	u, ok := parseUUID(id)
	if !ok {
		return 0, false
	}
	sequence := binary.BigEndian.Uint64(u[8:]) &^ (1 << 63)
	return sequence, j.id(sequence) == uuidText(u)
}

func uuidText(u [16]byte) string {
	text := hex.EncodeToString(u[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

func parseUUID(text string) (u [16]byte, ok bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return u, false
	}
	_, err := hex.Decode(u[:], []byte(text[:8]+text[9:13]+text[14:18]+text[19:23]+text[24:]))
	return u, err == nil
}

// lastEventID names the latest revision.
func (j *journal) lastEventID() string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.eventID(j.revision)
}

// eventID names a revision of this journal and of no other.
func (j *journal) eventID(revision uint64) string { return fmt.Sprintf("%x-%d", j.name, revision) }

func (j *journal) revisionOf(eventID string) uint64 {
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
