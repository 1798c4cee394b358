package generic

import (
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// object is an object of JSON whose members keep their order. Copies share no list.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

// parse reads an object; none of any other text. Of a member that stands twice the last
// value counts, in the first place.
func parse(text []byte) object {
	var all object
	if parsed := gjson.ParseBytes(text); parsed.IsObject() {
		parsed.ForEach(func(name, value gjson.Result) bool {
			all = append(all, member{name.String(), json.RawMessage(value.Raw)})
			return true
		})
	}
	return object(nil).merged(all)
}

// merged returns the object with each member of another one in its place, or at the end.
func (o object) merged(other object) object {
	changed, places := slices.Clone(o), map[string]int{}
	for i, m := range changed {
		places[m.name] = i
	}
	for _, m := range other {
		if place, known := places[m.name]; known {
			changed[place] = m
			continue
		}
		places[m.name] = len(changed)
		changed = append(changed, m)
	}
	return changed
}

// get returns the value of a member; nil where there is none.
func (o object) get(name string) json.RawMessage {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

func (o object) text(name string) string { return gjson.ParseBytes(o.get(name)).String() }

// with returns the object with a member in its place, or at the end.
func (o object) with(name string, value json.RawMessage) object {
	changed := slices.Clone(o)
	for i := range changed {
		if changed[i].name == name {
			changed[i].value = value
			return changed
		}
	}
	return append(changed, member{name, value})
}

// inOrder returns the object with its members in the order of names, and others behind
// them.
func (o object) inOrder(names []string) object {
	place := func(m member) int {
		if i := slices.Index(names, m.name); i >= 0 {
			return i
		}
		return len(names)
	}
	sorted := slices.Clone(o)
	slices.SortStableFunc(sorted, func(a, b member) int { return place(a) - place(b) })
	return sorted
}

// JSON returns the object as Node writes it.
func (o object) JSON() []byte {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(wire.AppendText(b, m.name), ':')
		b = wire.AppendJSON(b, m.value)
	}
	return append(b, '}')
}

// quoted returns a text as JSON.
func quoted(text string) json.RawMessage { return wire.AppendText(nil, text) }
