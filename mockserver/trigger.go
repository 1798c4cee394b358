package mockserver

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/scenarios"
)

// triggerOperation is what the journal calls a call of a webhook's own URL. It
// is no operation of the API: the real one is on another host.
var triggerOperation = &contract.Operation{Name: scenarios.TriggerOperation, Action: "trigger", Path: "/webhooks/{token}"}

// triggerCall is a call of a webhook's URL on its way.
type triggerCall struct {
	world   *world
	writer  http.ResponseWriter
	request *http.Request
	at      time.Time
	entry   *entry
	body    body
	plain   []byte // the body without its encoding

	token   string
	webhook *webhook
	hold    *hold   // where a reply is waited for
	socket  *socket // where the call has opened one
	panic   string
}

// triggerToken is the token in the path of a webhook's URL; false where the
// path is none.
func triggerToken(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/webhooks/")
	if !ok {
		return "", false
	}
	escaped, _, _ := strings.Cut(rest, "/")
	token, err := url.PathUnescape(escaped)
	return token, err == nil
}

// serveTrigger answers a call of a webhook's URL and records it. What the
// workflow receives is in the journal before the call is answered.
func (w *world) serveTrigger(rw http.ResponseWriter, r *http.Request, token string) {
	c := &triggerCall{world: w, writer: rw, request: r, at: w.clock.tick(), token: token}
	began := time.Now()
	c.entry = newEntry(r, c.at)
	w.journal.open(c.entry)
	c.body = readBody(rw, r, w.triggers.MaxBody)
	fault := w.faults.pick(c)
	answer := fault.around(c)
	answer.bodiless = r.Method == http.MethodHead || bodiless(answer.status)
	w.wait(fault, r)
	o := outcome{
		body: c.body.raw, aborted: c.body.aborted() || answer.nobody, op: triggerOperation,
		answer: *answer, panic: c.panic, took: w.clock.took(began), hint: c.hint(answer),
	}
	answer = w.conclude(c.entry, o.with(fault), answer)
	switch {
	case answer.status == http.StatusSwitchingProtocols:
		c.serveWebSocket()
		return
	case c.socket != nil: // another answer took the place of its opening
		w.holds.release(c.socket.hold)
	}
	w.send(fault, answer, rw, r)
}

// faultSubject is the call as faults look at it. It may be of no webhook.
func (c *triggerCall) faultSubject() faultSubject {
	s := faultSubject{
		operation: triggerOperation.Name, method: c.request.Method, path: c.request.URL.Path, at: c.at,
		body: func() any {
			value, err := decode.JSON(c.body.raw)
			if err != nil {
				return nil
			}
			return value
		},
	}
	if hook := c.world.store.webhookOf(c.token); hook != nil {
		s.application = hook.ApplicationID
	}
	return s
}

// answer takes a call through the steps of the real service. Their order is
// ours where the documentation does not say it.
func (c *triggerCall) answer() (answer *reply) {
	defer func() {
		if problem := recover(); problem != nil {
			c.panic = c.world.of.server.panics.note(problem)
			answer = triggerError(http.StatusInternalServerError, internalError)
		}
		c.world.holds.release(c.hold)
	}()
	steps := []func(*triggerCall) *reply{
		(*triggerCall).find,
		(*triggerCall).throttle,
		(*triggerCall).checkBody,
		(*triggerCall).checkEnabled,
		(*triggerCall).authenticate,
		(*triggerCall).verify,
		(*triggerCall).upgrade,
		(*triggerCall).take,
	}
	for _, step := range steps {
		if answer := step(c); answer != nil {
			return answer
		}
	}
	return c.respond()
}

// find resolves the token. An id in its place is none.
func (c *triggerCall) find() *reply {
	if c.webhook = c.world.store.webhookOf(c.token); c.webhook == nil {
		return triggerError(http.StatusNotFound, "Webhook not found")
	}
	return nil
}

func (c *triggerCall) throttle() *reply {
	if c.world.called.wait(c.webhook.id, c.at) > 0 {
		return triggerError(http.StatusTooManyRequests, overRateLimit)
	}
	return nil
}

const overRateLimit = "Over rate limit, request throttled"

