package mockserver_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
)

// logFunc is a slog.Handler that calls a function with each message and its
// attributes.
type logFunc func(message string, attrs map[string]string)

func (f logFunc) Enabled(context.Context, slog.Level) bool { return true }
func (f logFunc) WithAttrs([]slog.Attr) slog.Handler       { return f }
func (f logFunc) WithGroup(string) slog.Handler            { return f }
func (f logFunc) Handle(_ context.Context, r slog.Record) error {
	attrs := map[string]string{}
	r.Attrs(func(a slog.Attr) bool {
		attrs[a.Key] = a.Value.String()
		return true
	})
	f(r.Message, attrs)
	return nil
}

// startBuilding starts a server that calls a function whenever a sandbox is
// built, with how often it was built before.
func startBuilding(t *testing.T, name string, building func(before int64)) (srv *mockserver.TestServer, builds *atomic.Int64) {
	t.Helper()
	builds = new(atomic.Int64)
	return mockserver.Start(t, mockserver.WithLogger(slog.New(logFunc(func(message string, attrs map[string]string) {
		if message == "a world is built" && attrs["sandbox"] == name {
			building(builds.Add(1) - 1)
		}
	})))), builds
}

// holdFirst holds the first build of the sandbox "slow" until it is released.
func holdFirst(t *testing.T) (srv *mockserver.TestServer, builds *atomic.Int64, began chan struct{}, release func()) {
	t.Helper()
	began = make(chan struct{})
	released := make(chan struct{})
	release = sync.OnceFunc(func() { close(released) })
	srv, builds = startBuilding(t, "slow", func(before int64) {
		if before == 0 {
			close(began)
			<-released
		}
	})
	t.Cleanup(release) // before the server waits for its requests
	return srv, builds, began, release
}

// While a sandbox is built, every other one is served. Those who want the same
// one wait for it, and it is built once.
func TestOthersAreServedWhileASandboxIsBuilt(t *testing.T) {
	t.Parallel()
	srv, builds, began, release := holdFirst(t)
	const waiting = 4
	responses := make(chan answer, waiting)
	get := func() { responses <- send(t, srv.URL, "GET /__sandbox/slow/applications", "") }
	go get()
	<-began
	for range waiting - 1 {
		go get()
	}
	for _, request := range []string{"GET /__sandbox/other/applications", "POST /__sandbox/other/__admin/reset", "GET /applications"} {
		if a := send(t, srv.URL, request, ""); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", request, a.status, a.body)
		}
	}
	if a := send(t, srv.URL, "GET /__admin/sandboxes", ""); !strings.Contains(a.body, `"other"`) || strings.Contains(a.body, `"slow"`) {
		t.Errorf("the sandboxes are %s", a.body)
	}
	if a := send(t, srv.URL, "POST /__admin/sandboxes", `{"name":"slow"}`, sendsJSON); a.status != http.StatusConflict {
		t.Errorf("%d %s", a.status, a.body)
	}
	release()
	for range waiting {
		if a := <-responses; a.status != http.StatusOK {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if n := builds.Load(); n != 1 {
		t.Errorf("the sandbox was built %d times", n)
	}
}

// A sandbox that is being built can be dropped: its name is free at once, and
// whoever waited for it learns what has happened.
func TestASandboxIsDroppedWhileItIsBuilt(t *testing.T) {
	t.Parallel()
	srv, builds, began, release := holdFirst(t)
	first := make(chan answer, 1)
	go func() { first <- send(t, srv.URL, "GET /__sandbox/slow/applications", "") }()
	<-began
	if a := send(t, srv.URL, "DELETE /__admin/sandboxes/slow", ""); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := send(t, srv.URL, "DELETE /__admin/sandboxes/slow", ""); a.status != http.StatusNotFound {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := send(t, srv.URL, "GET /__sandbox/slow/applications", ""); a.status != http.StatusOK || builds.Load() != 2 {
		t.Errorf("%d %s, built %d times", a.status, a.body, builds.Load())
	}
	release()
	if a := <-first; a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, `the sandbox \"slow\" was dropped`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := send(t, srv.URL, "GET /__sandbox/slow/applications", ""); a.status != http.StatusOK || builds.Load() != 2 {
		t.Errorf("%d %s, built %d times", a.status, a.body, builds.Load())
	}
}

// A build that fails leaves the name free.
func TestAFailedBuildReleasesTheName(t *testing.T) {
	t.Parallel()
	srv, _ := startBuilding(t, "bad", func(before int64) {
		if before == 0 {
			panic("as a bug would")
		}
	})
	for _, want := range []int{http.StatusInternalServerError, http.StatusOK} {
		if a := send(t, srv.URL, "GET /__sandbox/bad/applications", ""); a.status != want {
			t.Errorf("%d %s, want %d", a.status, a.body, want)
		}
	}
	if a := send(t, srv.URL, "GET /__admin/health", ""); !strings.Contains(a.body, `"panics": 1`+"\n") {
		t.Errorf("%s", a.body)
	}
}
