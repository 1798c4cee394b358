package mockserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// TestServer is a server for one test, on a loopback port of its own.
type TestServer struct {
	TestWorld // the main world
	server    *Server
	client    *http.Client
}

// Start starts a server for a test and closes it when the test ends. When the
// test has failed, the requests that the server received are logged. With go test
// -artifacts they are left in its artifact directory too, without secrets: in a file
// that [journal.Read] reads, and in one for a browser, as [WriteReport] writes it.
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
	s.reachedAt(listener) // before Serve does: an assertion may come first
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("mockserver: %v", err)
		}
		s.explainFailure(t)
	})
	client := s.newClient()
	t.Cleanup(client.CloseIdleConnections) // before the server ends
	return &TestServer{TestWorld{s.scheme() + "://" + listener.Addr().String(), s.World, t}, s, client}
}

// Sandbox makes a test a world of its own on the server, and drops it when the
// test ends. Tests that run in parallel on one server do not see each other
// then. When the test has failed, the requests of its sandbox are logged,
// and left as those of [Start].
func (s *TestServer) Sandbox(t testing.TB) *TestWorld {
	t.Helper()
	name := "test-" + strings.ToLower(rand.Text())
	w, err := s.server.Sandbox(name)
	if err != nil {
		t.Fatalf("mockserver: %v", err)
	}
	t.Cleanup(func() {
		w.explainFailure(t)
		s.server.DropSandbox(name)
	})
	return &TestWorld{s.URL + world.SandboxPath + name, w, t}
}

// explainFailure logs what the world has received if a test has failed, and leaves it as
// a file.
func (w *World) explainFailure(t testing.TB) {
	t.Helper()
	if t.Failed() {
		t.Log(w.transcript())
		w.saveArtifacts(t)
	}
}

// transcribed is how many requests a transcript shows.
const transcribed = 50

// transcript is the end of the journal as a table, oldest first.
func (w *World) transcript() string {
	all := w.Requests().All()
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
			b.WriteString("\n      " + matcher.Quoted(string(r.Body), 200))
		}
	}
	return visible.Lines(b.String())
}
