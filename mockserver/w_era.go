package mockserver

import (
	"cmp"

	"github.com/losantmock/losantmock/scenarios"
)

// era is a world from one reset to the next.
type era struct {
	scenario *scenarios.Scenario // that it was built of
	life     life

	state    *state
	api      *apiServer
	triggers *triggers
	faults   *faults
	pedant   *pedant // nil where responses do not vary
	journal  *journal
	file     *journalFile // nil for none
	worlds   *worlds
}

// newEra builds a world of a checked scenario. The order in which its parts
// draw from the source of ids is part of what a seed repeats.
func newEra(of *baseWorld, s *scenarios.Scenario) (*era, error) {
	all := of.all
	api, err := all.contractOf(s)
	if err != nil {
		return nil, err
	}
	ids := newIDs(s.IDs.Seed)
	e := &era{scenario: s, worlds: all, file: all.file}
	e.journal = newJournal(all.settings.journalEntries, all.settings.journalBytes, ids.bytes)
	e.pedant = newPedant(cmp.Or(s.Pedantic, all.pedantic), ids.bytes)
	if e.faults, err = newFaults(s.Faults, s.IDs.Seed, ids.bytes); err != nil {
		return nil, err
	}
	if e.state, err = newState(s, api, ids, e.pedant.letters); err != nil {
		return nil, err
	}
	e.life = newLife(of.life)
	e.api = newAPIServer(e.state, all.settings.maxBody, &all.panics)
	e.triggers = newTriggers(triggerParts{
		state: e.state, journal: e.journal, settings: s.Triggers.Settled(), life: e.life, logger: all.settings.logger,
		background: &all.background, panics: &all.panics, workflow: of.workflow.Load,
	})
	return e, nil
}

// keepJournal lets an era that has no requests yet go on with the journal of
// another.
func (e *era) keepJournal(j *journal) {
	e.journal = j
	e.triggers.journal = j
}
