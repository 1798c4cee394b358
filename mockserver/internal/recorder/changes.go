package recorder

import (
	"container/list"
	"encoding/binary"
	"encoding/hex"
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

// changeLog has what the journal keeps in the order of the last changes. Its
// length is that of the journal.
type changeLog struct {
	byRevision *list.List // of *Entry and *Trigger
}

func newChangeLog() changeLog { return changeLog{list.New()} }

// note moves what has changed to the end, and returns its place.
func (l *changeLog) note(place *list.Element, changed any) *list.Element {
	if place == nil {
		return l.byRevision.PushBack(changed)
	}
	l.byRevision.MoveToBack(place)
	return place
}

// forget removes what the journal no longer keeps.
func (l *changeLog) forget(place *list.Element) {
	if place != nil {
		l.byRevision.Remove(place)
	}
}

// Since returns the changes after a revision in their order, the journal's
// revision now, and how many entries were evicted since the journal was cleared. It
// looks at these changes alone.
func (r *Recorder) Since(revision uint64) (changes []Change, now, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.changesSince(revision), r.revision, r.evicted
}

// changesSince returns the changes after a revision in their order. The lock must be
// held.
func (r *Recorder) changesSince(revision uint64) (changes []Change) {
	for place := r.changes.byRevision.Back(); place != nil; place = place.Prev() {
		change := changeOf(place.Value)
		if change.Revision <= revision {
			break
		}
		changes = append(changes, change)
	}
	slices.Reverse(changes)
	return changes
}

func changeOf(changed any) Change {
	if t, ok := changed.(*Trigger); ok {
		return Change{Trigger: t, Revision: t.revision}
	}
	e := changed.(*Entry)
	return Change{Entry: e, Revision: e.revision}
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

// RevisionOf returns the revision of an event id, and whether the id is of this journal.
// For another id the revision is 0, which is before the first change.
func (r *Recorder) RevisionOf(eventID string) (revision uint64, ok bool) {
	number, ok := strings.CutPrefix(eventID, fmt.Sprintf("%x-", r.name))
	if !ok {
		return 0, false
	}
	revision, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0, false
	}
	return revision, true
}

// ID returns the id of an entry: a UUID made of the journal's name and the
// entry's sequence, so that no table of ids is needed.
func (r *Recorder) ID(sequence uint64) string {
	if r.restored != nil {
		return r.restored.requests[sequence].ID
	}
	var u [16]byte
	copy(u[:8], r.name[:])
	binary.BigEndian.PutUint64(u[8:], sequence)
	u[6] = u[6]&0x0F | 0x80 // version 8: in a format of our own
	u[8] |= 0x80            // the variant of RFC 9562
	return uuidText(u)
}

// sequence returns the sequence of an id, and reports whether the id is of this
// journal.
func (r *Recorder) sequence(id string) (uint64, bool) {
	if r.restored != nil {
		sequence, ok := r.restored.sequences[id]
		return sequence, ok
	}
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

// ParseUUID parses a UUID, and reports whether it is one.
func ParseUUID(text string) (u [16]byte, ok bool) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return u, false
	}
	_, err := hex.Decode(u[:], []byte(text[:8]+text[9:13]+text[14:18]+text[19:23]+text[24:]))
	return u, err == nil
}
