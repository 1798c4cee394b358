package mockserver

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// TestServer is a server for one test, on a loopback port of its own. What
// goes wrong in its own methods fails the test.
type TestServer struct {
	*Server
	// URL is the base URL for a client, such as http://127.0.0.1:40123.
	URL string

	t testing.TB
}

// Start starts a server for a test and closes it when the test ends. When the
// test has failed, the requests that the server received are logged.
func Start(t testing.TB, options ...Option) *TestServer {
	t.Helper()
	s, err := New(options...)
	if err != nil {
		t.Fatalf("mockserver: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mockserver: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("mockserver: %v", err)
		}
		if t.Failed() {
			t.Log(s.transcript())
		}
	})
	return &TestServer{Server: s, URL: "http://" + listener.Addr().String(), t: t}
}

// Reset is [Server.Reset].
func (s *TestServer) Reset() {
	s.t.Helper()
	if err := s.Server.Reset(); err != nil {
		s.t.Fatalf("mockserver: %v", err)
	}
}

// AddApplication is [Server.AddApplication].
func (s *TestServer) AddApplication(a scenarios.Application) scenarios.Application {
	s.t.Helper()
	added, err := s.Server.AddApplication(a)
	if err != nil {
		s.t.Fatalf("mockserver: %v", err)
	}
	return added
}

// AddWebhook is [Server.AddWebhook].
func (s *TestServer) AddWebhook(h scenarios.Webhook) scenarios.Webhook {
	s.t.Helper()
	added, err := s.Server.AddWebhook(h)
	if err != nil {
		s.t.Fatalf("mockserver: %v", err)
	}
	return added
}

// transcript is the journal as a table, oldest first.
func (s *Server) transcript() string {
	all := s.Requests().All()
	if len(all) == 0 {
		return "mockserver: received no request"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mockserver: received %d request(s):", len(all))
	for _, r := range all {
		fmt.Fprintf(&b, "\n%4d  %s  %-6s %s  %d", r.Sequence, r.Time.Format(time.TimeOnly+".000"), r.Method, r.Target, r.Status)
		if r.Operation != "" {
			b.WriteString("  " + r.Operation)
		}
		if r.Violation != nil {
			b.WriteString("  " + r.Violation.Error())
		}
		if len(r.Body) > 0 {
			fmt.Fprintf(&b, "\n      %.200q", r.Body)
		}
	}
	return b.String()
}
