package api

import (
	"github.com/losantmock/losantmock/mockserver/internal/generic"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// checkByDefinition checks the parameters of an operation that a definition from outside
// has, beyond what package contract does.
func (c *Call) checkByDefinition() *wire.Response {
	c.defined = &generic.Call{
		Operation: c.Operation, Values: &c.values, At: c.At, Context: c.Request.Context(), HAL: c.halOf, Application: c.applicationOf,
	}
	return c.Server.Generic.Check(c.defined)
}

// respondByDefinition responds to an operation that a definition from outside has, and
// that has no handler of its own.
func (c *Call) respondByDefinition() *wire.Response {
	var response *wire.Response
	response, c.stream = c.Server.Generic.Respond(c.defined)
	if c.stream != nil {
		c.streamed, c.gzip = response, false
	}
	return response
}

// applicationOf responds with the application of the path.
func (c *Call) applicationOf(status int) *wire.Response {
	a := c.Server.State.Store.Application(c.applicationID())
	if a == nil { // it was deleted meanwhile
		return wire.NotFound("Application")
	}
	return c.applicationReply(status, a)
}

// TakeOver sends a response that is a stream, until the client is gone or the world is
// done, and reports whether it was one. A fault may have put another in its place.
func (c *Call) TakeOver(response *wire.Response) bool {
	if c.stream == nil || response != c.streamed || response.Bodiless {
		return false
	}
	response.SendHead(c.writer)
	c.stream.Serve(c.writer, c.Request.Context(), c.Server.life)
	return true
}

// Close ends a stream.
func (c *Call) Close() {
	if c.stream != nil {
		c.stream.Close()
	}
}
