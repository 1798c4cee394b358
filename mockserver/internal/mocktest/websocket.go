package mocktest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// DialWebSocket opens a WebSocket at an http URL, and closes it with the test.
func DialWebSocket(t testing.TB, url string, header http.Header) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(url, "http"), &websocket.DialOptions{HTTPHeader: header})
	if err == nil {
		t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, response, err
}

// OpenWebSocket is [DialWebSocket] for a WebSocket that must open.
func OpenWebSocket(t testing.TB, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := DialWebSocket(t, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// ClosedWith reads a WebSocket to its end and returns how it was closed.
func ClosedWith(t testing.TB, conn *websocket.Conn) (code websocket.StatusCode, reason string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			var closed websocket.CloseError
			if !errors.As(err, &closed) {
				t.Fatal(err)
			}
			return closed.Code, closed.Reason
		}
	}
}
