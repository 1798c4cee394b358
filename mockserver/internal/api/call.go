package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/mockserver/internal/generic"
	"github.com/losantmock/losantmock/mockserver/internal/hal"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// maxHeaderFields is the most header fields that a request may have. The limit is
// ours.
const maxHeaderFields = 200

// Call is a request and what the steps to its response find out.
type Call struct {
	Server  *Server
	writer  http.ResponseWriter
	Request *http.Request
	At      time.Time

	endpoint  *contract.Endpoint  // nil for an unknown path
	Operation *contract.Operation // nil for a request to none
	values    contract.Request    // its body is that of an operation which has one

	Body    wire.Body
	decoded *decodedBody // nil until a step needs it

	filter *filter.Filter // of a list
	token  string         // that was looked at
	Caller *state.Caller  // nil if the token is missing or not valid

	defined  *generic.Call   // of an operation without a handler of ours; nil for any other
	stream   *generic.Stream // that the response is; nil for none
	streamed *wire.Response

	cors bool // whether the response carries CORS headers
	gzip bool // whether it may be compressed
}

// NewCall returns the call of a request: what its path, its query and its header
// say.
func (s *Server) NewCall(w http.ResponseWriter, r *http.Request, at time.Time) *Call {
	c := &Call{Server: s, writer: w, Request: r, At: at}
	c.endpoint, c.values.Path = s.State.API.Find(r.Method, r.URL)
	if c.endpoint != nil {
		c.Operation = c.endpoint.Operations[r.Method]
	}
	c.values.Query = decode.ParseQuery(r.URL.RawQuery)
	c.values.Token = decode.AccessToken(c.values.Query, r.Header.Get("Authorization"))
	return c
}

// Identity returns what the request is about.
func (c *Call) Identity() recorder.Identity {
	i := recorder.Identity{
		Operation: c.Operation, Token: c.values.Token.Text,
		ApplicationID: c.values.Path["applicationId"], WebhookID: c.values.Path["webhookId"],
	}
	application, hook := c.Server.State.Store.Named(c.applicationID(), c.webhookID())
	if application != nil {
		i.ApplicationName = application.Name
	}
	if hook != nil {
		i.WebhookName, i.WebhookToken = hook.Name, hook.Token
	}
	return i
}

// Scopes returns the scopes of the request's token; nil for a token that is not
// valid.
func (c *Call) Scopes() []string {
	return c.Server.State.Tokens.ScopesOf(c.values.Token.Text, c.At)
}

// ReadBody reads the body of the request.
func (c *Call) ReadBody() { c.Body = wire.ReadBody(c.writer, c.Request, c.Server.MaxBody) }

// decodedBody is a body as the API decodes it, or the response that refuses it.
type decodedBody struct {
	value   decode.Value
	refusal *wire.Response
}

// decode decodes the body, once.
func (c *Call) decode() *decodedBody {
	if c.decoded == nil {
		c.decoded = new(decodedBody)
		c.decoded.value, c.decoded.refusal = c.Body.Value(c.Request.Header, c.Server.MaxBody)
	}
	return c.decoded
}

// DecodedBody returns the body as the API decodes it; nil for a body that it
// refuses.
func (c *Call) DecodedBody() any { return c.decode().value.Body }

// Respond takes the request through the steps of the real API, in its order, and
// returns the response. The first step that refuses the request is the last one.
func (c *Call) Respond() *wire.Response {
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
	if response := c.scripted(); response != nil {
		return response
	}
	if c.defined != nil {
		return c.respondByDefinition()
	}
	return handlers[c.Operation.Name](c)
}

// Failed returns the response to a request that ends with a panic.
func (c *Call) Failed() *wire.Response {
	return wire.ServerError()
}

// route checks whether there is an operation, by path and then by method. Every
// path responds to OPTIONS, so an unknown path is a wrong method too.
func (c *Call) route() *wire.Response {
	if fieldCount(c.Request.Header) > maxHeaderFields {
		return wire.BodyError(http.StatusRequestHeaderFieldsTooLarge, "RequestHeaderFieldsTooLarge",
			fmt.Sprintf("The request has more than %d header fields", maxHeaderFields))
	}
	if path := c.Request.URL.EscapedPath(); !decode.ValidPath(path) {
		return wire.NoPath(path)
	}
	method := c.Request.Method
	if method == http.MethodOptions {
		return c.preflight()
	}
	if c.endpoint == nil {
		return wire.MethodNotAllowed(method, http.MethodOptions)
	}
	if _, ok := c.endpoint.Operations[method]; !ok {
		return wire.MethodNotAllowed(method, c.endpoint.Allow)
	}
	c.gzip = true
	if c.Operation == nil {
		c.cors = true
		return &wire.Response{Status: http.StatusOK, Body: c.Server.State.API.Definition()}
	}
	return nil
}

