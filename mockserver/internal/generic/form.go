package generic

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// form is what the items of a pattern have in common: texts with holes, which is all
// that one of them differs in. It is built and held against the schema once.
type form struct {
	json, id, alias []piece // no id for one that is generated
	generated       bool
	object          object // of the last item
}

// piece is a text, and what fills the hole behind it.
type piece struct {
	text []byte
	hole hole
}

type hole int

const (
	end      hole = iota
	number        // of the item, in place of {{n}}
	ownID         // of the item
	ownToken      // a text that is new in each item
)

// newForm returns the form of a pattern. Which members its items have is found out from
// the last of them, whose texts are the longest: that one was checked.
func (s *Server) newForm(sh *shape, pattern object, count int) *form {
	last := parse(bytes.ReplaceAll(pattern.JSON(), []byte(scenarios.Number), strconv.AppendInt(nil, int64(count), 10)))
	id := last.text(sh.pair.Key)
	f := &form{generated: sh.generates(pattern), id: cut(pattern.text(sh.pair.Key)), alias: cut(pattern.text(sh.pair.Alias))}
	if id == "" {
		id, f.id = anyID, nil
	}
	f.object = s.object(sh, last, id, func() json.RawMessage { return quoted(anyID) })
	f.json = append(f.json, piece{text: []byte("{")})
	for i, m := range f.object {
		if i > 0 {
			f.json = append(f.json, piece{text: []byte(",")})
		}
		f.json = append(f.json, f.member(sh, pattern, last, m)...)
	}
	f.json = joined(append(f.json, piece{text: []byte("}")}))
	return f
}

// anyID is an id in place of those to come.
const anyID = "000000000000000000000000"

// member returns a member of the items, of which one is known.
func (f *form) member(sh *shape, pattern, last object, m member) []piece {
	name := append(wire.AppendText(nil, m.name), ':')
	slot := slices.IndexFunc(sh.slots, func(s slot) bool { return s.name == m.name })
	given := slices.IndexFunc(last, func(l member) bool { return l.name == m.name })
	switch {
	case slot >= 0 && sh.slots[slot].kind == identity:
		return []piece{{append(name, '"'), ownID}, {text: []byte{'"'}}}
	case slot >= 0 && sh.slots[slot].kind == fixed:
	case slot >= 0 && sh.slots[slot].kind == secret && given < 0:
		return []piece{{append(name, '"'), ownToken}, {text: []byte{'"'}}}
	case given >= 0:
		return slices.Concat(cut(string(wire.AppendText(nil, pattern[given].name))+":"), cut(string(pattern[given].value)))
	}
	return []piece{{text: append(name, m.value...)}}
}

// cut returns the pieces of a text, with holes where the number is.
func cut(text string) (pieces []piece) {
	for {
		before, after, found := strings.Cut(text, scenarios.Number)
		if !found {
			return append(pieces, piece{text: []byte(text)})
		}
		pieces, text = append(pieces, piece{[]byte(before), number}), after
	}
}

// joined returns the pieces with those joined that no hole is between.
func joined(pieces []piece) (fewer []piece) {
	for _, p := range pieces {
		if n := len(fewer); n > 0 && fewer[n-1].hole == end {
			fewer[n-1].text, fewer[n-1].hole = append(fewer[n-1].text, p.text...), p.hole
		} else {
			fewer = append(fewer, p)
		}
	}
	return fewer
}

// filled returns the text of pieces.
func filled(pieces []piece, n int, id string, newToken func() string) []byte {
	var room [1024]byte
	b := room[:0]
	for _, p := range pieces {
		b = append(b, p.text...)
		switch p.hole {
		case end:
		case number:
			b = strconv.AppendInt(b, int64(n), 10)
		case ownID:
			b = append(b, id...)
		case ownToken:
			b = append(b, newToken()...)
		}
	}
	return bytes.Clone(b)
}

// item returns an item of the pattern.
func (s *Server) item(sh *shape, f *form, n int) *resources.Item {
	var id string
	if f.id != nil {
		id = string(filled(f.id, n, "", nil))
	} else {
		id = s.newID(sh.call.At)
	}
	text := filled(f.json, n, id, func() string { return s.newSecret(sh) })
	return resources.NewItem(id, string(filled(f.alias, n, "", nil)), text)
}
