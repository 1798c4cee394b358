package generic

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// The states of an item whose file is awaited, and has come. That they are such is
// inferred from their names: a schema lists them, and not what they mean.
const pending, completed = "pending", "completed"

// noFile is why an upload to a directory is refused.
var noFile = &contract.Violation{Field: "file", What: "does not belong to a directory"}

// upload takes a file. The item that it is for has its name, its size and its type, as
// far as its schema has members for them, and is no longer pending.
func (s *Server) upload(c *Call) *wire.Response {
	p := c.role.Of.Pair
	if c.role.Shown != pairs.Item || !p.Read.FromDefinition {
		return s.reply(c, nil)
	}
	if item := s.items.Find(s.place(c, p), c.Values.Path[p.Param]); item != nil && isFileless(parse(item.JSON)) {
		return wire.Invalid(noFile) // what the real API says to it is not public
	}
	var sent object
	for _, param := range c.Operation.Params {
		file, ok := c.Values.Body.File(param.Name)
		if !ok {
			continue
		}
		for name, value := range described(param.Name, file) {
			if slices.Contains(p.Properties(), name) {
				sent = sent.with(name, value)
			}
		}
	}
	for _, name := range s.blueprint(p).awaited {
		sent = sent.with(name, quoted(completed))
	}
	c.role.Pair = p
	return s.change(c, sent)
}

// awaiting returns an item whose file is to come again.
func (s *Server) awaiting(p *pairs.Pair, item object) object {
	for _, name := range s.blueprint(p).awaited {
		item = item.with(name, stateOfFile(item))
	}
	return item
}

// stateOfFile returns the state of an item whose file is to come, if it is to have one.
func stateOfFile(item object) json.RawMessage {
	if isFileless(item) {
		return quoted(completed)
	}
	return quoted(pending)
}

// isFileless reports whether an item has no file, as a directory.
func isFileless(item object) bool {
	return slices.ContainsFunc(pairs.Named(pairs.Fileless), func(name string) bool {
		return item.text(name) == pairs.Is(pairs.Fileless, name)
	})
}

// awaits reports whether a property of a schema says of items whether their file has come.
func awaits(property gjson.Result) bool {
	states := property.Get("enum").Array()
	is := func(wanted string) bool {
		return slices.ContainsFunc(states, func(state gjson.Result) bool { return state.String() == wanted })
	}
	return is(pending) && is(completed)
}

// described returns what is known of a file that was sent for a parameter, by the names
// that items have for it.
func described(param string, file decode.File) map[string]json.RawMessage {
	known := map[string]json.RawMessage{}
	for _, ending := range pairs.Named(pairs.FileName) {
		known[param+ending] = quoted(file.Name)
	}
	for _, name := range pairs.Named(pairs.FileSize) {
		known[name] = strconv.AppendInt(nil, int64(len(file.Content)), 10)
	}
	for _, name := range pairs.Named(pairs.FileType) {
		known[name] = quoted(file.Type)
	}
	return known
}
