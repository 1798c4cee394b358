package world

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// World is what a base URL leads to: the main world of a server, or one of its
// sandboxes. Worlds are independent: each has its own applications, tokens,
// journal, clock, ids and faults. The methods are safe for concurrent use.
type World struct {
	all      *Worlds
	name     string // of a sandbox; blank for the main world
	token    string // that leads to a sandbox; blank for the main world
	Life     life.Life
	changes  sync.Mutex // held by a reset or a replacement, from beginning to end
	current  atomic.Pointer[Era]
	Workflow atomic.Pointer[func(journal.Trigger) *scenarios.Reply] // plays every workflow; nil for none
	used     atomic.Pointer[time.Time]                              // when it was last used, with the reading of the monotonic clock
	inUse    atomic.Int64                                           // how many wait for something in it
	issued   *state.Issued                                          // the tokens that were made, over all resets
	tokens   *limit.Share                                           // of what was issued, in the memory budget
	room     *limit.Reservation                                     // of a sandbox, for its state; nil for the main world

	Expectations *expect.Log // the verifications that failed since the last reset
}

// Closed returns the error of a sandbox that was dropped: nothing about it can be
// asked any more. It is nil for a world whose server was shut down: what was
// recorded there can still be asked for.
func (w *World) Closed() error { return w.Life.Dropped() }

// Use keeps a sandbox from being dropped as idle until done is called.
func (w *World) Use() (done func()) {
	w.inUse.Add(1)
	return func() {
		w.used.Store(new(time.Now()))
		w.inUse.Add(-1)
	}
}

// Era returns the world as it is until the next reset.
func (w *World) Era() *Era { return w.current.Load() }

// Reset builds the world again from its scenario, with an empty journal. Requests
// that have begun are finished in the old era. Failed verifications are forgotten.
func (w *World) Reset() error {
	err := w.change(func(old *Era) (*Era, error) { return newEra(w, old.Scenario) })
	if err == nil {
		w.Expectations.Clear()
	}
	return err
}

// Replace builds the world from a checked scenario, which then belongs to the
// world. It keeps the journal. A sandbox has room for the larger of the two
// scenarios until the world is built.
func (w *World) Replace(s *scenarios.Scenario) error {
	return w.change(func(old *Era) (*Era, error) {
		before, after := stateSize(old.Scenario), stateSize(s)
		if err := w.reserve(max(before, after)); err != nil {
			return nil, err
		}
		e, err := newEra(w, s)
		if err != nil {
			w.room.Resize(before)
			return nil, err
		}
		w.room.Resize(after)
		e.keepJournal(old.Journal)
		return e, nil
	})
}

// change replaces the era by one that is built of it, and closes the old one.
// Changes of a world happen one after another: each begins with the era that the
// one before has left. The error reports that the world was closed, also if that
// was meanwhile.
func (w *World) change(build func(old *Era) (*Era, error)) error {
	w.changes.Lock()
	defer w.changes.Unlock()
	if err := w.Life.Cause(); err != nil {
		return err
	}
	old := w.Era()
	e, err := build(old)
	if err != nil {
		return err
	}
	w.current.Store(e)
	context.AfterFunc(e.Life, func() { w.leave(e) })
	old.Life.Close(life.ErrReset)
	w.leave(old)
	return w.Life.Cause()
}

// Scenario returns the present state of the world as a scenario. A fault and a response
// about an application that was deleted are left out: no scenario can have them.
func (w *World) Scenario() *scenarios.Scenario {
	e := w.Era()
	s := e.Scenario.Clone()
	e.State.Describe(s)
	gone := func(application string) bool {
		return application != "" && e.State.Store.Application(state.ParseID(application)) == nil
	}
	s.Responses = slices.DeleteFunc(s.Responses, func(r scenarios.Response) bool { return gone(r.Application) })
	s.Faults = nil
	for _, f := range e.Faults.States() {
		if !gone(f.Application) {
			s.Faults = append(s.Faults, f.Fault)
		}
	}
	return s
}