func (c *triggerCall) checkBody() *reply {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(c.body.err, &tooLarge):
		return triggerError(http.StatusRequestEntityTooLarge, "The body is too large")
	case c.body.err != nil:
		return triggerError(http.StatusBadRequest, "The body ended early")
	}
	plain, err := decode.Inflate(c.body.raw, c.request.Header.Get("Content-Encoding"), c.world.triggers.MaxBody)
	var refused *decode.Error
	if errors.As(err, &refused) {
		return triggerError(refused.Status, "The body can't be read")
	}
	c.plain = plain
	return nil
}

// checkEnabled lets nothing through to the workflow of a disabled webhook.
func (c *triggerCall) checkEnabled() *reply {
	switch {
	case c.webhook.enabled:
		return nil
	case c.webhook.IsWebsocket:
		return triggerError(http.StatusNotFound, "Webhook not found")
	default:
		return triggerSuccess(http.StatusOK)
	}
}

// authenticate asks for both fields of the basic authentication where either
// is set; an unset one is the empty text.
func (c *triggerCall) authenticate() *reply {
	user, password := c.webhook.BasicAuthUsername, c.webhook.BasicAuthPassword
	if user == "" && password == "" {
		return nil
	}
	givenUser, givenPassword, ok := c.request.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(givenUser), []byte(user)) & subtle.ConstantTimeCompare([]byte(givenPassword), []byte(password))
	if ok && same == 1 {
		return nil
	}
	refusal := triggerError(http.StatusUnauthorized, "Unauthorized")
	refusal.fields = append(refusal.fields, header{"Www-Authenticate", []string{`Basic realm="Losant webhook"`}})
	return refusal
}

// take gives the call to the workflow: it is in the journal, and in the hands
// of who plays the workflow, unless the webhook was deleted or disabled
// meanwhile.
func (c *triggerCall) take() *reply {
	if c.webhook.WaitForReply {
		if c.hold = c.world.holds.open(c.webhook); c.hold == nil {
			return triggerError(http.StatusTooManyRequests, "Too many connections are held open")
		}
	}
	t := &trigger{at: c.at, method: c.entry.method, target: c.entry.target, host: c.entry.host, header: c.entry.header, body: c.plain}
	if c.hold != nil {
		t.replyID = c.hold.id
	}
	if !c.world.fire(t, c.token, c.hold, c.entry) {
		c.webhook = c.world.store.webhookOf(c.token)
		if c.webhook == nil {
			return triggerError(http.StatusNotFound, "Webhook not found")
		}
		return triggerSuccess(http.StatusOK)
	}
	return nil
}

// fire puts a trigger into the journal and gives it to the workflow, unless the
// webhook of the token has been deleted or disabled. Whoever has the response to
// a DELETE or PATCH finds nothing fired afterwards.
func (w *world) fire(t *trigger, token string, held *hold, request *entry) bool {
	var called *webhook
	fired := w.store.call(token, func(hook *webhook, of *application) {
		called, t.hook = hook, newCalledHook(hook, of)
		w.journal.fire(t, request)
	})
	if fired {
		w.play(t, called, held)
	}
	return fired
}

// respond answers a call that was given to the workflow.
func (c *triggerCall) respond() *reply {
	if c.hold == nil {
		return c.settled()
	}
	timeout := time.NewTimer(c.world.triggers.ReplyTimeout)
	defer timeout.Stop()
	// The request is read: how long the rest takes is the workflow's matter.
	_ = http.NewResponseController(c.writer).SetReadDeadline(time.Time{})
	select {
	case answer := <-c.hold.replies:
		return replyToCall(answer)
	case <-timeout.C:
		return triggerError(http.StatusGatewayTimeout, "Time out waiting for workflow reply")
	case <-c.request.Context().Done():
		gone := triggerError(http.StatusGatewayTimeout, "The caller has gone")
		gone.nobody = true
		return gone
	case <-c.world.life.Done():
		return triggerError(http.StatusServiceUnavailable, c.world.farewell())
	}
}

