package wire_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// connection is a client that keeps its connection open.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

func connect(t *testing.T, address string) connection {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	return connection{conn, bufio.NewReader(conn)}
}

// status sends a request and returns the status of its response; 0 when the server
// has closed the connection.
func (c connection) status(t *testing.T, target string) int {
	t.Helper()
	if _, err := io.WriteString(c, "GET "+target+" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n\r\n"); err != nil {
		return 0
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
			t.Fatal(err)
		}
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// serveWith serves on a port with so many connections until the test ends, and
// returns the address with connections that use them all.
func serveWith(t *testing.T, connections int) (address string, usual []connection) {
	t.Helper()
	server, err := mockserver.New(mockserver.WithMaxConnections(connections))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	address = listener.Addr().String()
	for range connections {
		c := connect(t, address)
		if got := c.status(t, "/applications"); got != 200 {
			t.Fatal(got)
		}
		usual = append(usual, c)
	}
	return address, usual
}

// When all connections are in use, the admin API still responds, and nothing else
// takes its place.
func TestTheReserveIsForTheAdminAPI(t *testing.T) {
	t.Parallel()
	address, usual := serveWith(t, 2)
	for _, target := range []string{"/applications", "/webhooks/__admin", "/__adminx", "/__sandbox/a/applications", "//__admin", "x"} {
		if got := connect(t, address).status(t, target); got != 0 {
			t.Errorf("%s gets %d", target, got)
		}
	}
	for _, target := range []string{"/__admin/health", "/__sandbox/a/__admin/health", "/__admin/requests?limit=1"} {
		if got := connect(t, address).status(t, target); got != 200 {
			t.Errorf("%s gets %d", target, got)
		}
	}
	usual[0].Close()
	for deadline := time.Now().Add(2 * time.Minute); connect(t, address).status(t, "/applications") != 200; { // until the place is free
		if time.Now().After(deadline) {
			t.Fatal("the place of a closed connection stays taken")
		}
	}
	if got := usual[1].status(t, "/applications"); got != 200 {
		t.Errorf("a connection with a place gets %d", got)
	}
}

// A reserved connection serves one request: it is closed after the response, also
// where another request came with the first.
func TestAReservedConnectionServesOneRequest(t *testing.T) {
	t.Parallel()
	address, _ := serveWith(t, 1)
	for _, second := range []string{"/__admin/health", "/applications"} {
		c := connect(t, address)
		for _, target := range []string{"/__admin/version", second} {
			if _, err := io.WriteString(c, "GET "+target+" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
		}
		response, err := http.ReadResponse(c.reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		if response.StatusCode != 200 || !response.Close {
			t.Errorf("the first request gets %s, closing: %t", response.Status, response.Close)
		}
		if rest, _ := io.ReadAll(c.reader); len(rest) > 0 { // a reset is as good as an end
			t.Errorf("%s is served behind it: %.100s", second, rest)
		}
	}
}

// Clients that stay keep no reserved connection: further calls are served.
func TestTheReserveCanNotBeKept(t *testing.T) {
	t.Parallel()
	address, _ := serveWith(t, 1)
	for range 5 { // none of which closes its connection
		c := connect(t, address)
		if got := c.status(t, "/__admin/requests/stream"); got != 503 {
			t.Fatalf("a stream gets %d", got)
		}
		if got := connect(t, address).status(t, "/__admin/version"); got != 200 {
			t.Fatalf("a further call gets %d", got)
		}
	}
	body := `{"request": {}, "count": 1000}`
	for _, target := range []string{"/__admin/requests/wait", "/__sandbox/a/__admin/check"} {
		response := mocktest.Exchange(t, address, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", target, len(body), body))
		if response.Status != 503 || !strings.Contains(response.Body, "--max-connections") {
			t.Errorf("%s gets %d %s", target, response.Status, response.Body)
		}
	}
}
