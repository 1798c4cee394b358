package trigger

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/coder/websocket"

	"github.com/losantmock/losantmock/contract/live"
)

// socketCases are about webhooks that are WebSockets.
func socketCases() []Case {
	opened := []Rule{status(documented, 101)}
	large := strings.Repeat("x", safeBytes)
	return []Case{
		{Title: "opening a WebSocket", Webhook: map[string]any{"isWebsocket": true}, Calls: []Call{
			// The key is that of RFC 6455, and the header Sec-WebSocket-Accept follows from it.
			{Title: "the handshake", request: opening("", nil), rules: []Rule{
				status(documented, 101), header(documented, "Sec-Websocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
				includes(documented, "Connection", "upgrade"), includes(documented, "Upgrade", "websocket"), without(documented, "Sec-Websocket-Extensions"),
			}},
			{Title: "a further path", request: opening("/room?x=1", nil), rules: opened},
			{Title: "a page of another origin", request: opening("", map[string]string{"Origin": origin}), rules: []Rule{status(ours, 101)}},
			{Title: "a subprotocol", request: opening("", map[string]string{"Sec-WebSocket-Protocol": "chat"}), rules: []Rule{status(ours, 101), without(ours, "Sec-Websocket-Protocol")}},
			{Title: "a POST", request: request{body: event}, rules: []Rule{refused(documented), status(ours, 426), only(isHTTP1, includes(ours, "Upgrade", "websocket")), failure()}},
			{Title: "a GET that opens none", request: request{method: http.MethodGet}, rules: []Rule{refused(documented), status(ours, 426)}},
			{Title: "an old version", request: opening("", map[string]string{"Sec-WebSocket-Version": "8"}), rules: []Rule{refused(inferred), status(ours, 426), header(ours, "Sec-Websocket-Version", "13")}},
			{Title: "a key that is too short", request: opening("", map[string]string{"Sec-WebSocket-Key": "c2hvcnQ="}), rules: []Rule{refused(inferred), status(ours, 400)}},
			{Title: "the id in place of the token", request: to(byID, opening("", nil)), rules: nowhere},
			{Title: "a token of no webhook", request: to(byUnknown, opening("", nil)), rules: nowhere},
			{Title: "the token in the other case", request: to(byOtherCase, opening("", nil)), rules: nowhere},
			{Title: "a WebSocket that was deleted", Deleted: true, request: opening("", nil), rules: nowhere},
		}},
		{Title: "a handshake at a webhook that is no WebSocket", Webhook: map[string]any{"responseCode": 201}, Calls: []Call{
			{Title: "the handshake", request: opening("", nil), rules: []Rule{status(ours, 201)}},
		}},
		{Title: "messages to a WebSocket", Webhook: map[string]any{"isWebsocket": true}, Calls: []Call{
			{Title: "some messages", request: saying(event, "{", large), rules: []Rule{staysOpen(documented)}},
			{Title: "a message of 262145 bytes", request: saying(strings.Repeat("x", mostBytes+1)), rules: []Rule{
				closedWith(documented, int(websocket.StatusMessageTooBig), int(websocket.StatusPolicyViolation)), closedWith(ours, int(websocket.StatusMessageTooBig)),
			}},
			{Title: "a text that is not UTF-8", request: saying("\xff"), rules: []Rule{closedWith(ours, int(websocket.StatusInvalidFramePayloadData))}},
		}},
		{Title: "a WebSocket with a user and a password", Webhook: map[string]any{"isWebsocket": true, "basicAuthUsername": user, "basicAuthPassword": password}, Calls: []Call{
			{Title: "none", request: opening("", nil), rules: []Rule{status(documented, 401)}},
			{Title: "another password", request: opening("", nil).as(user, "Another:password"), rules: []Rule{status(documented, 401)}},
			{Title: "another user", request: opening("", nil).as("another user", password), rules: []Rule{status(documented, 401)}},
			{Title: "none on a further path", request: opening("/room?x=1", nil), rules: []Rule{status(documented, 401)}},
			{Title: "the right ones", request: opening("", nil).as(user, password), rules: opened},
			{Title: "none for the user alone", Change: map[string]any{"basicAuthPassword": ""}, request: opening("", nil), rules: []Rule{status(documented, 401)}},
			{Title: "the old password for the user alone", request: opening("", nil).as(user, password), rules: []Rule{status(documented, 401)}},
			{Title: "the user alone", request: opening("", nil).as(user, ""), rules: opened},
		}},
		{Title: "a WebSocket with a password", Webhook: map[string]any{"isWebsocket": true, "basicAuthPassword": password}, Calls: []Call{
			{Title: "without it", request: opening("", nil), rules: []Rule{status(documented, 401)}},
			{Title: "with it", request: opening("", nil).as("", password), rules: opened},
		}},
		{Title: "a WebSocket that is not enabled", Webhook: map[string]any{"isWebsocket": true, "enabled": false}, Calls: []Call{
			{Title: "the handshake", request: opening("", nil), rules: []Rule{status(documented, 404)}},
			{Title: "the handshake without the password", Change: map[string]any{"basicAuthPassword": password}, request: opening("", nil), rules: []Rule{status(ours, 404)}},
			{Title: "the handshake after it was enabled", Change: map[string]any{"enabled": true, "basicAuthPassword": ""}, request: opening("", nil), rules: opened},
			{Title: "the handshake after it was disabled again", Change: map[string]any{"enabled": false}, request: opening("", nil), rules: []Rule{status(documented, 404)}},
		}},
	}
}

// opening returns the handshake of RFC 6455, with other header fields.
func opening(path string, other map[string]string) request {
	header := map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	}
	maps.Copy(header, other)
	return request{method: http.MethodGet, path: path, header: header}
}

// as returns the request with the credentials of a user.
func (r request) as(user, password string) request {
	r.auth = basic(user, password)
	return r
}

// to returns a call of another place.
func to(p place, r request) request {
	r.to = p
	return r
}

// saying returns a call that opens a WebSocket and sends messages.
func saying(messages ...string) request {
	r := opening("", nil)
	r.messages = messages
	return r
}

// talk opens a WebSocket, sends messages and closes it. How the other side closes it
// says what it thinks of the messages; what it sends is read and says nothing.
func talk(ctx context.Context, client *live.Client, call live.Call, messages []string) (*Outcome, error) {
	conn, err := client.Dial(ctx, call.Target, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(-1) // the time limits it
	o := &Outcome{Exchange: exchangeOf(call)}
	o.Exchange.Status = http.StatusSwitchingProtocols
	ended := make(chan error, 1)
	open, over := context.WithCancel(ctx)
	go func() {
		ended <- listen(ctx, conn)
		over() // and no pong comes
	}()
	for _, message := range messages {
		// Where this fails, the other side has closed the connection.
		_ = conn.Write(ctx, websocket.MessageText, []byte(message))
	}
	if conn.Ping(open) == nil { // the other side has read the messages, and goes on
		_ = conn.Close(websocket.StatusNormalClosure, "")
		return o, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("the WebSocket has no pong: %w", err)
	}
	o.closed = int(websocket.CloseStatus(<-ended))
	return o, nil
}

// listen reads what the other side sends, and returns how that ended.
func listen(ctx context.Context, conn *websocket.Conn) error {
	for {
		_, r, err := conn.Reader(ctx)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
	}
}
