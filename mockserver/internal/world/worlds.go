package world

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/scenarios"
)

// Settings are what the worlds of a server have in common.
type Settings struct {
	Scenario *scenarios.Scenario // of the main world
	Version  *contract.Version   // of the API; nil is that of each scenario
	Pedantic bool                // whether responses vary where a scenario says nothing

	MaxBody        int64 // bytes of a request's body
	JournalEntries int
	JournalBytes   int64
	JournalFile    string // blank for none
	JournalStrict  bool
	SandboxIdle    time.Duration

	Logger *slog.Logger
}

// Worlds are the worlds of a server: the main world and the sandboxes.
type Worlds struct {
	Main *World

	Settings   Settings
	pedantic   *scenarios.Pedantic // of worlds whose scenario says nothing; nil for none
	File       *recorder.File      // nil for none
	Panics     life.Panics
	Background life.Background
	sandboxes  sandboxes
	Reloads    reloads
	life       life.Life // until the server is shut down
}

// New builds the main world of a checked scenario.
func New(set Settings) (*Worlds, error) {
	all := &Worlds{Settings: set, life: life.New(context.Background())}
	all.Panics.Logger = set.Logger
	all.sandboxes.idle = set.SandboxIdle
	if set.Pedantic {
		all.pedantic = &scenarios.Pedantic{Seed: new(uint64(rand.Uint32()))}
	}
	if set.JournalFile != "" {
		var err error
		if all.File, err = recorder.OpenFile(set.JournalFile, set.JournalStrict, set.Logger); err != nil {
			return nil, err
		}
	}
	var err error
	all.Main, err = all.Open("", set.Scenario)
	return all, err
}

// Open builds a world of a checked scenario. A blank name is that of a world
// which is no sandbox.
func (all *Worlds) Open(name string, scenario *scenarios.Scenario) (*World, error) {
	w := &World{all: all, name: name, Life: life.New(all.life)}
	all.Settings.Logger.Debug("a world is built", "sandbox", name, "scenario", scenario.Name)
	e, err := newEra(w, scenario)
	if err != nil {
		w.Life.Close(err)
		return nil, err
	}
	w.current.Store(e)
	return w, nil
}

// contractOf returns the API that a world of a scenario shows.
func (all *Worlds) contractOf(scenario *scenarios.Scenario) (*contract.API, error) {
	if all.Settings.Version != nil {
		return contract.At(*all.Settings.Version)
	}
	return scenario.Contract()
}

// Shutdown ends every world: whoever waits in one is released.
func (all *Worlds) Shutdown() { all.life.Close(life.ErrShutdown) }
