package recorder

import (
	"encoding/binary"
	"encoding/hex"
)

// ID returns the id of an entry: a UUID made of the journal's name and the
// entry's sequence, so that no table of ids is needed.
func (r *Recorder) ID(sequence uint64) string {
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
