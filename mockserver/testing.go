package mockserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// TestWorld is a world for one test. What goes wrong in its own methods fails
// the test.
type TestWorld struct {
	*World
	// URL is the base URL for a client, such as http://127.0.0.1:40123.
	URL string

	t testing.TB
}

// TestServer is a server for one test, on a loopback port of its own.
type TestServer struct {
	TestWorld
	server *Server
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
	return &TestServer{TestWorld{s.World, "http://" + listener.Addr().String(), t}, s}
}

// Sandbox gives a test a world of its own on the server, and drops it when the
// test ends. Tests that run in parallel on one server do not see each other
// so. When the test has failed, the requests of its sandbox are logged.
func (s *TestServer) Sandbox(t testing.TB) *TestWorld {
	t.Helper()
	name := "test-" + strings.ToLower(rand.Text())
	v, err := s.server.Sandbox(name)
	if err != nil {
		t.Fatalf("mockserver: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(v.transcript())
		}
		s.server.DropSandbox(name)
	})
	return &TestWorld{v, s.URL + sandboxPath + name, t}
}

// Reset is [World.Reset].
func (w *TestWorld) Reset() {
	w.t.Helper()
	if err := w.World.Reset(); err != nil {
		w.t.Fatalf("mockserver: %v", err)
	}
}

// AddApplication is [World.AddApplication].
func (w *TestWorld) AddApplication(a scenarios.Application) scenarios.Application {
	w.t.Helper()
	added, err := w.World.AddApplication(a)
	if err != nil {
		w.t.Fatalf("mockserver: %v", err)
	}
	return added
}

// AddWebhook is [World.AddWebhook].
func (w *TestWorld) AddWebhook(h scenarios.Webhook) scenarios.Webhook {
	w.t.Helper()
	added, err := w.World.AddWebhook(h)
	if err != nil {
		w.t.Fatalf("mockserver: %v", err)
	}
	return added
}

// transcribed is how many requests a transcript shows.
const transcribed = 50

// transcript is the end of the journal as a table, oldest first.
func (v *World) transcript() string {
	all := v.Requests().All()
	if len(all) == 0 {
		return "mockserver: received no request"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mockserver: received %d request(s):", len(all))
	if more := len(all) - transcribed; more > 0 {
		fmt.Fprintf(&b, "\n      ... %d more", more)
		all = all[more:]
	}
	for _, r := range all {
		fmt.Fprintf(&b, "\n%4d  %s  %-6s %s  %d", r.Sequence, r.Time.Format(time.TimeOnly+".000"), r.Method, r.Target, r.Status)
		if r.Operation != "" {
			b.WriteString("  " + r.Operation)
		}
		if r.Violation != nil {
			b.WriteString("  " + r.Violation.Error())
		}
		if r.Hint != "" {
			b.WriteString("  hint: " + r.Hint)
		}
		if len(r.Body) > 0 {
			fmt.Fprintf(&b, "\n      %.200q", r.Body)
		}
	}
	return b.String()
}
