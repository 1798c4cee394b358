package trigger

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"github.com/coder/websocket"

	"github.com/losantmock/losantmock/contract/live"
)

// socketCases are about webhooks that are WebSockets.
func socketCases() []Case {
	return []Case{
		{Title: "opening a WebSocket", Webhook: map[string]any{"isWebsocket": true}, Calls: []Call{
			// The key is that of RFC 6455, and the header Sec-WebSocket-Accept follows from it.
			{Title: "the handshake", request: opening("", nil), rules: []Rule{status(documented, 101), header(documented, "Sec-Websocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")}},
			{Title: "a further path", request: opening("/room?x=1", nil), rules: []Rule{status(documented, 101)}},
			{Title: "a page of another origin", request: opening("", map[string]string{"Origin": origin}), rules: []Rule{status(ours, 101)}},
			{Title: "a subprotocol", request: opening("", map[string]string{"Sec-WebSocket-Protocol": "chat"}), rules: []Rule{status(ours, 101), without(ours, "Sec-Websocket-Protocol")}},
			{Title: "a POST", request: request{body: event}, rules: []Rule{refused(documented), status(ours, 426), includes(ours, "Upgrade", "websocket"), failure()}},
			{Title: "a GET that opens none", request: request{method: http.MethodGet}, rules: []Rule{refused(documented), status(ours, 426)}},
			{Title: "an old version", request: opening("", map[string]string{"Sec-WebSocket-Version": "8"}), rules: []Rule{refused(inferred), status(ours, 426), header(ours, "Sec-Websocket-Version", "13")}},
			{Title: "a key that is too short", request: opening("", map[string]string{"Sec-WebSocket-Key": "c2hvcnQ="}), rules: []Rule{refused(inferred), status(ours, 400)}},
		}},
		{Title: "messages to a WebSocket", Webhook: map[string]any{"isWebsocket": true}, Calls: []Call{
			{Title: "a message", request: saying(event), rules: []Rule{staysOpen(documented)}},
			{Title: "a message of 262145 bytes", request: saying(strings.Repeat("x", mostBytes+1)), rules: []Rule{
				closedWith(documented, int(websocket.StatusMessageTooBig), int(websocket.StatusPolicyViolation)), closedWith(ours, int(websocket.StatusMessageTooBig)),
			}},
			{Title: "a text that is not UTF-8", request: saying("\xff"), rules: []Rule{closedWith(ours, int(websocket.StatusInvalidFramePayloadData))}},
		}},
		{Title: "a WebSocket with a password", Webhook: map[string]any{"isWebsocket": true, "basicAuthPassword": password}, Calls: []Call{
			{Title: "without it", request: opening("", nil), rules: []Rule{status(documented, 401)}},
			{Title: "with it", request: authenticated(opening("", nil)), rules: []Rule{status(documented, 101)}},
		}},
		{Title: "a WebSocket that is not enabled", Webhook: map[string]any{"isWebsocket": true, "enabled": false}, Calls: []Call{
			{Title: "the handshake", request: opening("", nil), rules: []Rule{status(documented, 404)}},
			{Title: "the handshake after it was enabled", Change: map[string]any{"enabled": true}, request: opening("", nil), rules: []Rule{status(documented, 101)}},
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

func authenticated(r request) request {
	r.auth = basic("", password)
	return r
}

// saying returns a call that opens a WebSocket and sends a message.
func saying(message string) request {
	r := opening("", nil)
	r.message = []byte(message)
	return r
}

// talk opens a WebSocket, sends a message and closes it. How the other side closes it
// says what it thinks of the message.
func talk(ctx context.Context, client *live.Client, call live.Call, message []byte) (*Outcome, error) {
	conn, err := client.Dial(ctx, call.Target, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.CloseNow() }()
	o := &Outcome{Exchange: exchangeOf(call)}
	o.Exchange.Status = http.StatusSwitchingProtocols
	// Where this fails, the other side has closed the connection.
	_ = conn.Write(ctx, websocket.MessageText, message)
	ended := make(chan error, 1)
	go func() {
		_, _, err := conn.Read(ctx)
		ended <- err
	}()
	if conn.Ping(ctx) == nil { // the other side has read the message, and goes on
		_ = conn.Close(websocket.StatusNormalClosure, "")
		return o, nil
	}
	o.closed = int(websocket.CloseStatus(<-ended))
	return o, nil
}
