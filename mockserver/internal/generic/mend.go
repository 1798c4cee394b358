package generic

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/tidwall/gjson"
)

// mended returns an object without what its schema does not name, at any depth, and
// without the members that break it otherwise, as far as these may be left out.
func mended(schema *contract.Schema, o object, optional func(name string) bool) object {
	if schema == nil {
		return o
	}
	for range mostMends {
		v := schema.Check("", o.decoded())
		if v == nil {
			return o
		}
		path := v.Path
		switch {
		case v.What == contract.AdditionalProperties:
			path = append(slices.Clone(path), v.Detail)
		case len(path) == 0 || !optional(path[0]):
			return o
		}
		var cut bool
		if o, cut = o.cut(path); !cut {
			return o
		}
	}
	return o
}

// mostMends is how many parts of one object are left out.
const mostMends = 1000

// cut returns the object without what a path leads to, and reports whether there was any.
func (o object) cut(path []string) (object, bool) {
	if len(path) == 0 {
		return o, false
	}
	i := slices.IndexFunc(o, func(m member) bool { return m.name == path[0] })
	if i < 0 {
		return o, false
	}
	rest := slices.Clone(o)
	if len(path) == 1 {
		return slices.Delete(rest, i, i+1), true
	}
	value, cut := cutPart(o[i].value, path[1:])
	rest[i].value = value
	return rest, cut
}

// cutPart returns a value without what a path leads to in it, and reports whether there
// was any.
func cutPart(value json.RawMessage, path []string) (json.RawMessage, bool) {
	if !gjson.ParseBytes(value).IsArray() {
		o, cut := parse(value).cut(path)
		if !cut {
			return value, false
		}
		return o.JSON(), true
	}
	var list []json.RawMessage
	i, err := strconv.Atoi(path[0])
	if json.Unmarshal(value, &list) != nil || err != nil || i >= len(list) {
		return value, false
	}
	cut := true
	if len(path) == 1 {
		list = slices.Delete(list, i, i+1)
	} else {
		list[i], cut = cutPart(list[i], path[1:])
	}
	return listOf(list), cut
}

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
