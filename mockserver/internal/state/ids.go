package state

import (
	"cmp"
	crand "crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync"
	"time"
)

// ID is an id of the API in binary: two ids that differ in the case of their
// letters are equal.
type ID [12]byte

// idLength is how many characters an id has.
const idLength = 2 * len(ID{})

// ParseID parses an id that the contract has checked. It returns an ID that
// nothing has for any other text.
func ParseID(text string) ID {
	var id ID
	if len(text) == idLength {
		_, _ = hex.Decode(id[:], []byte(text)) // the contract lets hex digits alone pass
	}
	return id
}

func compareIDs(a, b ID) int { return cmp.Compare(string(a[:]), string(b[:])) }

// ids makes ids and tokens: random ones, or a sequence from a seed.
type ids struct {
	mu      sync.Mutex
	source  *rand.ChaCha8
	key     [32]byte
	moved   bool // whether the counter has moved since the source was made
	machine [5]byte
	counter uint32
}

// NewIDs returns the source of ids and tokens of a world: a random one, or the
// sequence of a seed.
func NewIDs(seed *uint64) *ids {
	var key [32]byte
	if seed != nil {
		binary.BigEndian.PutUint64(key[:], *seed)
	} else {
		_, _ = crand.Read(key[:]) // never fails, by its documentation
	}
	g := &ids{source: rand.NewChaCha8(key), key: key}
	g.fill(g.machine[:])
	// The counter begins in the lower half of its three bytes. Millions of ids
	// then rise, and a list by id is built from what is sorted already.
	g.counter = uint32(g.source.Uint64()) & 0x7FFFFF
	return g
}

// ID returns a new id, made as an ObjectID is: the second, a number drawn once,
// and a counter.
func (g *ids) ID(at time.Time) string {
	g.mu.Lock()
	g.counter++
	counter := g.counter
	g.mu.Unlock()
	var id ID
	binary.BigEndian.PutUint32(id[0:], uint32(at.Unix()))
	binary.BigEndian.PutUint32(id[8:], counter) // its highest byte is overwritten
	copy(id[4:], g.machine[:])
	return hex.EncodeToString(id[:])
}

// Follow is called with the ids that a scenario has. An id of the same sequence is that of
// a world that was saved: new ids are then greater, and new tokens are drawn from another
// sequence than the tokens of the saved world. Any other id changes nothing.
func (g *ids) Follow(text string) {
	id := ParseID(text)
	if [5]byte(id[4:9]) != g.machine {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if counter := binary.BigEndian.Uint32(id[8:]) & 0xFFFFFF; counter > g.counter {
		g.counter, g.moved = counter, true
	}
}

// token returns 40 random characters of A-Za-z0-9_-.
func (g *ids) token() string {
	var random [30]byte
	g.Bytes(random[:])
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// Bytes fills a slice with random bytes.
func (g *ids) Bytes(b []byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fill(b)
}

func (g *ids) fill(b []byte) {
	if g.moved { // the saved world has drawn tokens with the key
		g.moved = false
		binary.BigEndian.PutUint32(g.key[8:], g.counter)
		g.source = rand.NewChaCha8(g.key)
	}
	_, _ = g.source.Read(b) // never fails, by its documentation
}
