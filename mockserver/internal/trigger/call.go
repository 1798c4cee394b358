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

// Call is a call of a webhook's URL and what the steps to its response find out.
type Call struct {
	Server  *Server
	writer  http.ResponseWriter
	Request *http.Request
	entry   *recorder.Entry
	Body    wire.Body
	plain   []byte        // the body without its encoding, until the call is fired
	refused *decode.Error // why there is no plain body; nil if there is

	Token    string
	hook     *state.Webhook
	hold     *hold   // nil unless the call waits for a reply
	timedOut bool    // whether no reply came
	socket   *socket // nil unless the call opens a WebSocket
}

// NewCall returns the call of a token's URL.
func (s *Server) NewCall(w http.ResponseWriter, r *http.Request, token string, e *recorder.Entry) *Call {
	return &Call{Server: s, writer: w, Request: r, Token: token, entry: e}
}

// Identity returns what the call is about: the webhook of the token in its URL, also
// where there is none.
func (c *Call) Identity() recorder.Identity {
	i := recorder.Identity{Operation: recorder.TriggerOperation, WebhookToken: c.Token}
	if hook, of := c.Server.State.Store.Called(c.Token); hook != nil {
		i.ApplicationID, i.ApplicationName = hook.ApplicationID, of.Name
		i.WebhookID, i.WebhookName = hook.ID, hook.Name
	}
	return i
}

// ReadBody reads the body of the call, and undoes its encoding.
func (c *Call) ReadBody() {
	limit := c.Server.Settings.MaxBody
	c.Body = wire.ReadBody(c.writer, c.Request, limit)
	var err error
	c.plain, err = decode.Inflate(c.Body.Raw, c.Request.Header.Get("Content-Encoding"), limit)
	errors.As(err, &c.refused)
}

// DecodedBody returns the body, decoded as JSON; nil for a body that is none.
func (c *Call) DecodedBody() any {
	value, err := decode.JSON(c.plain)
	if err != nil {
		return nil
	}
	return value
}

// TokenOf returns the token in the path of a webhook's URL, and reports whether
// the path is one.
func TokenOf(r *http.Request) (string, bool) {
	const webhooks = "/webhooks/"
	if !strings.HasPrefix(r.URL.Path, webhooks) { // as for most requests, which need no escaping
		return "", false
	}
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), webhooks)
	if !ok {
		return "", false
	}
	escaped, _, _ := strings.Cut(rest, "/")
	token, err := url.PathUnescape(escaped)
	return token, err == nil
}

// Respond takes the call through the steps of the real service, and returns the
// response. Where the documentation does not give the order, it is ours.
func (c *Call) Respond() *wire.Response {
	defer func() { c.Server.Holds.release(c.hold) }()
	steps := []func(*Call) *wire.Response{
		(*Call).find,
		(*Call).preflight,
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

// Failed returns the response to a call that ends with a panic.
func (c *Call) Failed() *wire.Response {
	return errorResponse(http.StatusInternalServerError, wire.InternalError)
}

// Finish adds to a response what depends on the request alone. The response may
// be that of a fault.
func (c *Call) Finish(response *wire.Response) {
	response.Bodiless = c.Request.Method == http.MethodHead || wire.Bodiless(response.Status)
	c.allowOrigin(response)
}

// TakeOver serves the WebSocket that the call has opened, until it is closed. It
// reports whether there is one.
func (c *Call) TakeOver(response *wire.Response) bool {
	if response.Status != http.StatusSwitchingProtocols {
		return false
	}
	c.serveWebSocket()
	return true
}

// Close disconnects the WebSocket that the call has opened, if it was not served: a
// fault or a full disk has replaced its response, or the connection has failed.
func (c *Call) Close() {
	if c.socket != nil {
		c.socket.disconnected(nil, nil)
	}
}

// find finds the webhook of the token.
func (c *Call) find() *wire.Response {
	if c.hook = c.Server.State.Store.WebhookByToken(c.Token); c.hook == nil {
		return errorResponse(http.StatusNotFound, "Webhook not found")
	}
	return nil
}

func (c *Call) throttle() *wire.Response {
	if c.Server.State.Called.Wait(c.hook.Key, c.entry.At) > 0 {
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
	if c.refused != nil {
		return errorResponse(c.refused.Status, "The body can't be read")
	}
	return nil
}

// checkEnabled responds to the call of a disabled webhook, which fires nothing.
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

// authenticate checks the basic authentication if the webhook has a user name or a
// password. If one of them is not set, it is the empty text.
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

// fire records the trigger of the call and passes it to the workflow, unless the
// webhook was deleted or disabled meanwhile.
func (c *Call) fire() *wire.Response {
	if c.hook.WaitForReply {
		if c.hold = c.Server.Holds.open(c.hook, c.size()); c.hold == nil {
			return errorResponse(http.StatusTooManyRequests, "Too many connections are held open")
		}
	}
	t := &recorder.Trigger{At: c.entry.At, Method: c.entry.Method(), Target: c.entry.Target, Host: c.entry.Host(), Header: c.entry.Header(), Body: c.Body.Raw, PlainSize: len(c.plain)}
	c.plain = nil // a call may wait for long
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

// heldSize is what an open connection takes in bytes, beside what was sent.
const heldSize = 32 << 10

// size returns about how many bytes of memory the call keeps while it is held
// open: its body, and the header as it was read and as the journal has it.
func (c *Call) size() int64 {
	return heldSize + int64(cap(c.Body.Raw)+2*(len(c.entry.Header())+len(c.entry.Target)+len(c.entry.Host())))
}

// reply returns the response to a call that has fired its trigger.
func (c *Call) reply() *wire.Response {
	if c.hold == nil {
		return c.immediate()
	}
	timeout := time.NewTimer(c.Server.Settings.ReplyTimeout)
	defer timeout.Stop()
	// The request was read: the workflow decides how long the rest takes.
	_ = http.NewResponseController(c.writer).SetReadDeadline(time.Time{})
	select {
	case reply := <-c.hold.replies:
		return replyToCall(reply)
	case <-timeout.C:
		c.timedOut = true
		return errorResponse(http.StatusGatewayTimeout, "Time out waiting for workflow reply")
	case <-c.Request.Context().Done():
		gone := errorResponse(http.StatusGatewayTimeout, "The caller has gone")
		gone.ClientGone = true
		return gone
	case <-c.Server.Life.Done():
		return errorResponse(c.closingStatus(), c.Server.Life.ClosingMessage())
	}
}

// closingStatus returns the status of the response to a call that still waits when
// the world is closed. A sandbox that was dropped does not come back.
func (c *Call) closingStatus() int {
	if c.Server.Life.Dropped() != nil {
		return http.StatusGone
	}
	return http.StatusServiceUnavailable
}

// immediate returns the response to a call that waits for no reply. A status from
// 100 to 199 can be stored, and not be sent: the response then has 200.
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

// sendable returns the status that is sent for a status.
func sendable(status int) int {
	if status < http.StatusOK {
		return http.StatusOK
	}
	return status
}
