package generic

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
)

// shape is what the new items of one call have in common.
type shape struct {
	*blueprint
	pair   *pairs.Pair
	place  resources.Place
	slots  []slot // in the order of names
	seeded bool   // whether they are part of a scenario, and a seed repeats them
	call   *Call
}

// slot is a member of a new item.
type slot struct {
	name  string
	kind  slotKind
	value json.RawMessage // nil for none
}

type slotKind int

const (
	open     slotKind = iota // what was sent, or else the value
	fixed                    // the value
	identity                 // the id
	secret                   // what was sent, or else a text that is new
	awaited                  // whether the file has come
)

// shape returns the shape of a pair's new items.
func (s *Server) shape(c *Call, p *pairs.Pair) *shape {
	sh := &shape{blueprint: s.blueprint(p), pair: p, place: s.place(c, p), seeded: c.seeded, call: c}
	for _, name := range sh.names {
		slot := slot{name: name}
		own := c.own(p, name)
		switch {
		case name == p.Key || slices.Contains(p.Twins, name):
			slot.kind = identity
		case own != nil:
			slot.kind, slot.value = fixed, own
		case pairs.Means(pairs.Created, name), pairs.Means(pairs.Changed, name):
			slot.value = date(c.At)
		case slices.Contains(sh.secrets, name):
			slot.kind = secret
		case slices.Contains(sh.awaited, name):
			slot.kind = awaited
		default:
			slot.value = s.ofOwner(c, sh, name)
		}
		sh.slots = append(sh.slots, slot)
	}
	return sh
}

// newItem returns an item of what was sent, with everything that its schema says an
// item has beside it.
func (s *Server) newItem(sh *shape, sent object) *resources.Item {
	id := sent.text(sh.pair.Key)
	if id == "" {
		id = s.newID(sh.call.At)
	} else {
		s.state.IDs.Follow(id)
	}
	made := s.object(sh, sent, id, func() json.RawMessage { return quoted(s.newSecret(sh)) })
	return resources.NewItem(id, made.text(sh.pair.Alias), made.JSON())
}

// object returns the object of a new item, as its schema has it.
func (s *Server) object(sh *shape, sent object, id string, newSecret func() json.RawMessage) object {
	sent = s.shownAs(sh.call, sh.pair, sent)
	made := make(object, 0, len(sh.slots)+len(sent))
	for _, slot := range sh.slots {
		value := slot.value
		switch given := sent.get(slot.name); {
		case slot.kind == identity:
			value = quoted(id)
		case slot.kind == fixed:
		case slot.kind == awaited && given == nil:
			value = stateOfFile(sent)
		case given != nil:
			value = given
		case slot.kind == secret:
			value = newSecret()
		}
		if value != nil {
			made = append(made, member{slot.name, value})
		}
	}
	for _, m := range sent {
		if !slices.Contains(sh.names, m.name) && !slices.Contains(sh.hidden, m.name) && !pairs.Means(pairs.Beside, m.name) {
			made = append(made, m)
		}
	}
	return fitted(sh.pair.Schema, made)
}

// add adds the item that a function makes, and returns it. If an id that the function
// has made is taken, it is called again.
func (s *Server) add(sh *shape, generated bool, newItem func() *resources.Item) (*resources.Item, error) {
	for {
		item := newItem()
		err := s.items.Add(sh.place, item)
		if generated && errors.Is(err, resources.ErrTaken) {
			continue
		}
		if err == nil && sh.isAccess {
			s.access.note(sh.place, item)
		}
		return item, err
	}
}

// generates reports whether the ids of an item are made for it.
func (sh *shape) generates(sent object) bool {
	return sent.get(sh.pair.Key) == nil && (sh.pair.Alias == "" || sent.get(sh.pair.Alias) == nil)
}

// own returns the id of a parent of an item, which has a member of that name; nil for
// any other member.
func (c *Call) own(p *pairs.Pair, name string) json.RawMessage {
	for _, parent := range p.Parents {
		if parent.Param == name {
			return quoted(c.Values.Path[name])
		}
	}
	return nil
}

// newID returns a new id.
func (s *Server) newID(at time.Time) string { return s.state.NewID(at) }
