// Package world holds the worlds of a server: the main world and the sandboxes,
// each from one reset to the next, and the one way of every request through them.
//
// Each lock belongs to one type, whose methods alone take it. The lock of the
// sandboxes is taken alone: worlds are built and closed without it. The changes of
// a world, which are its resets, replacements and reloads, happen one after
// another under a lock of the world, which is taken before any other one. A world
// is closed without it, since closing is one step: a change that is under way then
// fails. Requests take no lock of the world: each is carried out in the era in
// which it has begun. Otherwise two locks are held at once in two places only:
// first that of the store of a state and then that of its journal, while a trigger
// is recorded; and first that of the held calls and then that of the ids, while a
// call is held. No lock is held while anything is sent to a client.
package world

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"log/slog"
	mathrand "math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// Settings are what the worlds of a server have in common.
type Settings struct {
	Scenario *scenarios.Scenario // of the main world
	Sources  []scenarios.Source  // of which it was made; none for one made in Go
	Limits   scenarios.Limits    // of every scenario, with the definition of the API
	Version  *contract.Version   // of the API; nil is that of each scenario
	Pedantic bool                // whether responses vary if a scenario does not say so

	MaxBody        int64 // the most bytes of a request's body
	JournalEntries int
	JournalBytes   int64
	JournalFile    recorder.FileSettings // no path for none
	MemoryBytes    int64                 // of all worlds together; 0 is a journal and 768 MiB
	SandboxIdle    time.Duration
	SandboxHost    string         // suffix of the hosts of sandboxes, beside localhost; blank for none
	Roots          *x509.CertPool // that URLs which payloads are forwarded to may have; nil for those of the system

	Logger *slog.Logger
}

// Worlds are the main world of a server and its sandboxes, with what they share.
type Worlds struct {
	Main *World

	Settings   Settings
	pedantic   *scenarios.Pedantic // of worlds whose scenario has none; may be nil
	File       *recorder.File      // nil for none
	Panics     life.Panics
	Background life.Background
	budget     *limit.Budget
	decoding   *limit.Gate // of payloads
	outbound   outbound.OpenTransport
	sandboxes  sandboxes
	sendings   sendings
	tokenKey   []byte // checks the access tokens of sandboxes
	library    library
	Reloads    reloads
	life       life.Life // until the server is shut down
	address    atomic.Pointer[string]
}

// decodingBytes is how much memory the payloads take that are decoded at the same
// time. It is a part of what the program works with beside its budget.
const decodingBytes = 32 << 20

// New returns the worlds of a server, with a main world that is built of the
// checked scenario in the settings.
func New(set Settings) (*Worlds, error) {
	all := &Worlds{Settings: set, life: life.New(context.Background()), tokenKey: []byte(rand.Text())}
	all.budget, all.decoding = limit.NewBudget(set.memory()), limit.NewGate(decodingBytes)
	all.outbound = outbound.Open(set.Roots)
	all.Panics.Logger = set.Logger
	all.sandboxes.idle = set.SandboxIdle
	all.library.loaded.Store(&set.Sources)
	if set.Pedantic {
		all.pedantic = &scenarios.Pedantic{Seed: new(uint64(mathrand.Uint32()))}
	}
	if set.JournalFile.Path != "" {
		var err error
		if all.File, err = recorder.OpenFile(set.JournalFile, set.Logger); err != nil {
			return nil, err
		}
	}
	var err error
	all.Main, err = all.open("", set.Scenario)
	return all, err
}

// open returns a new world that is built of a checked scenario. The name is blank
// for a world that is no sandbox.
func (all *Worlds) open(name string, scenario *scenarios.Scenario) (opened *World, err error) {
	w := &World{all: all, name: name, Life: life.New(all.life)}
	if name != "" {
		w.token = all.newSandboxToken()
	}
	w.issued = state.NewIssued(w.token)
	w.tokens = w.issued.CountIn(all.budget)
	w.Expectations = expect.NewLog(all.budget)
	defer func() {
		if opened == nil {
			w.close(cmp.Or(err, errNotBuilt)) // there is no error after a panic
		}
	}()
	all.Settings.Logger.Debug("a world is built", "sandbox", name, "scenario", scenario.Name)
	if name != "" {
		w.room = all.budget.Reservation()
		if err := w.reserve(stateSize(scenario)); err != nil {
			return nil, err
		}
	}
	e, err := newEra(w, scenario)
	if err != nil {
		return nil, err
	}
	w.current.Store(e)
	context.AfterFunc(e.Life, func() { w.leave(e) })
	return w, nil
}

// contractOf returns the API of a world with a scenario.
func (all *Worlds) contractOf(scenario *scenarios.Scenario) (*contract.API, error) {
	if version := all.Settings.Version; version != nil {
		scenario = &scenarios.Scenario{API: scenarios.API{Version: version.String()}}
	}
	return all.Settings.Limits.Contract(scenario)
}

// ReachedAt notes the URL at which the server is reached, such as
// http://127.0.0.1:40123.
func (all *Worlds) ReachedAt(url string) { all.address.Store(&url) }

// BaseURL returns the URL of the world; blank where that of its server is not known.
func (w *World) BaseURL() string {
	address := w.all.address.Load()
	if address == nil {
		return ""
	}
	return *address + w.basePath()
}

// Shutdown closes every world, and wakes what waits in one.
func (all *Worlds) Shutdown() {
	all.life.Close(life.ErrShutdown)
	all.outbound.CloseIdleConnections()
}
