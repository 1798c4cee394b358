package wire_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
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

// When all connections are in use, the admin API still responds, and nothing else
// takes its place.
func TestTheReserveIsForTheAdminAPI(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.WithMaxConnections(2))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	defer func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	address := listener.Addr().String()
	usual := []connection{connect(t, address), connect(t, address)}
	for _, c := range usual {
		if got := c.status(t, "/applications"); got != 200 {
			t.Fatal(got)
		}
	}
	for _, target := range []string{"/applications", "/webhooks/__admin", "/__adminx", "/__sandbox/a/applications", "//__admin", "x"} {
		if got := connect(t, address).status(t, target); got != 0 {
			t.Errorf("%s gets %d", target, got)
		}
	}
	reserved := connect(t, address)
	for _, target := range []string{"/__admin/health", "/__sandbox/a/__admin/health", "/__admin/requests?limit=1"} {
		if got := reserved.status(t, target); got != 200 {
			t.Errorf("%s gets %d", target, got)
		}
	}
	if got := reserved.status(t, "/applications"); got != 0 {
		t.Errorf("a later request on the connection gets %d", got)
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
