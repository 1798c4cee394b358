package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// maxHeaderFields is how many header fields a request may have. The limit is
// ours.
const maxHeaderFields = 200

// apiServer responds to requests as the API does.
type apiServer struct {
	state    *state
	renderer *renderer
	maxBody  int64 // bytes of a request's body
	panics   *panics
}

func newAPIServer(s *state, maxBody int64, p *panics) *apiServer {
	return &apiServer{state: s, renderer: newRenderer(s.api), maxBody: maxBody, panics: p}
}

// call is a request on its way through the API.
type call struct {
	server  *apiServer
	request *http.Request
	at      time.Time
	body    body

	// What the steps find out.
	op     *contract.Operation
	values contract.Request
	filter *contract.Filter // of a list
	token  string
	bearer *bearer

	cors  bool // whether the response carries CORS headers
	gzip  bool // whether it may be compressed
	panic string
}

func (s *apiServer) newCall(r *http.Request, at time.Time, b body) *call {
	return &call{server: s, request: r, at: at, body: b}
}

// respond takes the request through the steps of the real API, in its order.
// The first one that refuses the request ends them.
func (c *call) respond() (response *reply) {
	defer func() {
		if problem := recover(); problem != nil {
			c.panic = c.server.panics.note(problem)
			response = apiError(http.StatusInternalServerError, "ServerError", internalError)
		}
	}()
	steps := []func(*call) *reply{
		(*call).route,
		(*call).readBody,
		(*call).checkParams,
		(*call).authenticate,
		(*call).throttle,
		(*call).authorize,
	}
	for _, step := range steps {
		if refusal := step(c); refusal != nil {
			return refusal
		}
	}
	return handlers[c.op.Name](c)
}

// route finds the operation, by path and then by method. Every path answers
// OPTIONS, so one that leads nowhere is a wrong method too.
func (c *call) route() *reply {
	if fieldCount(c.request.Header) > maxHeaderFields {
		return bodyError(http.StatusRequestHeaderFieldsTooLarge, "RequestHeaderFieldsTooLarge",
			fmt.Sprintf("The request has more than %d header fields", maxHeaderFields))
	}
	method := c.request.Method
	if method == http.MethodOptions {
		c.cors = true
		return &reply{status: http.StatusNoContent, options: true}
	}
	endpoint, path := c.server.state.api.Find(c.request.URL)
	if endpoint == nil {
		return methodNotAllowed(method, http.MethodOptions)
	}
	op, ok := endpoint.Operations[method]
	if !ok {
		return methodNotAllowed(method, endpoint.Allow)
	}
	c.gzip = true
	if op == nil {
		c.cors = true
		return &reply{status: http.StatusOK, body: c.server.state.api.Definition()}
	}
	c.op, c.values.Path = op, path
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
func (c *call) readBody() (refusal *reply) {
	if c.request.Method == http.MethodGet {
		c.cors = true
		return nil
	}
	c.values.Body, refusal = c.body.value(c.request.Header, c.server.maxBody)
	c.cors = refusal == nil
	return refusal
}

// checkParams holds token, header, path, query and body together against the
// table.
func (c *call) checkParams() *reply {
	c.values.Query = decode.ParseQuery(c.request.URL.RawQuery)
	c.values.Token = decode.AccessToken(c.values.Query, c.request.Header.Get("Authorization"))
	if v := c.op.CheckRequest(&c.values); v != nil {
		return invalid(v)
	}
	return c.checkFilter()
}

// authenticate finds out who asks.
func (c *call) authenticate() *reply {
	if c.op.Resource.Public {
		return nil
	}
	c.token = c.values.Token.Text
	var err error
	c.bearer, err = c.server.state.tokens.identify(c.token, c.at)
	switch {
	case errors.Is(err, errTokenExpired):
		return unauthorized("Access token has expired")
	case err != nil:
		return unauthorized("Invalid access token")
	default:
		return nil
	}
}

// throttle holds a token to the rate limit of the world, if it has one.
func (c *call) throttle() *reply {
	if wait := c.server.state.callers.wait(c.token, c.at); wait > 0 {
		return rateLimited(wait)
	}
	return nil
}

// authorize asks whether that one may.
func (c *call) authorize() *reply {
	if c.op.Resource.Public || c.bearer != nil && c.bearer.grants.Allows(c.op) {
		return nil
	}
	return forbidden()
}

// finish adds what a response has by its request alone, whoever responds.
func (c *call) finish(response *reply) {
	response.bodiless = c.request.Method == http.MethodHead
	if c.cors {
		if response.origin = c.request.Header.Get("Origin"); response.origin == "" {
			response.origin = "*"
		}
	}
	response.gzipped = c.gzip && !response.options && acceptsGzip(c.request.Header.Get("Accept-Encoding"))
}

// fields is the decoded body of an operation whose schema asks for an object.
func (c *call) fields() map[string]any {
	fields, _ := c.values.Body.Body.(map[string]any)
	return fields
}

// text is a query parameter of the operation, or its default where it is not
// given.
func (c *call) text(name string) string { return c.values.Text(c.op, name) }

// applicationID and webhookID are the parameters of the path.
func (c *call) applicationID() objectID { return parseID(c.values.Path["applicationId"]) }
func (c *call) webhookID() objectID     { return parseID(c.values.Path["webhookId"]) }

// hal is what a response of the resource carries beside its fields.
func (c *call) hal(resource string) hal {
	return hal{c.server.state.api.Resource(resource), c.bearer.grants, c.values.Query.On("_actions"), c.values.Query.On("_links")}
}
