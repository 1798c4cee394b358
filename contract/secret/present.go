package secret

import "encoding/binary"

// present is which parts of minReplaced bytes stand in some texts: a bit for each, at the
// place that follows from its bytes. It may have one that is nowhere, and lacks none.
// Long secrets in many forms have millions of parts, for which a map is slow.
type present []uint64

// placeBits is how many bits of a part's hash are its place.
const placeBits = 22

func newPresent() present { return make(present, 1<<placeBits/64) }

func place(part string) uint64 {
	return binary.LittleEndian.Uint64([]byte(part[:minReplaced])) * 0x9E3779B97F4A7C15 >> (64 - placeBits)
}

// add adds all parts of a text.
func (p present) add(text string) {
	for i := 0; i+minReplaced <= len(text); i++ {
		at := place(text[i:])
		p[at/64] |= 1 << (at % 64)
	}
}

// has reports whether the first bytes of a text may stand in one of the texts.
func (p present) has(text string) bool {
	at := place(text)
	return p[at/64]>>(at%64)&1 != 0
}
