// Package generic responds to the operations of a definition. It knows none of them by
// name: what it does follows from the definition, as package pairs reads it.
package generic

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/hal"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Server responds to the operations that no code of ours is about.
type Server struct {
	Streams Hub

	state      *state.State
	items      *resources.Store
	blueprints sync.Map // *pairs.Pair -> *blueprint
	examples   sync.Map // *contract.Schema -> object
	properties sync.Map // *contract.Schema -> *pairs.Properties
	access     access
	userID     string // that examples have for the user
	userEmail  string // likewise
}

// New returns a server of a state.
func New(s *state.State) *Server {
	server := &Server{state: s, items: s.Resources}
	server.userID, server.userEmail = pairs.UserExample(s.API)
	s.Tokens.OfItem = server.granted
	s.Resources.OnDrop(server.dropped)
	return server
}

func (s *Server) table() *pairs.Table { return pairs.Of(s.state.API) }

// Call is a request of which the contract has let everything pass.
type Call struct {
	Operation *contract.Operation
	Values    *contract.Request
	At        time.Time
	Context   context.Context // done when the client has left; nil for what no client sends
	// HAL is what the response has beside the properties of a resource.
	HAL func(resource *contract.Resource) hal.HAL
	// Application returns the response with the application of the path, which is no
	// item of the definition.
	Application func(status int) *wire.Response

	role    pairs.Role
	success *contract.Response
	seeded  bool // whether it adds what is in the scenario
}

// Respond responds to a call that Check has let pass. A response that is a stream comes
// with it: the head is to be sent, and then the stream served and closed.
func (s *Server) Respond(c *Call) (*wire.Response, *Stream) {
	if gone := s.gone(c); gone != nil {
		return wire.NotFound(gone.Title), nil
	}
	if c.role.Kind == pairs.Stream {
		return s.stream(c)
	}
	return s.respond(c), nil
}

func (s *Server) respond(c *Call) *wire.Response {
	switch c.role.Kind {
	case pairs.List:
		return s.list(c, c.role.Pair)
	case pairs.Create:
		return s.create(c)
	case pairs.Change:
		return s.change(c, c.sent())
	case pairs.Delete:
		return s.delete(c)
	case pairs.Upload:
		return s.upload(c)
	default:
		return s.reply(c, nil)
	}
}

// gone returns the pair of the first thing on the way to an operation that is not there;
// nil if all are.
func (s *Server) gone(c *Call) *pairs.Pair {
	things := s.things(c, c.role.Steps)
	for i, step := range c.role.Steps {
		if things[i].Owned && !s.owns(step.Pair, things[:i+1]) {
			return step.Pair
		}
		s.seed(c, step.Pair, things[:i])
	}
	if i := s.items.Missing(things); i >= 0 {
		return c.role.Steps[i].Pair
	}
	return nil
}

// things returns the things that the path of a call leads through.
func (s *Server) things(c *Call, through []pairs.Step) []resources.Thing {
	things := make([]resources.Thing, len(through))
	for i, step := range through {
		things[i] = resources.Thing{Collection: step.Pair.Name, ID: c.Values.Path[step.Param], Owned: !step.Pair.Read.FromDefinition}
	}
	return things
}

// owns reports whether the state has an application or a webhook, the last of some
// things.
func (s *Server) owns(p *pairs.Pair, things []resources.Thing) bool {
	last := things[len(things)-1].ID
	if p.Read.Name == contract.OperationApplicationGet {
		return s.state.Store.Application(state.ParseID(last)) != nil
	}
	return s.state.Store.Webhook(state.ParseID(things[0].ID), state.ParseID(last)) != nil
}

// place returns where the collection of a pair is, for a call of one of its operations
// or of one below its items.
func (s *Server) place(c *Call, p *pairs.Pair) resources.Place {
	return resources.Place{Parents: s.things(c, p.Parents), Name: p.Name}
}

// seed puts an item into a collection to which no operation adds one, at the first
// look.
func (s *Server) seed(c *Call, p *pairs.Pair, parents []resources.Thing) {
	if p.Create == nil && p.Read.FromDefinition {
		s.items.Seed(resources.Place{Parents: parents, Name: p.Name}, func() *resources.Item { return s.published(c, p) })
	}
}

// delete deletes an item with everything below it. The response may show it as it was.
func (s *Server) delete(c *Call) *wire.Response {
	place := s.place(c, c.role.Pair)
	item := s.items.Find(place, c.id())
	if !s.items.Delete(place, c.id()) {
		return wire.NotFound(c.role.Pair.Title)
	}
	s.reflect(c, c.role.Pair)
	s.emptyFolder(place, folderOf(parse(item.JSON)))
	s.Streams.End(c.Values.Path)
	s.deleteOwned(c.role.Pair, item.ID)
	return s.reply(c, item)
}

// dropped ends the streams below a thing that another store has deleted, and deletes what
// it owned.
func (s *Server) dropped(thing resources.Thing) {
	if p := s.table().Pair(thing.Collection); p != nil {
		s.Streams.End(map[string]string{p.Param: thing.ID})
		s.deleteOwned(p, thing.ID)
	}
}

// deleteOwned deletes what a thing owned that was deleted, and what is not below it: of an
// organization its applications with everything in them, and its dashboards; of an
// application the dashboards that name it. What the real
// API does is not public: an application without its owner would be reachable by nobody.
func (s *Server) deleteOwned(by *pairs.Pair, id string) {
	kind := ownerKind(by.Param, by)
	s.state.DeleteApplicationsOf(kind, id)
	for _, p := range s.table().Pairs {
		if len(p.Parents) > 0 || !p.List.FromDefinition {
			continue
		}
		in := resources.Place{Name: p.Name}
		owned, _ := s.items.List(in, resources.Listing{Limit: math.MaxInt32, Having: ownedBy(kind, id)})
		if by.HasIDs() && !p.Identifies(by.Param) {
			named, _ := s.items.List(in, resources.Listing{Limit: math.MaxInt32, Having: []resources.Having{{Property: by.Param, Text: id}}})
			owned = append(owned, named...)
		}
		for _, item := range owned {
			s.items.Delete(in, item.ID)
			s.Streams.End(map[string]string{p.Param: item.ID})
		}
	}
}

// id returns the id of the item that the path leads to.
func (c *Call) id() string { return c.Values.Path[c.role.Pair.Param] }

// inPath returns what the path has for a parameter.
func (c *Call) inPath(param string) string { return c.Values.Path[param] }

// appendItem writes an item with what a response adds to it.
func (s *Server) appendItem(b []byte, c *Call, p *pairs.Pair, item *resources.Item) []byte {
	text := s.renewed(c, p, item.JSON)
	if s.blueprint(p).isAccess && c.role.Kind != pairs.Create { // which alone shows the token
		text = parse(text).without(isToken).JSON()
	}
	if counts := s.blueprint(p).summary; len(counts) > 0 {
		text = s.withSummary(c, p.Schema, counts, parse(text), ownerKind(p.Param, p), item.ID).JSON()
	}
	b = append(b, text[:len(text)-1]...)
	return c.HAL(p.Item).AppendTo(b, func(param string) string {
		if param == p.Param {
			return item.ID
		}
		return c.inPath(param)
	})
}
