package generic

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/summary"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// reply responds with what the documented response shows. The item is the one that the
// operation has made, changed or deleted; nil for one that its path leads to.
func (s *Server) reply(c *Call, item *resources.Item) *wire.Response {
	p := c.role.Of.Pair
	switch {
	case c.role.Kind == pairs.Success, c.success.Schema == "success":
		return &wire.Response{Status: c.success.Status, Body: wire.Success}
	case c.role.Shown == pairs.Example:
		return s.replyWithExample(c)
	case c.role.Shown == pairs.Items:
		return s.list(c, p)
	case c.role.Shown == pairs.First:
		return s.foremost(c, p)
	case !p.Read.FromDefinition:
		return c.Application(c.success.Status)
	case item == nil:
		item = s.items.Find(s.place(c, p), c.Values.Path[c.role.Of.Param])
	}
	switch {
	case item == nil: // it was deleted meanwhile
		return wire.NotFound(p.Title)
	case c.role.Shown == pairs.ItemAs:
		return &wire.Response{Status: c.success.Status, Body: s.itemAs(c, p, item).JSON()}
	case c.success.Status == http.StatusNoContent && c.role.Kind != pairs.Read:
		return &wire.Response{Status: c.success.Status}
	default:
		return &wire.Response{Status: c.statusOfBody(), Body: s.appendItem(nil, c, p, item)}
	}
}

// statusOfBody returns the status of a response that has a body, also where none is
// documented.
func (c *Call) statusOfBody() int {
	if c.success.Status == http.StatusNoContent {
		return http.StatusOK
	}
	return c.success.Status
}

// itemAs returns an item with the members of the response's schema, which is not its
// own. What items can have is that of the item, or is missing. Of what they can't have,
// such as a ticket to upload a file, the response has the example, unless its schema is
// that of other items.
func (s *Server) itemAs(c *Call, p *pairs.Pair, item *resources.Item) object {
	schema := s.state.API.Schema(c.success.Schema)
	has, example, of := parse(item.JSON), s.truthful(c, s.example(schema)), s.propertiesOf(schema)
	ofOthers := slices.ContainsFunc(s.table().Pairs, func(other *pairs.Pair) bool { return other.Schema == schema })
	var made object
	for _, name := range of.Names {
		value := has.get(name)
		switch {
		case value != nil:
		case p.Identifies(name):
			value = quoted(item.ID)
		case slices.Contains(of.Required, name):
			value = example.get(name)
		case slices.Contains(p.Properties(), name), ofOthers, isFileless(has):
		case pairs.Means(pairs.Secret, name):
			value = quoted(s.state.NewToken())
		default:
			value = example.get(name)
		}
		if value != nil {
			made = append(made, member{name, value})
		}
	}
	return fitted(schema, made)
}

// propertiesOf returns what a schema says of the members of objects.
func (s *Server) propertiesOf(schema *contract.Schema) *pairs.Properties {
	if known, ok := s.properties.Load(schema); ok {
		return known.(*pairs.Properties)
	}
	first, _ := s.properties.LoadOrStore(schema, pairs.PropertiesOf(schema))
	return first.(*pairs.Properties)
}

// replyWithExample responds with the published example, made true for the call, and with
// what was sent in place of members of it.
func (s *Server) replyWithExample(c *Call) *wire.Response {
	plain, schema := wire.Response{Status: c.success.Status}, s.state.API.Schema(c.success.Schema)
	if schema == nil {
		return &plain
	}
	if raw := schema.Example(); len(raw) > 0 && !gjson.ParseBytes(raw).IsObject() {
		plain.Body = wire.AppendJSON(nil, s.truth(c, raw))
		return &plain
	}
	made := s.truthful(c, s.example(schema))
	for _, m := range c.sent() {
		if made.get(m.name) == nil && !s.propertiesOf(schema).Has(m.name) {
			continue
		}
		if changed := made.with(m.name, m.value); schema.Check("", changed.decoded()) == nil {
			made = changed
		}
	}
	if counts := summary.Of(s.table(), schema, userKind); len(counts) > 0 {
		made = s.withSummary(c, schema, counts, made, userKind, s.state.OwnerID())
	}
	plain.Body = made.JSON()
	if len(made) > 0 && c.showsResource() {
		plain.Body = c.HAL(c.Operation.Resource).AppendTo(plain.Body[:len(plain.Body)-1], c.inPath)
	}
	return &plain
}

// showsResource reports whether a response is a resource of which there is one, such as the
// user: what the framework adds to each resource is in it too.
func (c *Call) showsResource() bool {
	op := c.Operation
	return op.Path == op.Resource.Path && (op.Method == http.MethodGet || op.Method == http.MethodPatch)
}

// newJobID returns the id of a new job, which is no longer than the schema of the response
// allows.
func (s *Server) newJobID(c *Call, property string) string {
	id := s.newID(c.At)
	if c.success == nil {
		return id
	}
	most := s.propertiesOf(s.state.API.Schema(c.success.Schema)).Schema(property).Get("maxLength")
	if most.Exists() && most.Int() < int64(len(id)) {
		return id[int64(len(id))-most.Int():] // the end differs most
	}
	return id
}

// grants returns the scopes of the token in a response to one who logs in: those that the
// body asks for, or else the one that the documentation of the response names.
func (c *Call) grants() (scopes []string) {
	for _, name := range pairs.Named(pairs.RequestedScopes) {
		for _, scope := range gjson.ParseBytes(c.sent().get(name)).Array() {
			scopes = append(scopes, scope.String())
		}
	}
	if len(scopes) > 0 {
		return scopes
	}
	return namedScope.FindAllString(c.success.Description, 1)
}

// namedScope matches a scope in the description of a response: "by default has the scope
// 'all.Device'".
var namedScope = regexp.MustCompile(`\ball\.[A-Z]\w*(\.\w+)*`)

// truthful returns an example with the ids of the path, a token that the server takes,
// and ids of its own.
func (s *Server) truthful(c *Call, example object) object {
	made := object{}
	for _, m := range example {
		value := s.truth(c, m.value)
		switch {
		case strings.Contains(c.Operation.Path, "{"+m.name+"}"):
			value = quoted(c.Values.Path[m.name])
		case pairs.Means(pairs.JobID, m.name):
			value = quoted(s.newJobID(c, m.name))
		case pairs.Means(pairs.Token, m.name) && c.Operation.Public:
			value = quoted(s.state.Issue(c.grants()...))
		}
		made = append(made, member{m.name, value})
	}
	return made
}
