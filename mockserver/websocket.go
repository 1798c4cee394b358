package mockserver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// How a WebSocket is kept alive, and how long its other end may take.
const (
	pingEvery  = 30 * time.Second
	socketTime = 10 * time.Second
)

// upgrade takes in a WebSocket: its connecting is the first event.
func (c *triggerCall) upgrade() *reply {
	if !c.webhook.IsWebsocket {
		return nil
	}
	if !wantsWebSocket(c.request) {
		refusal := triggerError(http.StatusUpgradeRequired, "This webhook is a WebSocket")
		refusal.fields = append(refusal.fields[:len(refusal.fields):len(refusal.fields)],
			header{"Connection", []string{"Upgrade"}}, header{"Upgrade", []string{"websocket"}})
		return refusal
	}
	held := c.server.holds.open(c.webhook)
	if held == nil {
		return triggerError(http.StatusTooManyRequests, "Too many connections are held open")
	}
	c.socket = &socket{call: c, hold: held}
	if !c.socket.fire(socketEvent{kind: connectEvent}, nil) {
		c.server.holds.release(held)
		return triggerError(http.StatusNotFound, "Webhook not found")
	}
	return &reply{status: http.StatusSwitchingProtocols, fields: []header{}}
}

// wantsWebSocket tells whether a request is a WebSocket's handshake that can
// be answered.
func wantsWebSocket(r *http.Request) bool {
	has := func(name, token string) bool {
		for part := range strings.SplitSeq(strings.Join(r.Header.Values(name), ","), ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
		return false
	}
	return r.Method == http.MethodGet && r.ProtoAtLeast(1, 1) && has("Connection", "upgrade") && has("Upgrade", "websocket") &&
		r.Header.Get("Sec-Websocket-Version") == "13" && len(r.Header.Values("Sec-Websocket-Key")) == 1 && len(r.Header.Get("Sec-Websocket-Key")) == 24
}

// socket is a WebSocket of a webhook.
type socket struct {
	call *triggerCall
	hold *hold
	conn *websocket.Conn
}

// fire gives an event to the workflow, and reports whether the webhook is still
// there and enabled.
func (s *socket) fire(event socketEvent, message []byte) bool {
	e, server := s.call.entry, s.call.server
	return server.fire(&trigger{
		request: e.sequence, at: server.state.clock.now(), method: e.method, target: e.target, host: e.host, header: e.header,
		body: message, replyID: s.hold.id, event: event,
	}, s.call.token, s.hold, nil)
}

// serveWebSocket serves a WebSocket until either end closes it.
func (c *triggerCall) serveWebSocket() {
	s := c.socket
	defer c.server.holds.release(s.hold)
	if !c.server.background.begin() {
		return
	}
	defer c.server.background.done()
	var err error
	// Any page may open a real webhook's WebSocket too.
	s.conn, err = websocket.Accept(c.writer, c.request, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // the client is told, or gone
	}
	s.conn.SetReadLimit(c.server.settings.MaxBody)
	ctx, cancel := context.WithCancel(context.Background())
	read := make(chan error, 1)
	go func() {
		read <- s.readAll(ctx)
		cancel()
	}()
	s.writeAll(ctx)
	cancel()
	s.disconnected(<-read)
}

// readAll makes events of messages, until the connection ends.
func (s *socket) readAll(ctx context.Context) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			server := s.call.server
			panicked := server.panics.note(problem)
			err = s.closes(websocket.StatusInternalError, internalError)
			server.panics.log(s.call.entry.method, s.call.entry.target, panicked)
		}
	}()
	for {
		kind, message, err := s.conn.Read(ctx)
		if err != nil {
			return err
		}
		if st := s.call.server.state; st.called.wait(s.call.webhook.id, st.clock.now()) > 0 {
			return s.closes(websocket.StatusPolicyViolation, overRateLimit)
		}
		if !s.fire(socketEvent{kind: messageEvent, binary: kind == websocket.MessageBinary}, message) {
			return s.closes(websocket.StatusGoingAway, "The webhook was deleted or disabled")
		}
	}
}

// closes ends the connection from this side, and says how.
func (s *socket) closes(code websocket.StatusCode, reason string) error {
	_ = s.conn.Close(code, reason) // an end that is gone need not be told
	return websocket.CloseError{Code: code, Reason: reason}
}

// writeAll sends replies and pings, until the connection or the world ends.
func (s *socket) writeAll(ctx context.Context) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case r := <-s.hold.replies:
			err = s.timed(ctx, func(ctx context.Context) error { return s.conn.Write(ctx, websocket.MessageText, []byte(r.Body)) })
		case <-ping.C:
			err = s.timed(ctx, s.conn.Ping)
		case <-s.call.server.life.Done():
			err = s.closes(websocket.StatusServiceRestart, s.call.server.life.farewell())
		case <-ctx.Done():
			return
		}
		if err != nil {
			_ = s.conn.CloseNow() // it is closed, or the other end does not listen
			return
		}
	}
}

func (s *socket) timed(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, socketTime)
	defer cancel()
	return do(ctx)
}

// disconnected is the last event. A connection that ended without a word has
// the status 1006.
func (s *socket) disconnected(err error) {
	code, reason := websocket.StatusAbnormalClosure, ""
	var closed websocket.CloseError
	switch {
	case errors.As(err, &closed):
		code, reason = closed.Code, closed.Reason
	case errors.Is(err, websocket.ErrMessageTooBig):
		code, reason = websocket.StatusMessageTooBig, err.Error()
	}
	s.fire(socketEvent{kind: disconnectEvent, reason: reason, code: int(code)}, nil)
	_ = s.conn.CloseNow() // which may wait for the other end
}
