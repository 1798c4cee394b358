package mockserver

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// Server stands in for Losant's API. It is an http.Handler, safe for
// concurrent use. Its admin API stands under /__admin, on the same port.
type Server struct {
	scenario *scenarios.Scenario
	api      *contract.API
	limits   limits
	logger   *slog.Logger
	file     *journalFile
	admin    *admin
	started  time.Time

	current  atomic.Pointer[world]
	rejected atomic.Uint64 // requests that were no HTTP

	workflow   atomic.Pointer[func(Trigger) *Reply] // plays every workflow; nil for none
	background background

	ending chan struct{} // closed when Serve ends, for those who wait
	end    sync.Once
}

// New makes a server, by default of the scenario "default" with the newest
// API. The error tells what is wrong in a scenario or an option.
func New(options ...Option) (*Server, error) {
	set, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	s := &Server{scenario: set.scenario, limits: set.limits, logger: set.logger, started: time.Now(), ending: make(chan struct{})}
	if set.version != nil {
		s.api, err = contract.At(*set.version)
	} else {
		s.api, err = set.scenario.Contract()
	}
	if err != nil {
		return nil, err
	}
	if set.journalFile != "" {
		if s.file, err = openJournalFile(set.journalFile, set.logger); err != nil {
			return nil, err
		}
	}
	s.admin = newAdmin(s, guard{hosts: set.adminHosts, token: set.adminToken})
	return s, s.Reset()
}

// ServeHTTP answers as the API does, below /webhooks as the webhooks that are
// called, and below /__admin as the admin API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isAdmin(r) {
		s.admin.ServeHTTP(w, r)
		return
	}
	if token, ok := triggerToken(r); ok {
		s.world().serveTrigger(w, r, token)
		return
	}
	s.world().serve(w, r)
}

func (s *Server) world() *world { return s.current.Load() }

// Reset puts the world back as its scenario has it, and empties the journal.
// Tokens that were made meanwhile are gone with the rest. Requests that are
// being answered go on in the world that was.
func (s *Server) Reset() error {
	w, err := newWorld(s, s.scenario)
	if err != nil {
		return err
	}
	if before := s.current.Swap(w); before != nil {
		before.retire()
	}
	return nil
}

// Token makes an access token with scopes, without any of scope all.User.
func (s *Server) Token(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = []string{"all.User"}
	}
	w := s.world()
	token := w.ids.token()
	w.doorkeeper.issue(token, scopes)
	return token
}

// TokenToTry is a token that may list webhooks, for a person to begin with: one
// that the scenario knows, in an open world any text, and else one made for it.
func (s *Server) TokenToTry() string {
	list := s.api.Operation("webhooks.get")
	for _, token := range s.scenario.Auth.Tokens {
		lasting := token.Expires.IsZero() || token.Expires.After(s.world().clock.now())
		if lasting && s.api.Grants(token.Scopes).Allows(list) {
			return token.Token
		}
	}
	if s.scenario.Auth.Mode != scenarios.AuthStrict {
		return "any"
	}
	return s.Token(list.Name)
}

// AddApplication adds an application with its webhooks to the world. What is
// left out gets its default or is generated; what came of it is given back.
// The error tells what breaks the API's contract, or that an id or token is
// taken.
func (s *Server) AddApplication(a scenarios.Application) (scenarios.Application, error) {
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{a}}).Check(); err != nil {
		return a, err
	}
	w := s.world()
	now := w.clock.now()
	record, err := w.addApplication(a, now)
	if err != nil {
		return a, fmt.Errorf("application %q: %w", a.Name, err)
	}
	settled := record.Application
	for _, h := range a.Webhooks {
		added, err := w.addWebhook(h, record, now)
		if err != nil {
			return settled, fmt.Errorf("webhook %q: %w", h.Name, err)
		}
		settled.Webhooks = append(settled.Webhooks, added.Webhook)
	}
	return settled, nil
}

// AddWebhook adds a webhook to the application that its ApplicationID names;
// blank is the first one in the order of names. What is left out gets its
// default or is generated; what came of it is given back. The error tells what
// breaks the API's contract, that an id or token is taken, or that there is no
// such application.
func (s *Server) AddWebhook(h scenarios.Webhook) (scenarios.Webhook, error) {
	w := s.world()
	a := w.applicationFor(h.ApplicationID)
	if a == nil {
		return h, errNoApplication
	}
	h.ApplicationID = a.ID
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{{ID: a.ID, Name: a.Name, Webhooks: []scenarios.Webhook{h}}}}).Check(); err != nil {
		return h, err
	}
	added, err := w.addWebhook(h, a, w.clock.now())
	if err != nil {
		return h, fmt.Errorf("webhook %q: %w", h.Name, err)
	}
	return added.Webhook, nil
}

func (w *world) applicationFor(id string) *application {
	if id != "" {
		return w.store.application(parseID(id))
	}
	w.store.mu.RLock()
	defer w.store.mu.RUnlock()
	for _, a := range w.store.list.page("name", false, 0, 1) {
		return a
	}
	return nil
}

// Applications are the applications of the world in the order of their names,
// without their webhooks.
func (s *Server) Applications() []scenarios.Application {
	w := s.world()
	w.store.mu.RLock()
	defer w.store.mu.RUnlock()
	var all []scenarios.Application
	for _, a := range w.store.list.page("name", false, 0, w.store.list.len()) {
		all = append(all, a.Application)
	}
	return all
}

// ScenarioName is the name of the scenario that the server started from.
func (s *Server) ScenarioName() string { return s.scenario.Name }

// APIVersion is the version of Losant's API that the server shows.
func (s *Server) APIVersion() contract.Version { return s.api.Version }

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