// settled is the answer that waits for nothing. A status from 100 to 199 can
// be stored and not be sent: it is answered with 200.
func (c *triggerCall) settled() *reply {
	switch c.webhook.VerificationType {
	case "fitbit":
		return &reply{status: http.StatusNoContent, fields: protective}
	case "twilio":
		return &reply{status: sendable(c.webhook.ResponseCode), fields: asXML, body: emptyTwiML}
	default:
		return triggerSuccess(sendable(c.webhook.ResponseCode))
	}
}

func sendable(status int) int {
	if status < http.StatusOK {
		return http.StatusOK
	}
	return status
}

// bodiless tells which statuses go without a body.
func bodiless(status int) bool {
	return status < http.StatusOK || status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// The header fields of every answer to a call. Nothing that a caller sends
// may ever run in a browser, which has the admin API's origin in common.
var (
	protective = []header{
		{"Content-Security-Policy", []string{"sandbox; default-src 'none'"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"X-Xss-Protection", []string{"1; mode=block"}},
	}
	asJSON  = append([]header{contentTypeJSON}, protective...)
	asXML   = append([]header{{"Content-Type", []string{"text/xml"}}}, protective...)
	asPlain = append([]header{{"Content-Type", []string{"text/plain; charset=utf-8"}}}, protective...)
)

var (
	success    = []byte(`{"success":true}`)
	emptyTwiML = []byte(`<?xml version="1.0" encoding="UTF-8"?><Response></Response>`)
)

func triggerSuccess(status int) *reply {
	return &reply{status: status, fields: asJSON, body: success}
}

func triggerError(status int, message string) *reply {
	b := appendText([]byte(`{"error":`), message)
	return &reply{status: status, fields: asJSON, body: append(b, '}')}
}

// Reply is what a workflow answers to a webhook that waits.
type Reply = scenarios.Reply

// replyTypes are the content types that a reply may have.
//
// Source: Losant's documentation of the Webhook Reply.
var replyTypes = map[string]bool{
	"application/json": true, "application/xml": true, "text/plain": true, "text/xml": true, "text/csv": true,
}

// replyToCall makes an answer of a reply. Its content type is one of the few
// that are allowed, and it can't take off the protective fields.
func replyToCall(r Reply) *reply {
	answer := &reply{status: http.StatusOK, body: []byte(r.Body), fields: asJSON}
	if r.Status != 0 {
		answer.status = sendable(r.Status)
	}
	var fields []header
	for name, value := range r.Headers {
		name = http.CanonicalHeaderKey(name)
		switch kind, _ := decode.MediaType(value); {
		case name == "Content-Type" && replyTypes[kind]:
			answer.fields = append([]header{{name, []string{value}}}, protective...)
		case !ownHeaders[name]:
			fields = append(fields, header{name, []string{value}})
		}
	}
	answer.fields = append(answer.fields[:len(answer.fields):len(answer.fields)], fields...)
	return answer
}

// ownHeaders are the fields of an answer that a reply can't set.
var ownHeaders = map[string]bool{
	"Content-Type": true, "Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Connection": true,
	"Upgrade": true, "Trailer": true, "Keep-Alive": true, "Date": true,
	"Content-Security-Policy": true, "X-Content-Type-Options": true, "X-Xss-Protection": true,
}

// checkReply tells what is wrong with a reply.
func checkReply(r Reply) error {
	switch {
	case r.Status != 0 && (r.Status < 100 || r.Status > 599):
		return fmt.Errorf("status %d is none from 100 to 599", r.Status)
	case len(r.Body) > scenarios.MaxReplyBody:
		return fmt.Errorf("the body has %d bytes, and at most %d are sent", len(r.Body), scenarios.MaxReplyBody)
	}
	for name, value := range r.Headers {
		if !validHeader(name, value) {
			return fmt.Errorf("the header field %q can't be sent", name)
		}
	}
	return nil
}

// validHeader asks for a token of RFC 9110 as the name, and no control
// characters in the value.
func validHeader(name, value string) bool {
	const separators = "()<>@,;:\\\"/[]?={} \t"
	bad := func(r rune) bool { return r <= ' ' || r >= 0x7F || strings.ContainsRune(separators, r) }
	return name != "" && !strings.ContainsFunc(name, bad) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F })
}
