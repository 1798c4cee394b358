package mockserver

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// Server stands in for Losant's API. It is an http.Handler, safe for
// concurrent use. Its admin API stands under /__admin, on the same port.
type Server struct {
	*World // the main world

	version *contract.Version // of the API in every world; nil is each scenario's
	limits  limits
	logger  *slog.Logger
	file    *journalFile
	admin   *admin
	started time.Time

	rejected atomic.Uint64 // requests that were no HTTP
	panics   panics

	background background
	sandboxes  sandboxes
	pedantic   *scenarios.Pedantic         // of worlds whose scenario says nothing; may be nil
	reload     atomic.Pointer[reloadState] // of watched files; nil before the first change

	life life // until Serve ends
}

// New makes a server, by default of the scenario "default" with the newest
// API. The error tells what is wrong in a scenario or an option.
func New(options ...Option) (*Server, error) {
	set, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	s := &Server{version: set.version, limits: set.limits, logger: set.logger, started: time.Now(), life: newLife(context.Background())}
	s.panics.logger = set.logger
	s.sandboxes.idle = set.sandboxIdle
	if set.journalFile != "" {
		if s.file, err = openJournalFile(set.journalFile, set.journalStrict, set.logger); err != nil {
			return nil, err
		}
	}
	s.admin = newAdmin(s, guard{hosts: set.adminHosts, token: set.adminToken})
	if set.pedantic {
		s.pedantic = &scenarios.Pedantic{Seed: new(uint64(rand.Uint32()))}
	}
	s.World, err = s.open("", set.scenario)
	return s, err
}

// ServeHTTP responds as the API does, below /webhooks as the webhooks that are
// called, below /__admin as the admin API, and below /__sandbox/{name} as all
// of these in a world of that name.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	watched := &watchedWriter{ResponseWriter: w}
	defer s.recoverRequest(watched, r)
	s.route(watched, r)
}

// route leads a request to its world, and there to its API.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	world := s.World
	if name, inside, ok := sandboxed(r); ok {
		var refusal *adminRefusal
		if world, refusal = s.sandbox(name); refusal != nil {
			writeAdminError(w, refusal.status, "", refusal.reason)
			return
		}
		r = inside
	}
	if isAdmin(r) {
		s.admin.serve(w, r, world)
		return
	}
	if token, ok := triggerToken(r); ok {
		world.world().serveTrigger(w, r, token)
		return
	}
	world.world().serve(w, r)
}

// contractOf is the API that a scenario's world shows.
func (s *Server) contractOf(scenario *scenarios.Scenario) (*contract.API, error) {
	if s.version != nil {
		return contract.At(*s.version)
	}
	return scenario.Contract()
}

// Version is the version of this package's module: "(devel)" in a checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	const module = "github.com/losantmock/losantmock"
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return strings.TrimPrefix(dependency.Version, "v")
		}
	}
	if info.Main.Path == module && info.Main.Version != "" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "(devel)"
}
