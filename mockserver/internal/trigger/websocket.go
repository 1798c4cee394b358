package trigger

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

const (
	pingEvery     = 30 * time.Second // keeps a WebSocket alive
	socketTimeout = 10 * time.Second // of sending to a WebSocket
)

// upgrade opens a WebSocket, and fires its first event.
func (c *Call) upgrade() *wire.Response {
	if !c.hook.IsWebsocket {
		return nil
	}
	if !wantsWebSocket(c.Request) {
		refusal := errorResponse(http.StatusUpgradeRequired, "This webhook is a WebSocket")
		refusal.Fields = append(refusal.Fields[:len(refusal.Fields):len(refusal.Fields)],
			wire.Field("Connection", "Upgrade"), wire.Field("Upgrade", "websocket"))
		return refusal
	}
	held := c.Server.Holds.open(c.hook, c.size())
	if held == nil {
		return errorResponse(http.StatusTooManyRequests, "Too many connections are held open")
	}
	c.socket = &socket{call: c, hold: held}
	if !c.socket.fire(recorder.SocketEvent{Kind: recorder.ConnectEvent}, nil) { // TakeOver releases the hold
		return errorResponse(http.StatusNotFound, "Webhook not found")
	}
	return &wire.Response{Status: http.StatusSwitchingProtocols, Fields: []wire.Header{}}
}

// wantsWebSocket reports whether a request is a valid handshake of a WebSocket.
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
	call *Call
	hold *hold
	conn *websocket.Conn
}

// fire records the trigger of an event and passes it to the workflow. It reports
// whether the webhook is still there and enabled.
func (s *socket) fire(event recorder.SocketEvent, message []byte) bool {
	e, server := s.call.entry, s.call.Server
	return server.fire(&recorder.Trigger{
		Request: e.Sequence, At: server.State.Clock.Now(), Method: e.Method, Target: e.Target, Host: e.Host, Header: e.Header,
		Body: message, ReplyID: s.hold.id, Event: event,
	}, s.call.Token, s.hold, nil)
}

// serveWebSocket serves the WebSocket until it is closed.
func (c *Call) serveWebSocket() {
	s := c.socket
	defer c.Server.Holds.release(s.hold)
	if !c.Server.Background.Begin() {
		return
	}
	defer c.Server.Background.Done()
	var err error
	// Like the real service, it accepts pages of every origin.
	s.conn, err = websocket.Accept(c.writer, c.Request, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has sent the error
	}
	s.conn.SetReadLimit(c.Server.Settings.MaxBody)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	read := make(chan error, 1)
	go func() {
		read <- s.readUntilEnd(ctx)
		cancel()
	}()
	written := s.writeAll(ctx)
	cancel()
	s.disconnected(<-read, written)
}

// readUntilEnd is readAll for a goroutine of its own: a panic closes the
// connection.
func (s *socket) readUntilEnd(ctx context.Context) (err error) {
	panics := s.call.Server.Panics
	if panicked := panics.Catch(func() { err = s.readAll(ctx) }); panicked != "" {
		err = s.close(websocket.StatusInternalError, wire.InternalError)
		panics.Log(s.call.entry.Method, s.call.entry.Target, panicked)
	}
	return err
}

// readAll fires an event for each message, until the connection is closed.
func (s *socket) readAll(ctx context.Context) error {
	for {
		kind, message, err := s.conn.Read(ctx)
		if err != nil {
			return err
		}
		if st := s.call.Server.State; st.Called.Wait(s.call.hook.Key, st.Clock.Now()) > 0 {
			return s.close(websocket.StatusPolicyViolation, overRateLimit)
		}
		if !s.fire(recorder.SocketEvent{Kind: recorder.MessageEvent, Binary: kind == websocket.MessageBinary}, message) {
			return s.close(websocket.StatusGoingAway, "The webhook was deleted or disabled")
		}
	}
}

// close closes the connection, and returns the code and the reason as an error.
func (s *socket) close(code websocket.StatusCode, reason string) error {
	_ = s.conn.Close(code, reason) // fails if the client has gone
	return websocket.CloseError{Code: code, Reason: reason}
}

// writeAll sends replies and pings, until the connection or the world is closed. It
// returns how it has ended the connection; nil if the reader did.
func (s *socket) writeAll(ctx context.Context) error {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case r := <-s.hold.replies:
			err = s.timed(ctx, func(ctx context.Context) error { return s.conn.Write(ctx, websocket.MessageText, []byte(r.Body)) })
		case <-ping.C:
			err = s.timed(ctx, s.conn.Ping)
		case <-s.call.Server.Life.Done():
			err = s.close(websocket.StatusServiceRestart, s.call.Server.Life.ClosingMessage())
		case <-ctx.Done():
			return nil
		}
		if err != nil {
			_ = s.conn.CloseNow() // it is closed, or the client does not read
			return err
		}
	}
}

// timed runs a function with a timeout.
func (s *socket) timed(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, socketTimeout)
	defer cancel()
	return do(ctx)
}

// disconnected fires the last event, of how reading and writing have ended. The
// reader may see no close frame of the writer's. A connection that was closed
// without a close frame has the status 1006.
func (s *socket) disconnected(read, written error) {
	code, reason := websocket.StatusAbnormalClosure, ""
	var closed websocket.CloseError
	switch {
	case errors.As(read, &closed), errors.As(written, &closed):
		code, reason = closed.Code, closed.Reason
	case errors.Is(read, websocket.ErrMessageTooBig):
		code, reason = websocket.StatusMessageTooBig, read.Error()
	}
	s.fire(recorder.SocketEvent{Kind: recorder.DisconnectEvent, Reason: reason, Code: int(code)}, nil)
	_ = s.conn.CloseNow() // last, because it may wait for the client
}