// preflight responds to OPTIONS, whose body is read as that of any other method.
func (c *Call) preflight() *wire.Response {
	if refusal := c.decode().refusal; refusal != nil {
		return refusal
	}
	c.cors = true
	return &wire.Response{Status: http.StatusNoContent, Options: true}
}

func fieldCount(h http.Header) int {
	n := 0
	for _, values := range h {
		n += len(values)
	}
	return n
}

// readBody takes the decoded body, also for operations without one. The body of a GET is
// ignored.
func (c *Call) readBody() *wire.Response {
	if c.Request.Method == http.MethodGet {
		c.cors = true
		return nil
	}
	body := c.decode()
	c.values.Body, c.cors = body.value, body.refusal == nil
	return body.refusal
}

// checkParams checks token, header, path, query and body against the contract.
func (c *Call) checkParams() *wire.Response {
	if v := c.Operation.CheckRequest(&c.values); v != nil {
		return wire.Invalid(v)
	}
	if handlers[c.Operation.Name] == nil {
		return c.checkByDefinition()
	}
	return c.checkFilter()
}

// authenticate identifies the caller by the token. A bad one is refused also where
// none is needed.
func (c *Call) authenticate() *wire.Response {
	c.token = c.values.Token.Text
	var err error
	c.Caller, err = c.Server.State.Tokens.Identify(c.token, c.At)
	switch {
	case errors.Is(err, state.ErrTokenExpired):
		return wire.Unauthorized("Access token has expired")
	case err != nil:
		return wire.Unauthorized("Invalid access token")
	default:
		return nil
	}
}

// throttle applies the rate limit of the world to the token.
func (c *Call) throttle() *wire.Response {
	if wait := c.Server.State.Throttle(c.token, c.At); wait > 0 {
		return wire.RateLimited(wait)
	}
	return nil
}

// authorize checks whether the caller's scopes allow the operation.
func (c *Call) authorize() *wire.Response {
	if c.Operation.Public || c.Caller != nil && c.Caller.Grants.Allows(c.Operation) {
		return nil
	}
	return wire.Forbidden()
}

// Finish adds to a response what depends on the request alone. The response may
// be that of a fault. The decoded body is no longer needed: a fault may hold the
// response back for long.
func (c *Call) Finish(response *wire.Response) {
	c.decoded, c.values.Body = nil, decode.Value{}
	response.Bodiless = c.Request.Method == http.MethodHead
	if c.cors {
		response.Origin = wire.Origin(c.Request)
	}
	response.Gzipped = c.gzip && !response.Options && wire.AcceptsGzip(strings.Join(c.Request.Header.Values("Accept-Encoding"), ","))
}

// fields returns the decoded body of an operation whose body is an object.
func (c *Call) fields() map[string]any {
	fields, _ := c.values.Body.Body.(map[string]any)
	return fields
}

// Text returns a query parameter of the operation, or its default.
func (c *Call) Text(name string) string { return c.values.Text(c.Operation, name) }

// applicationID and webhookID return the parameters of the path.
func (c *Call) applicationID() state.ID { return state.ParseID(c.values.Path["applicationId"]) }
func (c *Call) webhookID() state.ID     { return state.ParseID(c.values.Path["webhookId"]) }

// hal returns what the response of a resource has beside its properties.
func (c *Call) hal(resource string) hal.HAL {
	return c.halOf(c.Server.State.API.Resource(resource))
}

// halOf is hal for a resource of the contract. A public operation may have no caller.
func (c *Call) halOf(resource *contract.Resource) hal.HAL {
	h := hal.HAL{Resource: resource, Actions: c.values.Query.On("_actions"), Links: c.values.Query.On("_links")}
	if c.Caller != nil {
		h.Grants = c.Caller.Grants
	}
	return h
}

// idsOf returns the values of the parameters in paths.
func idsOf(applicationID, webhookID string) func(param string) string {
	return func(param string) string {
		switch param {
		case "applicationId":
			return applicationID
		case "webhookId":
			return webhookID
		default:
			return ""
		}
	}
}
