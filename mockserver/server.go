// Package mockserver stands in for Losant's webhooks API.
//
// In a test, [Start] serves on a port of its own, closes with the test and logs
// what it received when the test fails:
//
//	srv := mockserver.Start(t)
//	client := losant.New(srv.URL, srv.Token(contract.ScopeAllApplication))
//
// [New] returns the same thing as an http.Handler, for programs that have a
// server.
//
// What an operation takes and returns is never written here: it comes from the
// table in package contract. The rest stands in internal packages, one for each
// idea; internal/world/serve.go has the way of every request, top to bottom.
package mockserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/admin"
	"github.com/losantmock/losantmock/mockserver/internal/build"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// Server stands in for Losant's API. It is an http.Handler, safe for
// concurrent use. Its admin API stands under /__admin, on the same port.
type Server struct {
	*World // the main world

	worlds   *world.Worlds
	admin    *admin.Admin
	rejected *atomic.Uint64 // requests that were no HTTP
	readOnly bool           // whether it shows a journal file, and has no world

	maxConnections int               // 0 for the default
	tls            *tls.Config       // of Serve; nil for plain HTTP
	trusted        *x509.Certificate // what a client has to trust; nil if unknown
}

// New makes a server, by default of the scenario "default" with the newest
// API. The error says what is wrong in a scenario or an option.
func New(options ...Option) (*Server, error) {
	set, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	all, err := world.New(set.worlds)
	if err != nil {
		return nil, err
	}
	s := &Server{
		World: &World{all.Main}, worlds: all, rejected: new(atomic.Uint64),
		maxConnections: set.maxConnections, tls: set.tls, trusted: set.trusted,
	}
	s.admin = admin.New(all, admin.Guard{Hosts: set.adminHosts, Token: set.adminToken}, admin.Health{Version: Version(), Started: time.Now(), Rejected: s.rejected})
	return s, nil
}

// ServeHTTP responds as the API does, below /webhooks as the webhooks that are
// called, below /__admin as the admin API, and below /__sandbox/{name} as all
// of these in a world of that name. The host {name}.localhost leads to that world
// too, and so does the access token of the sandbox, but for webhooks and the admin
// API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	watched := wire.NewWriter(w, r)
	defer watched.Finish()
	if wire.Reserved(r) {
		w.Header().Set("Connection", "close")
	}
	if panicked := s.worlds.Panics.Catch(func() { s.route(watched, r) }); panicked != "" {
		s.respondToPanic(watched, r, panicked)
	}
}

// route leads a request to its world, and there to the admin API or to what
// the world stands in for.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if s.readOnly {
		s.show(w, r)
		return
	}
	sent := r
	base, r, err := s.worldOf(r)
	if admin.IsAdmin(r) {
		if err != nil {
			admin.WriteError(w, err)
			return
		}
		s.admin.Serve(w, r, base)
		return
	}
	if err != nil {
		body := wire.ReadBody(w, r, s.worlds.Settings.MaxBody).Raw
		response := admin.SandboxError(err)
		base.Era().RecordRefused(&wire.Refusal{Request: sent, Target: wire.Target(sent), Body: body, Response: response}).Send(w)
		return
	}
	base.Era().Serve(w, r)
}

// show responds to a request where the requests of a journal file are shown.
func (s *Server) show(w http.ResponseWriter, r *http.Request) {
	if !admin.IsAdmin(r) {
		admin.WriteError(w, s.admin.Unserved())
		return
	}
	s.admin.Serve(w, r, s.worlds.Main)
}

// worldOf returns the world that a request is for, and the request inside it. The
// prefix of its path says so, or else its host, or else its access token. With an
// error, the world is the main one.
func (s *Server) worldOf(r *http.Request) (*world.World, *http.Request, error) {
	name, inside, ok := world.Sandboxed(r)
	if !ok {
		name, ok = s.worlds.NameByHost(r.Host)
		inside = r
	}
	switch {
	case !ok:
		return s.worldOfToken(r)
	case admin.OfServer(inside):
		return s.worlds.Main, inside, nil
	}
	base, err := s.sandboxFor(r, name)
	if err != nil {
		return s.worlds.Main, inside, err
	}
	return base, inside, nil
}

