package wire_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// FuzzWire writes whatever bytes to a connection. The server responds where it
// can, never with a failure of its own, and ends the connection.
func FuzzWire(f *testing.F) {
	for _, seed := range []string{
		"GET /applications?perPage=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n",
		"POST /webhooks/the_webhook_token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
		"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	server, err := mockserver.New(mockserver.WithJournalLimits(100, 1<<20))
	if err != nil {
		f.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	f.Cleanup(func() {
		cancel()
		<-done
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
		go func() {
			_, _ = conn.Write(text)
			_ = conn.(*net.TCPConn).CloseWrite()
		}()
		answer, err := io.ReadAll(conn)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%q hangs after %q", text, answer)
		}
		for _, failure := range []string{"HTTP/1.1 500 ", "HTTP/1.1 502 ", "HTTP/1.1 503 "} {
			if bytes.Contains(answer, []byte(failure)) && !bytes.Contains(text, []byte(failure)) {
				t.Fatalf("%q gets %q", text, answer)
			}
		}
	})
}

func TestMain(m *testing.M) { mocktest.Main(m) }