// AddApplication adds a copy of an application with its webhooks, including
// generated ones, and returns it with every default.
func (w *World) AddApplication(a scenarios.Application) (scenarios.Application, error) {
	if err := w.Life.Cause(); err != nil {
		return a, err
	}
	a = a.Clone()
	if err := w.all.Settings.Limits.Check(&scenarios.Scenario{Applications: []scenarios.Application{a}}); err != nil {
		return a, err
	}
	st := w.Era().State
	now := st.Clock.Now()
	record, err := st.AddApplication(a, now)
	if err != nil {
		return a, fmt.Errorf("application %q: %w", a.Name, err)
	}
	added := record.Application
	for hook := range a.AllWebhooks() {
		placed, err := st.AddWebhook(hook, record, now)
		if err != nil {
			return added, fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		added.Webhooks = append(added.Webhooks, placed.Copy())
	}
	added.Resources, err = w.Era().api.Generic.AddAll(now, a.Resources, record.ID)
	return added, err
}

// AddWebhook adds a copy of a webhook to the application that its ApplicationID
// names, by default the first one in the order of names, and returns it with
// every default.
func (w *World) AddWebhook(hook scenarios.Webhook) (scenarios.Webhook, error) {
	if err := w.Life.Cause(); err != nil {
		return hook, err
	}
	st := w.Era().State
	hook = hook.Clone()
	a := st.ApplicationFor(hook.ApplicationID)
	if a == nil {
		return hook, state.ErrNoApplication
	}
	hook.ApplicationID = a.ID
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{{ID: a.ID, Name: a.Name, Webhooks: []scenarios.Webhook{hook}}}}).Check(); err != nil {
		return hook, err
	}
	added, err := st.AddWebhook(hook, a, st.Clock.Now())
	if err != nil {
		return hook, fmt.Errorf("webhook %q: %w", hook.Name, err)
	}
	return added.Copy(), nil
}

// Applications returns the applications in the order of their names, without
// their webhooks.
func (w *World) Applications() []scenarios.Application {
	var all []scenarios.Application
	for _, a := range w.Era().State.Store.AllApplications("name") {
		all = append(all, a.Application)
	}
	return all
}

// AddFault adds a copy of a fault.
func (w *World) AddFault(fault scenarios.Fault) error {
	s, err := w.checkedFaults([]scenarios.Fault{fault})
	if err != nil {
		return err
	}
	return w.Era().Faults.Add(s.Faults[0])
}

// ExchangeFault puts a copy of a fault in the place of the one of a name, and reports
// whether there is one.
func (w *World) ExchangeFault(name string, fault scenarios.Fault) (found bool, err error) {
	s, err := w.checkedFaults([]scenarios.Fault{fault})
	if err != nil {
		return false, err
	}
	return w.Era().Faults.Exchange(name, s.Faults[0])
}

// SetFaults replaces all faults by copies of others, in one step. With an error
// the faults stay as they are.
func (w *World) SetFaults(list []scenarios.Fault) error {
	s, err := w.checkedFaults(list)
	if err != nil {
		return err
	}
	return w.Era().Faults.Replace(s.Faults)
}

// checkedFaults returns a scenario with copies of faults, and what is wrong with
// them in this world.
func (w *World) checkedFaults(list []scenarios.Fault) (*scenarios.Scenario, error) {
	if err := w.Life.Cause(); err != nil {
		return nil, err
	}
	s := (&scenarios.Scenario{API: scenarios.API{Version: w.APIVersion().String()}, Faults: list}).Clone()
	return s, w.Limits().CheckWithin(s, w.Applications())
}

// Reply sends a reply to a call that is held open, or a message to a WebSocket, by
// its replyId.
func (w *World) Reply(replyID string, r scenarios.Reply) error {
	if err := w.Life.Cause(); err != nil {
		return err
	}
	return w.Era().Triggers.Holds.Reply(replyID, r)
}

// ScenarioName returns the name of the scenario that the world was built of.
func (w *World) ScenarioName() string { return w.Era().Scenario.Name }

// APIVersion returns the version of Losant's API that the world has.
func (w *World) APIVersion() contract.Version { return w.Era().State.API.Version }

// lastUsed returns when a sandbox was last used.
func (w *World) lastUsed() time.Time { return w.used.Load().UTC() }