// worldOfToken returns the world that the access token of a request leads to: that
// of a sandbox, or the main one. The admin API is that of the main world.
func (s *Server) worldOfToken(r *http.Request) (*world.World, *http.Request, error) {
	if admin.IsAdmin(r) {
		return s.worlds.Main, r, nil
	}
	base, err := s.worlds.ByToken(r)
	if base == nil {
		base = s.worlds.Main
	}
	return base, r, err
}

// sandboxFor returns the sandbox of a name. It builds one that is missing, if the
// request may make it.
func (s *Server) sandboxFor(r *http.Request, name string) (*world.World, error) {
	refused := s.admin.Guard.MayMakeSandbox(r)
	if refused == nil {
		return s.worlds.Sandbox(name)
	}
	base, err := s.worlds.UsedSandbox(name)
	if base == nil && err == nil {
		err = refused
	}
	return base, err
}

// refuse records a request that net/http refuses, and returns the response to
// send: net/http's own after a panic.
func (s *Server) refuse(refused *wire.Refusal) *wire.Response {
	s.rejected.Add(1)
	response, target := refused.Response, refused.Target
	if panicked := s.worlds.Panics.Catch(func() { response = s.recordRefused(refused) }); panicked != "" {
		s.worlds.Panics.Log(refused.Request.Method, target, panicked)
	}
	return response
}

// recordRefused records a request that net/http refuses, in the world that it is
// for, and returns the response to send.
func (s *Server) recordRefused(refused *wire.Refusal) *wire.Response {
	if s.readOnly {
		return refused.Response
	}
	base, inside, err := s.worldOf(refused.Request)
	if admin.IsAdmin(inside) {
		return refused.Response
	}
	if inside != refused.Request && err == nil {
		refused.Request, refused.Target = inside, wire.Target(inside)
	}
	return base.Era().RecordRefused(refused)
}

// Sandbox returns a world of the server by name. At its first use it is built of
// the scenario of the main world. Its base URL is that of the server with
// /__sandbox/{name} behind it, or with the host {name}.localhost. It is dropped when it was idle for the time of
// [WithSandboxIdle], and by [Server.DropSandbox].
func (s *Server) Sandbox(name string) (*World, error) {
	base, err := s.worlds.Sandbox(name)
	if err != nil {
		return nil, err
	}
	return &World{base}, nil
}

// Memory returns how many bytes the server keeps at the most of what clients send,
// as [WithMemory] sets it.
func (s *Server) Memory() int64 { return s.worlds.Memory() }

// DropSandbox drops a sandbox and all that is in it, also one that is still
// being built, and reports whether there is one of this name.
func (s *Server) DropSandbox(name string) bool { return s.worlds.DropSandbox(name) }

// Watch reloads scenario files as they are saved, added to a folder or removed, until
// the context ends. The sources are those of [WithScenario]; built-in ones never
// change. A file that
// can't be loaded leaves the world as it is: the problem is logged with its
// place, and health reports it.
func (s *Server) Watch(ctx context.Context, sources ...string) { s.worlds.Watch(ctx, sources...) }

// ReopenJournal opens the file of [WithJournalFile] anew, as after a program that
// rotates logs has renamed it. Without such a file it does nothing.
func (s *Server) ReopenJournal() error { return s.worlds.File.Reopen() }

// respondToPanic responds to a request that has ended with a panic, with 500;
// where the response had begun, its connection is broken.
func (s *Server) respondToPanic(w *wire.Writer, r *http.Request, panicked string) {
	begun := w.Begun
	if !begun {
		writePanic(w, r)
	}
	s.worlds.Panics.Log(r.Method, wire.Target(r), panicked)
	if begun {
		panic(http.ErrAbortHandler)
	}
}

func writePanic(w http.ResponseWriter, r *http.Request) {
	if _, inside, ok := world.Sandboxed(r); ok {
		r = inside
	}
	if admin.IsAdmin(r) {
		admin.WriteInternalError(w)
		return
	}
	wire.Error(http.StatusInternalServerError, "ServerError", wire.InternalError).Send(w)
}

// Version returns the version of this module: "(devel)" in a checkout.
func Version() string { return build.Version() }
