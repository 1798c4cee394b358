package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// maxHeaderFields is how many header fields a request may have. The limit is
// ours.
const maxHeaderFields = 200

// Server responds to requests as the API does.
type Server struct {
	State    *state.State
	renderer *renderer
	MaxBody  int64 // bytes of a request's body
	panics   *life.Panics
}

func New(s *state.State, maxBody int64, p *life.Panics) *Server {
	return &Server{State: s, renderer: newRenderer(s.API), MaxBody: maxBody, panics: p}
}

// Call is a request on its way through the API.
type Call struct {
	Server  *Server
	Request *http.Request
	At      time.Time
	Body    wire.Body

	// What the steps find out.
	Operation *contract.Operation
	values    contract.Request
	filter    *contract.Filter // of a list
	Token     string
	Caller    *state.Caller

	cors  bool // whether the response carries CORS headers
	gzip  bool // whether it may be compressed
	Panic string
}

func (s *Server) NewCall(r *http.Request, at time.Time, b wire.Body) *Call {
	return &Call{Server: s, Request: r, At: at, Body: b}
}

// Respond takes the request through the steps of the real API, in its order.
// The first one that refuses the request ends them.
func (c *Call) Respond() (response *wire.Response) {
	defer func() {
		if problem := recover(); problem != nil {
			c.Panic = c.Server.panics.Note(problem)
			response = wire.Error(http.StatusInternalServerError, "ServerError", wire.InternalError)
		}
	}()
	steps := []func(*Call) *wire.Response{
		(*Call).route,
		(*Call).readBody,
		(*Call).checkParams,
		(*Call).authenticate,
		(*Call).throttle,
		(*Call).authorize,
	}
	for _, step := range steps {
		if refusal := step(c); refusal != nil {
			return refusal
		}
	}
	return handlers[c.Operation.Name](c)
}

// route finds the operation, by path and then by method. Every path answers
// OPTIONS, so one that leads nowhere is a wrong method too.
func (c *Call) route() *wire.Response {
	if fieldCount(c.Request.Header) > maxHeaderFields {
		return wire.BodyError(http.StatusRequestHeaderFieldsTooLarge, "RequestHeaderFieldsTooLarge",
			fmt.Sprintf("The request has more than %d header fields", maxHeaderFields))
	}
	method := c.Request.Method
	if method == http.MethodOptions {
		c.cors = true
		return &wire.Response{Status: http.StatusNoContent, Options: true}
	}
	endpoint, path := c.Server.State.API.Find(c.Request.URL)
	if endpoint == nil {
		return wire.MethodNotAllowed(method, http.MethodOptions)
	}
	op, ok := endpoint.Operations[method]
	if !ok {
		return wire.MethodNotAllowed(method, endpoint.Allow)
	}
	c.gzip = true
	if op == nil {
		c.cors = true
		return &wire.Response{Status: http.StatusOK, Body: c.Server.State.API.Definition()}
	}
	c.Operation, c.values.Path = op, path
	return nil
}

func fieldCount(h http.Header) int {
	n := 0
	for _, values := range h {
		n += len(values)
	}
	return n
}

// readBody decodes the body, also of operations that have no use for it. That
// of a GET is never looked at.
func (c *Call) readBody() (refusal *wire.Response) {
	if c.Request.Method == http.MethodGet {
		c.cors = true
		return nil
	}
	c.values.Body, refusal = c.Body.Value(c.Request.Header, c.Server.MaxBody)
	c.cors = refusal == nil
	return refusal
}

// checkParams holds token, header, path, query and body together against the
// table.
func (c *Call) checkParams() *wire.Response {
	c.values.Query = decode.ParseQuery(c.Request.URL.RawQuery)
	c.values.Token = decode.AccessToken(c.values.Query, c.Request.Header.Get("Authorization"))
	if v := c.Operation.CheckRequest(&c.values); v != nil {
		return wire.Invalid(v)
	}
	return c.checkFilter()
}

// authenticate finds out who asks.
func (c *Call) authenticate() *wire.Response {
	if c.Operation.Resource.Public {
		return nil
	}
	c.Token = c.values.Token.Text
	var err error
	c.Caller, err = c.Server.State.Tokens.Identify(c.Token, c.At)
	switch {
	case errors.Is(err, state.ErrTokenExpired):
		return wire.Unauthorized("Access token has expired")
	case err != nil:
		return wire.Unauthorized("Invalid access token")
	default:
		return nil
	}
}

// throttle holds a token to the rate limit of the world, if it has one.
func (c *Call) throttle() *wire.Response {
	if wait := c.Server.State.Callers.Wait(c.Token, c.At); wait > 0 {
		return wire.RateLimited(wait)
	}
	return nil
}

// authorize asks whether that one may.
func (c *Call) authorize() *wire.Response {
	if c.Operation.Resource.Public || c.Caller != nil && c.Caller.Grants.Allows(c.Operation) {
		return nil
	}
	return wire.Forbidden()
}

// Finish adds what a response has by its request alone, whoever responds.
func (c *Call) Finish(response *wire.Response) {
	response.Bodiless = c.Request.Method == http.MethodHead
	if c.cors {
		if response.Origin = c.Request.Header.Get("Origin"); response.Origin == "" {
			response.Origin = "*"
		}
	}
	response.Gzipped = c.gzip && !response.Options && wire.AcceptsGzip(c.Request.Header.Get("Accept-Encoding"))
}

// fields is the decoded body of an operation whose schema asks for an object.
func (c *Call) fields() map[string]any {
	fields, _ := c.values.Body.Body.(map[string]any)
	return fields
}

// Text is a query parameter of the operation, or its default where it is not
// given.
func (c *Call) Text(name string) string { return c.values.Text(c.Operation, name) }

// applicationID and webhookID are the parameters of the path.
func (c *Call) applicationID() state.ID { return state.ParseID(c.values.Path["applicationId"]) }
func (c *Call) webhookID() state.ID     { return state.ParseID(c.values.Path["webhookId"]) }

// hal is what a response of the resource carries beside its fields.
func (c *Call) hal(resource string) hal {
	return hal{c.Server.State.API.Resource(resource), c.Caller.Grants, c.values.Query.On("_actions"), c.values.Query.On("_links")}
}
