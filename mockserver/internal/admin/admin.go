// Package admin is the admin API below /__admin, and its page: one table of
// calls, handlers that return a value or an error, one writer and one guard.
package admin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/scenarios"
)

// root is the path of the admin API. Requests below it are never recorded.
const root = "/__admin"

// IsAdmin reports whether a request is for the admin API. It looks at the
// decoded path, as the router does, so that the two always agree.
func IsAdmin(r *http.Request) bool {
	return r.URL.Path == root || strings.HasPrefix(r.URL.Path, root+"/")
}

// IsAdminTarget reports whether a request for a target, path and query as sent, is
// for the admin API of a server or of one of its sandboxes.
func IsAdminTarget(target string) bool {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return false
	}
	r := &http.Request{URL: u, RequestURI: target}
	if _, inside, ok := world.Sandboxed(r); ok {
		r = inside
	}
	return IsAdmin(r)
}

// Admin is the API through which tests and people look into a server and
// change its worlds.
type Admin struct {
	Guard      Guard
	worlds     *world.Worlds
	program    Health
	router     func() *mux.Router // made at the first call: a test may never make one, and its patterns take a millisecond
	checks     chan struct{}      // has a place for the check that runs
	file       string             // the journal file whose requests are shown; blank for a server that runs
	operations []string           // of the requests in the file
}

// New returns the admin API of the worlds of a server.
func New(all *world.Worlds, g Guard, program Health) *Admin {
	g.worlds = all
	a := &Admin{Guard: g, worlds: all, program: program, checks: make(chan struct{}, 1)}
	a.router = sync.OnceValue(a.newRouter)
	return a
}

// ReadOnly lets the admin API read the requests of a journal file, and change nothing.
// The operations are those of its requests. It is called before the first call.
func (a *Admin) ReadOnly(file string, operations []string) { a.file, a.operations = file, operations }

// slashes lets paths and the names of faults have slashes.
var slashes = strings.NewReplacer("{path}", "{path:.+}", "/faults/{name}", "/faults/{name:.+}")

func (a *Admin) newRouter() *mux.Router {
	router := mux.NewRouter().SkipClean(true)
	for _, c := range a.calls() {
		if a.file != "" && c.Method != http.MethodGet && !c.reads {
			c.handle = func(*request) (any, error) { return nil, a.Unserved() }
		}
		router.Path(slashes.Replace(c.Path)).Methods(c.Method).Handler(c)
	}
	unknown := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { WriteError(w, unknownCall(r)) })
	router.NotFoundHandler, router.MethodNotAllowedHandler = unknown, unknown
	return router
}

// Serve responds to a call about a world, if the guard lets it pass.
func (a *Admin) Serve(w http.ResponseWriter, r *http.Request, about *world.World) {
	if err := a.Guard.check(r); err != nil {
		WriteError(w, err)
		return
	}
	r.Body = wire.LimitBody(w, r, max(a.worlds.Settings.MaxBody, scenarios.MaxFileSize))
	a.router().ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), worldKey{}, about)))
}

// Unserved is the error of a call that needs a world, where a journal file is shown.
func (a *Admin) Unserved() error {
	return failure(http.StatusConflict, "", "this server shows the journal file "+wire.Quoted(a.file)+": its requests can be read, and nothing can be sent to it or changed")
}

// Health is the part of a health report that is about the program, and the same
// for all worlds.
type Health struct {
	Version  string
	Started  time.Time
	Rejected *atomic.Uint64 // requests that were no HTTP
}

type healthJSON struct {
	Status                string    `json:"status"`
	Message               string    `json:"message"`
	Version               string    `json:"version"`
	UptimeInSeconds       int64     `json:"uptimeInSeconds"`
	Timestamp             time.Time `json:"timestamp"`
	Scenario              string    `json:"scenario"`
	RejectedBeforeHandler uint64    `json:"rejectedBeforeHandler"`
	Panics                uint64    `json:"panics"`

	Memory      world.MemoryState   `json:"memory"`
	JournalFile *recorder.FileState `json:"journalFile,omitempty"`
	Reload      *world.ReloadState  `json:"reload,omitempty"`
}

func (a *Admin) health(r *request) (any, error) { return a.healthOf(r.world), nil }

func (a *Admin) healthOf(w *world.World) healthJSON {
	return healthJSON{
		Status:                "healthy",
		Message:               "losantmock is ok",
		Version:               a.program.Version,
		UptimeInSeconds:       int64(time.Since(a.program.Started).Seconds()),
		Timestamp:             time.Now().UTC(),
		Scenario:              w.ScenarioName(),
		RejectedBeforeHandler: a.program.Rejected.Load(),
		Panics:                a.worlds.Panics.Count.Load(),
		Memory:                a.worlds.MemoryState(),
		JournalFile:           a.worlds.File.State(),
		Reload:                a.worlds.Reloads.State(),
	}
}
