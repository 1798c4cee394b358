package world

import (
	"cmp"
	"context"
	"crypto/rand"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/api"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// Era is a world from one reset to the next.
type Era struct {
	Scenario *scenarios.Scenario // that it was built of
	Life     life.Life

	State     *state.State
	api       *api.Server
	Triggers  *trigger.Server
	Faults    *faults.Set
	responses *faults.Responses
	Pedant    *faults.Pedant // nil if responses do not vary
	Journal   *recorder.Recorder
	file      *recorder.File // of all worlds; nil for none
	worlds    *Worlds
	leaves    []func() // each lets a part leave the memory budget
}

// newEra builds an era of a checked scenario. A seed repeats what the parts draw
// from the source of ids, so that their order must not change.
func newEra(of *World, s *scenarios.Scenario) (*Era, error) {
	all := of.all
	table, err := all.contractOf(s)
	if err != nil {
		return nil, err
	}
	ids := state.NewIDs(s.IDs.Seed)
	e := &Era{Scenario: s, worlds: all, file: all.File}
	e.Journal = recorder.New(all.Settings.JournalEntries, all.Settings.JournalBytes, ids.Bytes)
	e.Journal.BasePath = of.basePath()
	e.Pedant = faults.NewPedant(cmp.Or(s.Pedantic, all.pedantic), ids.Bytes)
	if e.Faults, err = faults.New(s.Faults, s.IDs.Seed, ids.Bytes); err != nil {
		return nil, err
	}
	if e.State, err = state.New(s, table, ids, of.issued, e.Pedant.Letters); err != nil {
		return nil, err
	}
	e.Life = life.New(of.Life)
	if e.responses, err = faults.NewResponses(s.Responses, s.IDs.Seed, ids.Bytes); err != nil {
		return nil, err
	}
	e.api = api.New(e.State, e.responses, e.Life, all.Settings.MaxBody)
	if err = e.api.Generic.Seed(); err != nil {
		return nil, err
	}
	e.Triggers = trigger.New(trigger.Parts{
		State: e.State, Journal: e.Journal, Settings: s.Triggers.WithDefaults(), Life: e.Life, Logger: all.Settings.Logger, Outbound: all.outbound,
		Background: &all.Background, Panics: &all.Panics, Decoding: all.decoding, Workflow: of.Workflow.Load,
	})
	e.countIn(all.budget)
	return e, nil
}

// keepJournal replaces the journal of an era that has no requests yet.
func (e *Era) keepJournal(j *recorder.Recorder) {
	e.Journal.Leave()
	e.Journal = j
	e.Triggers.Journal = j
}

// Restore gives an era that has no requests yet those of a file, whose sequences rise.
func (e *Era) Restore(requests []journal.Request) {
	e.keepJournal(recorder.Restore(requests, e.State.API.Operation, func(b []byte) { _, _ = rand.Read(b) }))
}

// LastLook is how long the look at the journal at the end of a wait may take.
const LastLook = time.Second

// Await waits until a condition is true, or the context is done. It calls the
// condition after each change of the journal, and goes on after a reset. The
// context that it passes on is also done when the world is closed. A sandbox is in
// use meanwhile. The error is why the world was closed.
func (w *World) Await(ctx context.Context, condition func(context.Context, *Era) bool) error {
	defer w.Use()()
	ctx, cancel := w.Within(ctx)
	defer cancel()
	for {
		e := w.Era()
		changed := e.Journal.Next() // before the condition, so that no change is missed
		if condition(ctx, e) {
			return nil
		}
		select {
		case <-changed:
		case <-e.Life.Done():
		case <-ctx.Done():
		}
		if err := w.Life.Cause(); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// Within returns a context that is also done when the world is closed. The caller
// calls cancel when it is no longer needed.
func (w *World) Within(ctx context.Context) (within context.Context, cancel context.CancelFunc) {
	within, end := context.WithCancel(ctx)
	stop := context.AfterFunc(w.Life, end)
	return within, func() {
		stop()
		end()
	}
}

// AwaitFor is Await with a timeout. It returns at once if there is no time to
// wait.
func (w *World) AwaitFor(within time.Duration, condition func(context.Context, *Era) bool) error {
	if within <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return w.Await(ctx, condition)
}
