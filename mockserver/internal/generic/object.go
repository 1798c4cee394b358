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

// parse reads an object; none of any other text.
func parse(text []byte) object {
	var o object
	if parsed := gjson.ParseBytes(text); parsed.IsObject() {
		parsed.ForEach(func(name, value gjson.Result) bool {
			o = o.with(name.String(), json.RawMessage(value.Raw))
			return true
		})
	}
	return o
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
