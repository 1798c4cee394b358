package mockserver

import (
	"fmt"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// maxHeaderFields is how many header fields a request may have. The limit is
// ours.
const maxHeaderFields = 200

// call is a request on its way through the API.
type call struct {
	world   *world
	request *http.Request
	at      time.Time
	body    body

	// What the steps find out.
	op     *contract.Operation
	values contract.Request
	filter *contract.Filter // of a list
	token  string
	bearer *bearer

	cors  bool // whether the answer carries CORS headers
	gzip  bool // whether it may be compressed
	panic string
}

// serve answers a request and records it. The entry is in the journal from the
// request's arrival, and complete before the answer is on its way, so that a
// client that has its answer always finds the request.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	c := &call{world: w, request: r, at: w.clock.tick()}
	began := time.Now()
	entry := newEntry(r, c.at)
	w.journal.open(entry)
	c.body = readBody(rw, r, w.limits.body)
	fault := w.faults.pick(c)
	answer := fault.around(c)
	c.finish(answer)
	w.pedant.vary(answer, c)
	w.wait(fault, r)
	answer = w.conclude(entry, c.outcome(answer, w.clock.took(began)).with(fault), answer)
	w.send(fault, answer, rw, r)
}

// conclude records how a request is answered, before it is, and gives the
// answer: where a strict journal file can't be written, it is another one.
func (w *world) conclude(e *entry, o outcome, answer *reply) *reply {
	if w.file != nil && !w.file.write(w.journal.request(e.answeredWith(o))) && w.file.strict {
		answer = notJournaled(answer)
		o.answer = *answer
	}
	w.journal.close(e, o)
	w.log(e)
	return answer
}

// notJournaled takes the place of an answer that is in no journal file. Its
// request has had its effect.
func notJournaled(meant *reply) *reply {
	r := apiError(http.StatusServiceUnavailable, "JournalUnavailable", "The request was carried out, and the journal file could not be written")
	r.origin, r.gzipped, r.bodiless = meant.origin, meant.gzipped, meant.bodiless
	return r
}

// answer takes the request through the steps of the real API, in its order.
// The first that refuses has the word.
func (c *call) answer() (answer *reply) {
	defer func() {
		if problem := recover(); problem != nil {
			c.panic = c.world.of.server.panics.note(problem)
			answer = apiError(http.StatusInternalServerError, "ServerError", internalError)
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
	endpoint, path := c.world.api.Find(c.request.URL)
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
		return &reply{status: http.StatusOK, body: c.world.api.Definition()}
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
	c.values.Body, refusal = c.body.value(c.request.Header, c.world.limits.body)
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
func (c *call) authenticate() (refusal *reply) {
	if c.op.Resource.Public {
		return nil
	}
	c.token = c.values.Token.Text
	c.bearer, refusal = c.world.doorkeeper.identify(c.token, c.at)
	return refusal
}

// throttle holds a token to the rate limit of the world, if it has one.
func (c *call) throttle() *reply {
	if wait := c.world.callers.wait(c.token, c.at); wait > 0 {
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

// finish settles what depends on the request alone.
func (c *call) finish(answer *reply) {
	answer.bodiless = c.request.Method == http.MethodHead
	if c.cors {
		if answer.origin = c.request.Header.Get("Origin"); answer.origin == "" {
			answer.origin = "*"
		}
	}
	answer.gzipped = c.gzip && !answer.options && acceptsGzip(c.request.Header.Get("Accept-Encoding"))
}

func (c *call) outcome(answer *reply, took time.Duration) outcome {
	var scopes []string
	if c.bearer != nil {
		scopes = c.bearer.scopes
	}
	return outcome{
		body:    c.body.raw,
		aborted: c.body.aborted(),
		op:      c.op,
		token:   c.token,
		scopes:  scopes,
		answer:  *answer,
		panic:   c.panic,
		took:    took,
		hint:    c.hint(answer),
	}
}

// faultSubject is the request as faults look at it. It may lead nowhere, and
// its body may be anything.
func (c *call) faultSubject() faultSubject {
	s := faultSubject{
		method: c.request.Method,
		path:   c.request.URL.Path,
		token:  decode.AccessToken(decode.ParseQuery(c.request.URL.RawQuery), c.request.Header.Get("Authorization")).Text,
		at:     c.at,
		body: func() any {
			value, _ := c.body.value(c.request.Header, c.world.limits.body)
			return value.Body
		},
	}
	if endpoint, path := c.world.api.Find(c.request.URL); endpoint != nil {
		s.application = path["applicationId"]
		if op := endpoint.Operations[s.method]; op != nil {
			s.operation = op.Name
		}
	}
	return s
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
	return hal{c.world.api.Resource(resource), c.bearer.grants, c.values.Query.On("_actions"), c.values.Query.On("_links")}
}
