package world_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// startBuilding starts a server that calls a function whenever a sandbox is
// built, with how often it was built before.
func startBuilding(t *testing.T, name string, building func(before int64)) (srv *mockserver.TestServer, builds *atomic.Int64) {
	t.Helper()
	builds = new(atomic.Int64)
	return mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(func(message string, attrs map[string]string) {
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
	responses := make(chan mocktest.Response, waiting)
	get := func() { responses <- mocktest.Send(t, srv.URL, "GET /__sandbox/slow/applications", "") }
	go get()
	<-began
	for range waiting - 1 {
		go get()
	}
	for _, request := range []string{"GET /__sandbox/other/applications", "POST /__sandbox/other/__admin/reset", "GET /applications"} {
		if a := mocktest.Send(t, srv.URL, request, ""); a.Status != http.StatusOK {
			t.Errorf("%s: %d %s", request, a.Status, a.Body)
		}
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/sandboxes", ""); !strings.Contains(a.Body, `"other"`) || strings.Contains(a.Body, `"slow"`) {
		t.Errorf("the sandboxes are %s", a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "POST /__admin/sandboxes", `{"name":"slow"}`, mocktest.SendsJSON); a.Status != http.StatusConflict {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	release()
	for range waiting {
		if a := <-responses; a.Status != http.StatusOK {
			t.Errorf("%d %s", a.Status, a.Body)
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
	first := make(chan mocktest.Response, 1)
	go func() { first <- mocktest.Send(t, srv.URL, "GET /__sandbox/slow/applications", "") }()
	<-began
	if a := mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes/slow", ""); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes/slow", ""); a.Status != http.StatusNotFound {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "GET /__sandbox/slow/applications", ""); a.Status != http.StatusOK || builds.Load() != 2 {
		t.Errorf("%d %s, built %d times", a.Status, a.Body, builds.Load())
	}
	release()
	if a := <-first; a.Status != http.StatusGone || a.Body != `{"type":"Gone","message":"the sandbox \"slow\" was dropped"}` {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	srv.Requests().Path("/__sandbox/slow/applications").Status(http.StatusGone).Once(t)
	if a := mocktest.Send(t, srv.URL, "GET /__sandbox/slow/applications", ""); a.Status != http.StatusOK || builds.Load() != 2 {
		t.Errorf("%d %s, built %d times", a.Status, a.Body, builds.Load())
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
		if a := mocktest.Send(t, srv.URL, "GET /__sandbox/bad/applications", ""); a.Status != want {
			t.Errorf("%d %s, want %d", a.Status, a.Body, want)
		}
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/health", ""); !strings.Contains(a.Body, `"panics": 1,`) {
		t.Errorf("%s", a.Body)
	}
}
