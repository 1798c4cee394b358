package trigger

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

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
	if refusal := checkHandshake(c.Request); refusal != nil {
		return refusal
	}
	held := c.Server.Holds.open(c.hook, c.size())
	if held == nil {
		return errorResponse(http.StatusTooManyRequests, "Too many connections are held open")
	}
	c.socket = &socket{call: c, hold: held}
	if !c.socket.fire(recorder.SocketEvent{Kind: recorder.ConnectEvent}, nil) { // Close releases the hold
		return errorResponse(http.StatusNotFound, "Webhook not found")
	}
	return &wire.Response{Status: http.StatusSwitchingProtocols, Fields: []wire.Header{
		wire.Field("Connection", "Upgrade"), wire.Field("Upgrade", "websocket"), wire.Field("Sec-Websocket-Accept", acceptance(c.Request)),
	}}
}

// acceptance returns the response to the key of a handshake, as RFC 6455 has it.
func acceptance(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// checkHandshake returns the response that refuses a request which does not open a
// WebSocket as RFC 6455 has it; nil for one that does.
func checkHandshake(r *http.Request) *wire.Response {
	has := func(name, token string) bool {
		for part := range strings.SplitSeq(strings.Join(r.Header.Values(name), ","), ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
		return false
	}
	keys, versions := r.Header.Values("Sec-Websocket-Key"), r.Header.Values("Sec-Websocket-Version")
	switch {
	case r.Method != http.MethodGet, !r.ProtoAtLeast(1, 1), !has("Connection", "upgrade"), !has("Upgrade", "websocket"):
		return upgradeRequired("This webhook is a WebSocket")
	case len(versions) != 1 || versions[0] != "13":
		return upgradeRequired("The header Sec-WebSocket-Version must be 13", wire.Field("Sec-Websocket-Version", "13"))
	case len(keys) != 1 || !validKey(keys[0]):
		return errorResponse(http.StatusBadRequest, "The header Sec-WebSocket-Key must be 16 bytes in base64")
	default:
		return nil
	}
}

// upgradeRequired returns the response to a request that opens no WebSocket.
func upgradeRequired(message string, more ...wire.Header) *wire.Response {
	refusal := errorResponse(http.StatusUpgradeRequired, message)
	refusal.Fields = slices.Concat(refusal.Fields, []wire.Header{wire.Field("Connection", "Upgrade"), wire.Field("Upgrade", "websocket")}, more)
	return refusal
}

// validKey reports whether a Sec-WebSocket-Key is 16 bytes in base64.
func validKey(key string) bool {
	decoded, err := base64.StdEncoding.DecodeString(key)
	return err == nil && len(decoded) == 16
}

// socket is a WebSocket of a webhook.
type socket struct {
	call *Call
	hold *hold
	conn *websocket.Conn

	sending sync.Mutex // held from taking a reply to the end of sending it
}

// fire records the trigger of an event and passes it to the workflow. It reports
// whether the webhook is still there and enabled.
func (s *socket) fire(event recorder.SocketEvent, message []byte) bool {
	e, server := s.call.entry, s.call.Server
	return server.fire(&recorder.Trigger{
		Request: e.Sequence, At: server.State.Clock.Now(), Method: e.Method(), Target: e.Target, Host: e.Host(), Header: e.Header(),
		Body: message, ReplyID: s.hold.id, Event: event,
	}, s.call.Token, s.hold, nil)
}

// serveWebSocket serves the WebSocket until it is closed.
func (c *Call) serveWebSocket() {
	s := c.socket
	if !c.Server.Background.Begin() {
		return
	}
	defer c.Server.Background.Done()
	var err error
	// Like the real service, it accepts pages of every origin.
	s.conn, err = websocket.Accept(frameWriter{c.writer}, c.Request, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
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
		panics.Log(s.call.entry.Method(), s.call.entry.Target, panicked)
	}
	return err
}

// readAll fires an event for each message, until the connection is closed.
func (s *socket) readAll(ctx context.Context) error {
	for {
		kind, message, err := s.conn.Read(ctx)
		var invalid *frameError
		switch {
		case errors.As(err, &invalid):
			return s.close(invalid.code, invalid.reason)
		case err != nil && breaksProtocol(err):
			return s.close(websocket.StatusProtocolError, "The frame is not valid")
		case err != nil:
			return err
		case kind == websocket.MessageText && !utf8.Valid(message):
			return s.close(websocket.StatusInvalidFramePayloadData, "The text is not UTF-8")
		}
		if st := s.call.Server.State; st.Called.Wait(s.call.hook.Key, st.Clock.Now()) > 0 {
			return s.close(websocket.StatusPolicyViolation, overRateLimit)
		}
		if !s.fire(recorder.SocketEvent{Kind: recorder.MessageEvent, Binary: kind == websocket.MessageBinary}, message) {
			return s.close(websocket.StatusGoingAway, "The webhook was deleted or disabled")
		}
		if err := s.sendQueued(ctx); err != nil { // before a close frame is read, which is responded to at once
			return err
		}
	}
}

// breaksProtocol reports whether reading has failed because of what the client
// sent, rather than at the end of the connection. The library has sent the close
// frame then, but for some frames.
func breaksProtocol(err error) bool {
	var network net.Error
	var closed websocket.CloseError
	for _, ended := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, context.Canceled, websocket.ErrMessageTooBig} {
		if errors.Is(err, ended) {
			return false
		}
	}
	return !errors.As(err, &network) && !errors.As(err, &closed)
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
		case <-s.hold.queued:
			err = s.sendQueued(ctx)
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

// sendQueued sends the replies that are queued. The reader and the writer both do.
func (s *socket) sendQueued(ctx context.Context) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	for {
		select {
		case r := <-s.hold.replies:
			if err := s.send(ctx, r.body); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// send records a message, and sends it: a client that has it finds it in the journal.
func (s *socket) send(ctx context.Context, body string) error {
	kind, server := kindOf(body), s.call.Server
	server.Journal.NoteSent(s.call.entry.Sequence, recorder.Sent{At: server.State.Clock.Now(), Body: body, Binary: kind == websocket.MessageBinary})
	return s.timed(ctx, func(ctx context.Context) error { return s.conn.Write(ctx, kind, []byte(body)) })
}

// kindOf returns the kind of the message that a reply is: a text must be UTF-8.
func kindOf(body string) websocket.MessageType {
	if utf8.ValidString(body) {
		return websocket.MessageText
	}
	return websocket.MessageBinary
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
	s.call.socket = nil
	defer s.call.Server.Holds.release(s.hold)
	code, reason := websocket.StatusAbnormalClosure, ""
	var closed websocket.CloseError
	switch {
	case errors.As(read, &closed), errors.As(written, &closed):
		code, reason = closed.Code, closed.Reason
	case errors.Is(read, websocket.ErrMessageTooBig):
		code, reason = websocket.StatusMessageTooBig, read.Error()
	}
	s.fire(recorder.SocketEvent{Kind: recorder.DisconnectEvent, Reason: reason, Code: int(code)}, nil)
	if s.conn != nil {
		_ = s.conn.CloseNow() // last, because it may wait for the client
	}
}
