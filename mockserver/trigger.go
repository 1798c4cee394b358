package mockserver

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
)

// triggerCall is a call of a webhook's URL on its way.
type triggerCall struct {
	server  *triggers
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

func (s *triggers) newCall(w http.ResponseWriter, r *http.Request, token string, at time.Time, b body, e *entry) *triggerCall {
	return &triggerCall{server: s, writer: w, request: r, token: token, at: at, body: b, entry: e}
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

// respond takes a call through the steps of the real service. Their order is
// ours where the documentation does not say it.
func (c *triggerCall) respond() (response *reply) {
	defer func() {
		if problem := recover(); problem != nil {
			c.panic = c.server.panics.note(problem)
			response = triggerError(http.StatusInternalServerError, internalError)
		}
		c.server.holds.release(c.hold)
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
		if response := step(c); response != nil {
			return response
		}
	}
	return c.reply()
}

// finish adds what a response has by its request alone, whoever responds.
func (c *triggerCall) finish(response *reply) {
	response.bodiless = c.request.Method == http.MethodHead || bodiless(response.status)
}

// takeOver serves the WebSocket that a call has opened, and reports whether
// there is one.
func (c *triggerCall) takeOver(response *reply) bool {
	if response.status == http.StatusSwitchingProtocols {
		c.serveWebSocket()
		return true
	}
	if c.socket != nil { // another response took the place of its opening
		c.server.holds.release(c.socket.hold)
	}
	return false
}

// find resolves the token. An id in its place is none.
func (c *triggerCall) find() *reply {
	if c.webhook = c.server.state.store.webhookOf(c.token); c.webhook == nil {
		return triggerError(http.StatusNotFound, "Webhook not found")
	}
	return nil
}

func (c *triggerCall) throttle() *reply {
	if c.server.state.called.wait(c.webhook.id, c.at) > 0 {
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
	plain, err := decode.Inflate(c.body.raw, c.request.Header.Get("Content-Encoding"), c.server.settings.MaxBody)
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
		if c.hold = c.server.holds.open(c.webhook); c.hold == nil {
			return triggerError(http.StatusTooManyRequests, "Too many connections are held open")
		}
	}
	t := &trigger{at: c.at, method: c.entry.method, target: c.entry.target, host: c.entry.host, header: c.entry.header, body: c.plain}
	if c.hold != nil {
		t.replyID = c.hold.id
	}
	if !c.server.fire(t, c.token, c.hold, c.entry) {
		c.webhook = c.server.state.store.webhookOf(c.token)
		if c.webhook == nil {
			return triggerError(http.StatusNotFound, "Webhook not found")
		}
		return triggerSuccess(http.StatusOK)
	}
	return nil
}

// reply is the response to a call that was given to the workflow.
func (c *triggerCall) reply() *reply {
	if c.hold == nil {
		return c.immediate()
	}
	timeout := time.NewTimer(c.server.settings.ReplyTimeout)
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
	case <-c.server.life.Done():
		return triggerError(http.StatusServiceUnavailable, c.server.life.farewell())
	}
}

// immediate is the response that waits for nothing. A status from 100 to 199 can
// be stored and not be sent: 200 is sent in its place.
func (c *triggerCall) immediate() *reply {
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
