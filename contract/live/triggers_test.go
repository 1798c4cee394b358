package live_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"github.com/losantmock/losantmock/contract/live"
)

// A WebSocket is opened again where a proxy stood in the way.
func TestWebSocketsAreOpenedAgain(t *testing.T) {
	t.Parallel()
	for refusals, opens := range map[int32]bool{3: true, 4: false} {
		var n atomic.Int32
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) <= refusals {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			if conn, err := websocket.Accept(w, r, nil); err == nil {
				_ = conn.CloseNow()
			}
		}))
		conn, err := client(t, server.URL, "sesame").Dial(t.Context(), "/webhooks/x", nil)
		if (err == nil) != opens {
			t.Errorf("after %d refusals: %v", refusals, err)
		}
		if err == nil {
			_ = conn.CloseNow()
		}
	}
}

// A webhook's own URL may refuse a call with a page: it is not called again.
func TestPagesOfWebhooks(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
	}))
	c, err := client(t, "https://api.losant.com", "sesame").ForTriggers(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if e, err := c.Do(t.Context(), live.Call{Method: "GET", Target: "/webhooks/x"}); err != nil || e.Status != 404 || n.Load() != 1 {
		t.Errorf("%+v %v, sent %d times", e, err, n.Load())
	}
}

// A client of webhooks' own URLs sends no token, over HTTP and in handshakes, and its
// commands have none.
func TestCallsOfWebhooksHaveNoToken(t *testing.T) {
	t.Parallel()
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			if name == "Authorization" || name == "Accept-Version" || strings.Contains(strings.Join(values, ","), "sesame") {
				t.Errorf("%s: %s: %q", r.URL, name, values)
			}
		}
		if r.Header.Get("Upgrade") == "" {
			return
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		_, _, _ = conn.Read(r.Context())
		_ = conn.Close(websocket.StatusMessageTooBig, "")
	}))
	c, err := client(t, "https://api.losant.com", "sesame").ForTriggers(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	e, err := c.Do(t.Context(), live.Call{Method: "PUT", Target: "/webhooks/x", Header: http.Header{"X-Custom": {"1"}}})
	if err != nil || e.Status != 200 || c.Pace() != 0 {
		t.Fatalf("%+v %v", e, err)
	}
	if command := c.Curl(e); strings.Contains(command, "Authorization") || !strings.Contains(command, "-H 'X-Custom: 1'") {
		t.Error(command)
	}
	handshake := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}}
	if e, err := c.Do(t.Context(), live.Call{Method: "GET", Target: "/webhooks/x", Header: handshake}); err != nil || e.Status != 101 || len(e.Body) > 0 {
		t.Errorf("%+v %v", e, err)
	}
	conn, err := c.Dial(t.Context(), "/webhooks/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Write(t.Context(), websocket.MessageText, []byte("hello"))
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
		t.Error(err)
	}
	if _, err := client(t, server.URL, "sesame").ForTriggers("http://triggers.losant.com"); err == nil {
		t.Error("calls go to another machine in the clear")
	}
}
