package generic

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// object is an object of JSON whose members keep their order. Its values are as Node
// writes them. Copies share no list.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

// read reads an object that comes from outside; none of any other text.
func read(text []byte) object { return parse(wire.AppendJSON(nil, json.RawMessage(text))) }

// parse reads an object as Node writes it; none of any other text.
func parse(text []byte) (o object) {
	if parsed := gjson.ParseBytes(text); parsed.IsObject() {
		parsed.ForEach(func(name, value gjson.Result) bool {
			o = append(o, member{name.String(), json.RawMessage(value.Raw)})
			return true
		})
	}
	return o
}

// merged returns the object with each member of a body in its place, or at the end. An
// object whose members the schema of the body names, and of which it requires none, is
// merged into the one that is there. Every other value replaces what is there: lists, maps,
// and objects with required members, which are sent as a whole.
func (o object) merged(body object, schema *pairs.Properties) object {
	changed, places := slices.Clone(o), map[string]int{}
	for i, m := range changed {
		places[m.name] = i
	}
	for _, m := range body {
		place, known := places[m.name]
		if !known {
			places[m.name] = len(changed)
			changed = append(changed, m)
			continue
		}
		changed[place].value = mergedValue(changed[place].value, m.value, schema.Schema(m.name))
	}
	return changed
}

// mergedValue returns the value of a member that a body changes, of which the schema of the
// body is given.
func mergedValue(was, sent json.RawMessage, schema gjson.Result) json.RawMessage {
	if !gjson.ParseBytes(was).IsObject() || !gjson.ParseBytes(sent).IsObject() {
		return sent
	}
	inner := pairs.PropertiesIn(schema)
	if len(inner.Names) == 0 || len(inner.Required) > 0 {
		return sent
	}
	return parse(was).merged(parse(sent), inner).JSON()
}

// fitted returns an object as a schema has it; all of it for nil.
func fitted(schema *contract.Schema, o object) object {
	if schema == nil {
		return o
	}
	given := o.JSON()
	fit := schema.Fit(given)
	if bytes.Equal(fit, given) && !slices.ContainsFunc(o, isIndex) {
		return o // as most are
	}
	return read(fit)
}

// isIndex reports whether a member stands before those that are no indexes.
func isIndex(m member) bool { return decode.Index(m.name) < math.MaxUint32 }

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

// without returns the object without the members that a function reports.
func (o object) without(gone func(name string) bool) object {
	return slices.DeleteFunc(slices.Clone(o), func(m member) bool { return gone(m.name) })
}

// JSON returns the object as Node writes it.
func (o object) JSON() []byte {
	size := 2
	for _, m := range o {
		size += len(m.name) + len(m.value) + 4
	}
	b := append(make([]byte, 0, size), '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(wire.AppendText(b, m.name), ':')
		b = append(b, m.value...)
	}
	return append(b, '}')
}

// decoded returns the object as package encoding/json decodes it.
func (o object) decoded() (fields map[string]any) {
	_ = json.Unmarshal(o.JSON(), &fields) // of JSON that was read
	return fields
}

// quoted returns a text as JSON.
func quoted(text string) json.RawMessage { return wire.AppendText(nil, text) }

// listOf returns a list as JSON, with its parts as they are.
func listOf(parts []json.RawMessage) json.RawMessage {
	list := json.RawMessage{'['}
	for i, part := range parts {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, part...)
	}
	return append(list, ']')
}
