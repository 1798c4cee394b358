package generic

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// upload takes a file. The item that it is for has its name, its size and its type, as
// far as its schema has members for them.
func (s *Server) upload(c *Call) *wire.Response {
	p := c.role.Of.Pair
	if c.role.Shown != pairs.Item || !p.Read.FromDefinition {
		return s.reply(c, nil)
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
	c.role.Pair = p
	return s.change(c, sent)
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
