package trigger

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Call is a call of a webhook's URL on its way.
type Call struct {
	Server  *Server
	writer  http.ResponseWriter
	Request *http.Request
	At      time.Time
	entry   *recorder.Entry
	Body    wire.Body
	plain   []byte // the body without its encoding

	Token  string
	hook   *state.Webhook
	hold   *hold   // where a reply is waited for
	socket *socket // where the call has opened one
	Panic  string
}

func (s *Server) NewCall(w http.ResponseWriter, r *http.Request, token string, at time.Time, b wire.Body, e *recorder.Entry) *Call {
	return &Call{Server: s, writer: w, Request: r, Token: token, At: at, Body: b, entry: e}
}

// TokenOf is the token in the path of a webhook's URL; false where the
// path is none.
func TokenOf(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/webhooks/")
	if !ok {
		return "", false
	}
	escaped, _, _ := strings.Cut(rest, "/")
	token, err := url.PathUnescape(escaped)
	return token, err == nil
}

// Respond takes a call through the steps of the real service. Their order is
// ours where the documentation does not say it.
func (c *Call) Respond() (response *wire.Response) {
	defer func() {
		if problem := recover(); problem != nil {
			c.Panic = c.Server.Panics.Note(problem)
			response = errorResponse(http.StatusInternalServerError, wire.InternalError)
		}
		c.Server.Holds.release(c.hold)
	}()
	steps := []func(*Call) *wire.Response{
		(*Call).find,
		(*Call).throttle,
		(*Call).checkBody,
		(*Call).checkEnabled,
		(*Call).authenticate,
		(*Call).verify,
		(*Call).upgrade,
		(*Call).fire,
	}
	for _, step := range steps {
		if response := step(c); response != nil {
			return response
		}
	}
	return c.reply()
}

// Finish adds what a response has by its request alone, whoever responds.
func (c *Call) Finish(response *wire.Response) {
	response.Bodiless = c.Request.Method == http.MethodHead || wire.Bodiless(response.Status)
}

// TakeOver serves the WebSocket that a call has opened, and reports whether
// there is one.
func (c *Call) TakeOver(response *wire.Response) bool {
	if response.Status == http.StatusSwitchingProtocols {
		c.serveWebSocket()
		return true
	}
	if c.socket != nil { // another response took the place of its opening
		c.Server.Holds.release(c.socket.hold)
	}
	return false
}

// find resolves the token. An id in its place is none.
func (c *Call) find() *wire.Response {
	if c.hook = c.Server.State.Store.WebhookByToken(c.Token); c.hook == nil {
		return errorResponse(http.StatusNotFound, "Webhook not found")
	}
	return nil
}

func (c *Call) throttle() *wire.Response {
	if c.Server.State.Called.Wait(c.hook.Key, c.At) > 0 {
		return errorResponse(http.StatusTooManyRequests, overRateLimit)
	}
	return nil
}

const overRateLimit = "Over rate limit, request throttled"

func (c *Call) checkBody() *wire.Response {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(c.Body.Err, &tooLarge):
		return errorResponse(http.StatusRequestEntityTooLarge, "The body is too large")
	case c.Body.Err != nil:
		return errorResponse(http.StatusBadRequest, "The body ended early")
	}
	plain, err := decode.Inflate(c.Body.Raw, c.Request.Header.Get("Content-Encoding"), c.Server.Settings.MaxBody)
	var refused *decode.Error
	if errors.As(err, &refused) {
		return errorResponse(refused.Status, "The body can't be read")
	}
	c.plain = plain
	return nil
}

// checkEnabled lets nothing through to the workflow of a disabled webhook.
func (c *Call) checkEnabled() *wire.Response {
	switch {
	case c.hook.IsEnabled:
		return nil
	case c.hook.IsWebsocket:
		return errorResponse(http.StatusNotFound, "Webhook not found")
	default:
		return successResponse(http.StatusOK)
	}
}

// authenticate asks for both fields of the basic authentication where either
// is set; an unset one is the empty text.
func (c *Call) authenticate() *wire.Response {
	user, password := c.hook.BasicAuthUsername, c.hook.BasicAuthPassword
	if user == "" && password == "" {
		return nil
	}
	givenUser, givenPassword, ok := c.Request.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(givenUser), []byte(user)) & subtle.ConstantTimeCompare([]byte(givenPassword), []byte(password))
	if ok && same == 1 {
		return nil
	}
	refusal := errorResponse(http.StatusUnauthorized, "Unauthorized")
	refusal.Fields = append(refusal.Fields, wire.Field("Www-Authenticate", `Basic realm="Losant webhook"`))
	return refusal
}

// take gives the call to the workflow: it is in the journal, and in the hands
// of who plays the workflow, unless the webhook was deleted or disabled
// meanwhile.
func (c *Call) fire() *wire.Response {
	if c.hook.WaitForReply {
		if c.hold = c.Server.Holds.open(c.hook); c.hold == nil {
			return errorResponse(http.StatusTooManyRequests, "Too many connections are held open")
		}
	}
	t := &recorder.Trigger{At: c.At, Method: c.entry.Method, Target: c.entry.Target, Host: c.entry.Host, Header: c.entry.Header, Body: c.plain}
	if c.hold != nil {
		t.ReplyID = c.hold.id
	}
	if !c.Server.fire(t, c.Token, c.hold, c.entry) {
		c.hook = c.Server.State.Store.WebhookByToken(c.Token)
		if c.hook == nil {
			return errorResponse(http.StatusNotFound, "Webhook not found")
		}
		return successResponse(http.StatusOK)
	}
	return nil
}

// reply is the response to a call that was given to the workflow.
func (c *Call) reply() *wire.Response {
	if c.hold == nil {
		return c.immediate()
	}
	timeout := time.NewTimer(c.Server.Settings.ReplyTimeout)
	defer timeout.Stop()
	// The request is read: how long the rest takes is the workflow's matter.
	_ = http.NewResponseController(c.writer).SetReadDeadline(time.Time{})
	select {
	case reply := <-c.hold.replies:
		return replyToCall(reply)
	case <-timeout.C:
		return errorResponse(http.StatusGatewayTimeout, "Time out waiting for workflow reply")
	case <-c.Request.Context().Done():
		gone := errorResponse(http.StatusGatewayTimeout, "The caller has gone")
		gone.ClientGone = true
		return gone
	case <-c.Server.Life.Done():
		return errorResponse(http.StatusServiceUnavailable, c.Server.Life.ClosingMessage())
	}
}

// immediate is the response that waits for nothing. A status from 100 to 199 can
// be stored and not be sent: 200 is sent in its place.
func (c *Call) immediate() *wire.Response {
	switch c.hook.VerificationType {
	case "fitbit":
		return &wire.Response{Status: http.StatusNoContent, Fields: protective}
	case "twilio":
		return &wire.Response{Status: sendable(c.hook.ResponseCode), Fields: asXML, Body: emptyTwiML}
	default:
		return successResponse(sendable(c.hook.ResponseCode))
	}
}

func sendable(status int) int {
	if status < http.StatusOK {
		return http.StatusOK
	}
	return status
}
