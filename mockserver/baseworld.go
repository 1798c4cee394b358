package mockserver

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// baseWorld is what one base URL leads to: the main world of a server, or one of
// its sandboxes. Worlds know nothing of each other: each has its own
// applications, tokens, journal, clock, ids and faults. Its methods are safe
// for concurrent use.
type baseWorld struct {
	all      *worlds
	name     string // of a sandbox; blank for the main world
	life     life
	current  atomic.Pointer[era]
	workflow atomic.Pointer[func(Trigger) *scenarios.Reply] // plays every workflow; nil for none
	used     atomic.Int64                                   // when it was last used, in nanoseconds since 1970
}

// era returns the world as it is until the next reset.
func (v *baseWorld) era() *era { return v.current.Load() }

// reset builds the world anew of its scenario. Requests that are on their way go
// on in the era that was.
func (v *baseWorld) reset() error {
	if err := v.life.cause(); err != nil {
		return err
	}
	e, err := newEra(v, v.era().scenario)
	if err != nil {
		return err
	}
	return v.swap(e)
}

// replace builds the world anew of a scenario that was checked and belongs to
// the world. The journal goes on.
func (v *baseWorld) replace(s *scenarios.Scenario) error {
	if err := v.life.cause(); err != nil {
		return err
	}
	e, err := newEra(v, s)
	if err != nil {
		return err
	}
	e.keepJournal(v.era().journal)
	return v.swap(e)
}

// swap puts an era in place of the one that is there, and ends the life of
// that. The error says that the world itself has ended meanwhile.
func (v *baseWorld) swap(e *era) error {
	v.current.Swap(e).life.end(errReset)
	return v.life.cause()
}

// scenario returns the world as it is now, as a scenario.
func (v *baseWorld) scenario() *scenarios.Scenario {
	e := v.era()
	s := e.scenario.Clone()
	e.state.describe(s)
	s.Faults = nil
	for _, f := range e.faults.states() {
		s.Faults = append(s.Faults, f.Fault)
	}
	return s
}

// addApplication adds a copy of an application with its webhooks, those that it
// generates too, and returns it with every default.
func (v *baseWorld) addApplication(a scenarios.Application) (scenarios.Application, error) {
	if err := v.life.cause(); err != nil {
		return a, err
	}
	a = a.Clone()
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{a}}).Check(); err != nil {
		return a, err
	}
	st := v.era().state
	now := st.clock.now()
	record, err := st.addApplication(a, now)
	if err != nil {
		return a, fmt.Errorf("application %q: %w", a.Name, err)
	}
	added := record.Application
	for hook := range a.AllWebhooks() {
		placed, err := st.addWebhook(hook, record, now)
		if err != nil {
			return added, fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		added.Webhooks = append(added.Webhooks, placed.copy())
	}
	return added, nil
}

// addWebhook adds a copy of a webhook to the application that its ApplicationID
// names, by default the first one in the order of names, and returns it with
// every default.
func (v *baseWorld) addWebhook(hook scenarios.Webhook) (scenarios.Webhook, error) {
	if err := v.life.cause(); err != nil {
		return hook, err
	}
	st := v.era().state
	hook = hook.Clone()
	a := st.applicationFor(hook.ApplicationID)
	if a == nil {
		return hook, errNoApplication
	}
	hook.ApplicationID = a.ID
	if err := (&scenarios.Scenario{Applications: []scenarios.Application{{ID: a.ID, Name: a.Name, Webhooks: []scenarios.Webhook{hook}}}}).Check(); err != nil {
		return hook, err
	}
	added, err := st.addWebhook(hook, a, st.clock.now())
	if err != nil {
		return hook, fmt.Errorf("webhook %q: %w", hook.Name, err)
	}
	return added.copy(), nil
}

// applications returns the applications in the order of their names, without
// their webhooks.
func (v *baseWorld) applications() []scenarios.Application {
	var all []scenarios.Application
	for _, a := range v.era().state.store.allApplications("name") {
		all = append(all, a.Application)
	}
	return all
}

// addFault adds a copy of a fault.
func (v *baseWorld) addFault(fault scenarios.Fault) error {
	if err := v.life.cause(); err != nil {
		return err
	}
	if err := (&scenarios.Scenario{Faults: []scenarios.Fault{fault}}).Check(); err != nil {
		return err
	}
	return v.era().faults.add(fault.Clone())
}

// reply responds to a call that is held open, or sends a message to a
// WebSocket, by its replyId.
func (v *baseWorld) reply(replyID string, r scenarios.Reply) error {
	if err := v.life.cause(); err != nil {
		return err
	}
	return v.era().triggers.holds.answer(replyID, r)
}

// scenarioName is the name of the scenario that the world was built of.
func (v *baseWorld) scenarioName() string { return v.era().scenario.Name }

// apiVersion is the version of Losant's API that the world shows.
func (v *baseWorld) apiVersion() contract.Version { return v.era().state.api.Version }

// lastUsed is when the world was last used, if it is a sandbox.
func (v *baseWorld) lastUsed() time.Time { return time.Unix(0, v.used.Load()).UTC() }
