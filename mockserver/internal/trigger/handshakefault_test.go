package trigger_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

const (
	handshake = "GET /webhooks/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	accepted  = "Sec-Websocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
)

// sentBack sends the handshake of a WebSocket with a first message, and returns all
// that comes back until the server ends the connection.
func sentBack(t *testing.T, srv *mockserver.TestServer) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	if _, err := io.WriteString(conn, handshake); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	return string(text), err
}

// Faults break the connection of a WebSocket's handshake, or replace its response. The
// workflow hears of it only if the handshake takes effect, and then of its end too.
func TestFaultsOfHandshakes(t *testing.T) {
	t.Parallel()
	nothing := func(text string, err error) bool { return text == "" && err == nil }
	for name, c := range map[string]struct {
		effect scenarios.Effect
		want   func(text string, err error) bool
	}{
		"reset":       {scenarios.Effect{Transport: scenarios.TransportResetPeer}, func(_ string, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		"no response": {scenarios.Effect{Transport: scenarios.TransportEmptyResponse}, nothing},
		"silence":     {scenarios.Effect{Transport: scenarios.TransportTimeout, Timeout: time.Millisecond}, nothing},
		"garbage":     {scenarios.Effect{Transport: scenarios.TransportRandomThenClose}, func(text string, err error) bool { return len(text) == 64 && err == nil }},
		"no chunk":    {scenarios.Effect{Transport: scenarios.TransportMalformedChunk}, func(text string, _ error) bool { return strings.HasSuffix(text, "no chunk\r\n") }},
		"a part":      {scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 20}, func(text string, err error) bool { return text == "HTTP/1.1 101 Switchin"[:20] && err == nil }},
		"all of it": {scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 1000}, func(text string, err error) bool {
			return strings.HasPrefix(text, "HTTP/1.1 101 ") && strings.Contains(text, accepted) && strings.HasSuffix(text, "\r\n\r\n") && !strings.Contains(text, "close") && err == nil
		}},
		"a status": {scenarios.Effect{Status: 503, Headers: map[string]string{"Connection": "close"}}, func(text string, err error) bool { return strings.HasPrefix(text, "HTTP/1.1 503 ") && err == nil }},
	} {
		for _, takesEffect := range []bool{true, false} {
			cut := c.effect.Transport == scenarios.TransportLimitData
			if cut && takesEffect {
				continue // it does without being told
			}
			// One connection may be held, and there are two: none is left behind.
			srv := triggerWorld(t, scenarios.Triggers{MaxHeld: 1}, scenarios.Webhook{Name: "socket", IsWebsocket: true})
			srv.AddFault(scenarios.Fault{Name: "lost", Operation: "trigger", TakesEffect: takesEffect, Effect: c.effect})
			for range 2 {
				if text, err := sentBack(t, srv); !c.want(text, err) {
					t.Errorf("%s, takes effect: %t: %q %v", name, takesEffect, text, err)
				}
				mocktest.Until(t, "the WebSocket is disconnected", func() bool {
					return len(srv.Triggers().Type("connect").All()) == len(srv.Triggers().Type("disconnect").All())
				})
			}
			want := 0
			if takesEffect || cut {
				want = 2
			}
			srv.Triggers().Type("connect").Times(t, want)
			srv.Triggers().Type("disconnect").Payload("data.message.statusCode", 1006).Times(t, want)
		}
	}
}
