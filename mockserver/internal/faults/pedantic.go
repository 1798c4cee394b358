package faults

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// Pedant varies responses in ways that the API allows. A client that relies on
// more than the API promises then fails in a test. A nil pedant varies nothing. Over
// HTTP/2, which has names in lower case and no chunks, a response may lack its length.
type Pedant struct {
	seed uint64

	mu     sync.Mutex
	random *rand.Rand
}

// NewPedant returns the pedant of a scenario; nil for a scenario without one.
// Without a seed, draw returns random bytes for it.
func NewPedant(p *scenarios.Pedantic, draw func([]byte)) *Pedant {
	if p == nil {
		return nil
	}
	made := new(Pedant)
	if p.Seed != nil {
		made.seed = *p.Seed
	} else {
		var random [4]byte
		draw(random[:])
		for _, b := range random {
			made.seed = made.seed<<8 | uint64(b)
		}
	}
	made.random = rand.New(rand.NewPCG(made.seed, 0))
	return made
}

// Seeded returns the seed that repeats the variations, and reports whether the
// pedant varies anything.
func (p *Pedant) Seeded() (seed uint64, pedantic bool) {
	if p == nil {
		return 0, false
	}
	return p.seed, true
}

// Vary varies a response before it is recorded and sent. It varies how the
// response is sent, and with object also the object in its body; sortField is the
// one of a list.
func (p *Pedant) Vary(r *wire.Response, object bool, sortField string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	chunked := p.coin()
	r.Chunked, r.LowerCase = chunked || r.Chunked, p.coin() // a stream is sent in chunks anyway
	if !object || len(r.Body) == 0 {
		return
	}
	d := json.NewDecoder(bytes.NewReader(r.Body))
	d.UseNumber()
	var fields map[string]any
	if d.Decode(&fields) != nil {
		return
	}
	if items, ok := fields["items"].([]any); ok {
		p.shuffleTies(items, sortField)
		for _, item := range items {
			p.addUnknown(item)
		}
	}
	p.addUnknown(fields)
	r.Body = p.write(nil, fields)
}

func (p *Pedant) coin() bool { return p.random.IntN(2) == 0 }

// shuffleTies shuffles items that are equal in the sort order.
func (p *Pedant) shuffleTies(items []any, sortField string) {
	key := func(i int) any {
		fields, _ := items[i].(map[string]any)
		return fields[sortField]
	}
	for begin := 0; begin < len(items); {
		end := begin + 1
		for end < len(items) && key(end) == key(begin) {
			end++
		}
		tied := items[begin:end]
		p.random.Shuffle(len(tied), func(i, j int) { tied[i], tied[j] = tied[j], tied[i] })
		begin = end
	}
}

// addUnknown sometimes adds a property that no client knows to an object.
func (p *Pedant) addUnknown(thing any) {
	if fields, ok := thing.(map[string]any); ok && p.coin() {
		fields["unknownProperty"] = []any{"a client that is well written", "ignores this"}
	}
}

// write appends a value as JSON, with the properties of objects in random order.
func (p *Pedant) write(b []byte, value any) []byte {
	switch value := value.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(value))
		p.random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		b = append(b, '{')
		for i, key := range keys {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(wire.AppendText(b, key), ": "...)
			b = p.write(b, value[key])
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, item := range value {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = p.write(b, item)
		}
		return append(b, ']')
	default:
		return wire.AppendJSON(b, value)
	}
}

// Letters returns an id, with its letters in another case or not: it is the same
// id.
func (p *Pedant) Letters(id string) string {
	if p == nil {
		return id
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.coin() {
		return strings.ToUpper(id)
	}
	return id
}
