package mockserver

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"sync"
	"time"
)

// What a journal keeps when nobody says otherwise.
const (
	DefaultJournalEntries = 100_000
	DefaultJournalBytes   = 256 << 20
)

// journal keeps the latest requests of a world, within a count and a size.
type journal struct {
	maxEntries int
	maxBytes   int64
	name       [8]byte // makes ids of different journals different

	mu      sync.RWMutex
	entries []*entry // by sequence
	bytes   int64
	total   uint64
	evicted uint64
}

func newJournal(limits limits, g *ids) *journal {
	j := &journal{maxEntries: limits.journalEntries, maxBytes: limits.journalBytes}
	g.bytes(j.name[:])
	return j
}

// add takes in an entry and lets go of the oldest ones where there are too
// many. The newest is always kept.
func (j *journal) add(e *entry) {
	size := e.size()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.total++
	e.sequence = j.total
	j.entries = append(j.entries, e)
	j.bytes += size
	gone := 0
	for len(j.entries)-gone > 1 && (len(j.entries)-gone > j.maxEntries || j.bytes > j.maxBytes) {
		j.bytes -= j.entries[gone].size()
		j.entries[gone] = nil
		gone++
	}
	j.entries = j.entries[gone:]
	j.evicted += uint64(gone)
}

// clear empties the journal; what was in it does not count as evicted.
func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.bytes = nil, 0
}

// remove takes one entry out and tells whether it was there.
func (j *journal) remove(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	i, found := j.index(id)
	if found {
		j.bytes -= j.entries[i].size()
		j.entries = slices.Concat(j.entries[:i], j.entries[i+1:])
	}
	return found
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
	return slices.BinarySearchFunc(j.entries, sequence, func(e *entry, sequence uint64) int {
		return int(int64(e.sequence - sequence))
	})
}

// snapshot is what the journal holds now, oldest first, and how many entries
// were evicted before.
func (j *journal) snapshot() (entries []*entry, evicted uint64) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return slices.Clone(j.entries), j.evicted
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

// filter says which entries are wanted. A zero field asks nothing.
type filter struct {
	operation, method string
	status            int
	since             time.Time
	unmatched         bool // those that led to no operation
}

func (f filter) matches(e *entry) bool {
	switch {
	case f.operation != "" && (e.op == nil || e.op.Name != f.operation),
		f.method != "" && e.method != f.method,
		f.status != 0 && e.answer.status != f.status,
		!f.since.IsZero() && e.at.Before(f.since),
		f.unmatched && e.matched():
		return false
	default:
		return true
	}
}

// matched tells whether the request led anywhere: to an operation, to the
// API's description of itself, or to what every path answers to OPTIONS.
func (e *entry) matched() bool { return e.op != nil || e.answer.status < 400 }
