package mockserver

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// worldSettings are what the worlds of a server have in common.
type worldSettings struct {
	scenario *scenarios.Scenario // of the main world
	version  *contract.Version   // of the API; nil is that of each scenario
	pedantic bool                // whether responses vary where a scenario says nothing

	maxBody        int64 // bytes of a request's body
	journalEntries int
	journalBytes   int64
	journalFile    string // blank for none
	journalStrict  bool
	sandboxIdle    time.Duration

	logger *slog.Logger
}

// worlds are the worlds of a server: the main world and the sandboxes.
type worlds struct {
	main *baseWorld

	settings   worldSettings
	pedantic   *scenarios.Pedantic // of worlds whose scenario says nothing; nil for none
	file       *journalFile        // nil for none
	panics     panics
	background background
	sandboxes  sandboxes
	reloads    reloads
	life       life // until the server is shut down
}

// newWorlds builds the main world of a checked scenario.
func newWorlds(set worldSettings) (*worlds, error) {
	all := &worlds{settings: set, life: newLife(context.Background())}
	all.panics.logger = set.logger
	all.sandboxes.idle = set.sandboxIdle
	if set.pedantic {
		all.pedantic = &scenarios.Pedantic{Seed: new(uint64(rand.Uint32()))}
	}
	if set.journalFile != "" {
		var err error
		if all.file, err = openJournalFile(set.journalFile, set.journalStrict, set.logger); err != nil {
			return nil, err
		}
	}
	var err error
	all.main, err = all.open("", set.scenario)
	return all, err
}

// open builds a world of a checked scenario. A blank name is that of a world
// which is no sandbox.
func (all *worlds) open(name string, scenario *scenarios.Scenario) (*baseWorld, error) {
	v := &baseWorld{all: all, name: name, life: newLife(all.life)}
	all.settings.logger.Debug("a world is built", "sandbox", name, "scenario", scenario.Name)
	e, err := newEra(v, scenario)
	if err != nil {
		v.life.end(err)
		return nil, err
	}
	v.current.Store(e)
	return v, nil
}

// contractOf returns the API that a world of a scenario shows.
func (all *worlds) contractOf(scenario *scenarios.Scenario) (*contract.API, error) {
	if all.settings.version != nil {
		return contract.At(*all.settings.version)
	}
	return scenario.Contract()
}

// shutdown ends every world: whoever waits in one is released.
func (all *worlds) shutdown() { all.life.end(errShutdown) }
