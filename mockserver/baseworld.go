package mockserver

import (
	"fmt"
	"sync/atomic"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// World is what one base URL leads to: that of a [Server], or that of one of
// its sandboxes. Worlds know nothing of each other: each has its own
// applications, tokens, journal, clock, ids and faults. Its methods are safe
// for concurrent use.
type World struct {
	server   *Server
	name     string // of a sandbox; blank for the main world
	life     life
	current  atomic.Pointer[world]
	workflow atomic.Pointer[func(Trigger) *Reply] // plays every workflow; nil for none
	used     atomic.Int64                         // when it was last used, in nanoseconds since 1970
}

// open makes a World of a scenario.
func (s *Server) open(name string, scenario *scenarios.Scenario) (*World, error) {
	v := &World{server: s, name: name, life: newLife(s.life)}
	s.logger.Debug("a world is built", "sandbox", name, "scenario", scenario.Name)
	w, err := newWorld(v, scenario)
	if err != nil {
		v.life.end(err)
		return nil, err
	}
	v.current.Store(w)
	return v, nil
}

func (v *World) world() *world { return v.current.Load() }

// Reset puts the world back as its scenario has it, and empties the journal.
// Tokens that were made meanwhile are gone with the rest. Requests that are
// being answered go on in the world that was.
func (v *World) Reset() error {
	if err := v.life.cause(); err != nil {
		return err
	}
	w, err := newWorld(v, v.world().scenario)
	if err != nil {
		return err
	}
	return v.swap(w)
}

// swap puts a world in place of the one that is there, and ends the life of
// that. The error says that the World itself has ended meanwhile.
func (v *World) swap(w *world) error {
	v.current.Swap(w).life.end(errReset)
	return v.life.cause()
}

// Token makes an access token with scopes, without any of scope all.User.
func (v *World) Token(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = []string{"all.User"}
	}
	w := v.world()
	token := w.ids.token()
	w.doorkeeper.issue(token, scopes)
	return token
}

// TokenToTry is a token that may list webhooks, for a person to begin with: one
// that the scenario knows, in an open world any text, and else one made for it.
func (v *World) TokenToTry() string {
	list := v.world().api.Operation("webhooks.get")
	for _, token := range v.world().scenario.Auth.Tokens {
		lasting := token.Expires.IsZero() || token.Expires.After(v.world().clock.now())
		if lasting && v.world().api.Grants(token.Scopes).Allows(list) {
			return token.Token
		}
	}
	if v.world().scenario.Auth.Mode != scenarios.AuthStrict {
		return "any"
	}
	return v.Token(list.Name)
}

// AddApplication adds an application with its webhooks to the world. What is
// left out gets its default or is generated; what came of it is given back.
// The error tells what breaks the API's contract, or that an id or token is
// taken.
func (v *World) AddApplication(a scenarios.Application) (scenarios.Application, error) {
	if err := v.life.cause(); err != nil {
		return a, err
	}
	a = a.Clone()
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{a}}).Check(); err != nil {
		return a, err
	}
	w := v.world()
	now := w.clock.now()
	record, err := w.addApplication(a, now)
	if err != nil {
		return a, fmt.Errorf("application %q: %w", a.Name, err)
	}
	added := record.Application
	for _, hook := range a.Webhooks {
		placed, err := w.addWebhook(hook, record, now)
		if err != nil {
			return added, fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		added.Webhooks = append(added.Webhooks, placed.copy())
	}
	return added, nil
}

// AddWebhook adds a webhook to the application that its ApplicationID names;
// blank is the first one in the order of names. What is left out gets its
// default or is generated; what came of it is given back. The error tells what
// breaks the API's contract, that an id or token is taken, or that there is no
// such application.
func (v *World) AddWebhook(hook scenarios.Webhook) (scenarios.Webhook, error) {
	if err := v.life.cause(); err != nil {
		return hook, err
	}
	w := v.world()
	hook = hook.Clone()
	a := w.applicationFor(hook.ApplicationID)
	if a == nil {
		return hook, errNoApplication
	}
	hook.ApplicationID = a.ID
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{{ID: a.ID, Name: a.Name, Webhooks: []scenarios.Webhook{hook}}}}).Check(); err != nil {
		return hook, err
	}
	added, err := w.addWebhook(hook, a, w.clock.now())
	if err != nil {
		return hook, fmt.Errorf("webhook %q: %w", hook.Name, err)
	}
	return added.copy(), nil
}

func (w *world) applicationFor(id string) *application {
	if id != "" {
		return w.store.application(parseID(id))
	}
	return w.store.firstApplication()
}

// Applications returns the applications of the world in the order of their
// names, without their webhooks.
func (v *World) Applications() []scenarios.Application {
	var all []scenarios.Application
	for _, a := range v.world().store.allApplications("name") {
		all = append(all, a.Application)
	}
	return all
}

// ScenarioName is the name of the scenario that the world started from.
func (v *World) ScenarioName() string { return v.world().scenario.Name }

// APIVersion is the version of Losant's API that the world shows.
func (v *World) APIVersion() contract.Version { return v.world().api.Version }
