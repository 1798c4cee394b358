package mockserver

import (
	"encoding/json"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/generic"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// World is what one base URL leads to: that of a [Server], or that of one of
// its sandboxes. Worlds know nothing of each other: each has its own
// applications, tokens, journal, clock, ids and faults. Its methods are safe
// for concurrent use.
//
// A world is closed when its sandbox is dropped, or its server is shut down. The
// methods that return an error then fail. Of the others, those that read return
// what was there, and those that change something do nothing.
type World struct{ base *world.World }

// Reset builds the world again from its scenario, and empties the journal. Tokens
// that were made by [World.Token] stay valid, with their scopes. Requests that
// have begun are finished in the world as it was.
func (w *World) Reset() error { return w.base.Reset() }

// Replace builds the world anew of a copy of another scenario. The journal goes
// on. The error says what is wrong with the scenario; the world stays as it is
// then.
func (w *World) Replace(s *scenarios.Scenario) error {
	copied, err := checkedCopy(w.base.Limits(), s)
	if err != nil {
		return err
	}
	return w.base.Replace(copied)
}

// Scenario returns the world as it is now, as a scenario: one that is loaded
// again comes to the same state. What the journal holds, how often faults have
// matched, and where a seeded sequence of ids stands are not part of it.
func (w *World) Scenario() *scenarios.Scenario { return w.base.Scenario() }

// ScenarioName returns the name of the scenario that the world started from.
func (w *World) ScenarioName() string { return w.base.ScenarioName() }

// APIVersion returns the version of Losant's API that the world shows.
func (w *World) APIVersion() contract.Version { return w.base.APIVersion() }

// Token makes an access token with scopes, by default of the scope
// [contract.ScopeAllUser]. It stays valid after [World.Reset] and
// [World.Replace]. A world keeps the latest 10,000 tokens. The error reports a
// scope that the API does not have, or that the world is closed.
//
// The token of a sandbox leads there as [World.SandboxToken] does, and so does the one
// of a log-in.
func (w *World) Token(scopes ...string) (string, error) {
	if err := w.base.Life.Cause(); err != nil {
		return "", err
	}
	era := w.base.Era()
	if err := match.CheckScopes(era.State.API, scopes); err != nil {
		return "", err
	}
	return era.State.Issue(scopes...), nil
}

// SandboxToken returns the access token by which requests to the server's own base
// URL reach this sandbox; blank for the main world. It has every scope of a user, and
// is valid until the sandbox is dropped.
func (w *World) SandboxToken() string { return w.base.Token() }

// closed reports whether the world is closed.
func (w *World) closed() bool { return w.base.Life.Err() != nil }

// AddApplication adds an application with its webhooks, those that it generates
// too. What it lacks gets its default or is generated; the result has all of
// it. The error says what breaks the API's contract, or that an id or token is
// taken; then the application stays with the webhooks before the one that is
// refused.
func (w *World) AddApplication(a scenarios.Application) (scenarios.Application, error) {
	return w.base.AddApplication(a)
}

// AddWebhook adds a webhook to the application that its ApplicationID names, by
// default the first one in the order of names. What it lacks gets its default
// or is generated; the result has all of it. The error says what breaks the
// API's contract, that an id or token is taken, or that there is no such
// application.
func (w *World) AddWebhook(hook scenarios.Webhook) (scenarios.Webhook, error) {
	return w.base.AddWebhook(hook)
}

// Item is an item of a collection of a definition, as it is kept: as responses have it,
// without links and actions.
type Item struct {
	// ID finds the item in paths. In most collections it is the member id.
	ID   string
	JSON json.RawMessage
}

// Add adds an item to a collection of the definition that [WithDefinition] names, such
// as "dataTables":
//
//	table, err := w.Add("dataTables", map[string]any{"name": "Readings", "columns": columns})
//	row, err := w.Add("dataTables/"+table.ID+"/dataTableRows", map[string]any{"value": 3})
//
// The path leads through the collections above it, with the id of an item behind each.
// One that does not begin with "applications/ID" is in the first application in the
// order of names. Collections of no application are at the root, such as "orgs".
//
// The value is an object as JSON has it: a map, a struct or a json.RawMessage. What it
// lacks gets its default or is generated; the result has all of it. The error says what
// breaks the API's contract, that an id is taken, or that there is no such collection or
// nothing with an id in the path.
func (w *World) Add(path string, value any) (Item, error) {
	id, item, err := w.base.Add(path, value)
	return Item{id, item}, err
}

// Event is an event for streams, such as those of device.stateStream.
type Event struct {
	// Name is one that the operation documents. It may be blank where there is one.
	Name string
	Data any // as JSON has it; it must match the event's schema
	// Path has parameters of the operation's path that a stream must have, such as
	// "deviceId". Those that are missing may have any value.
	Path map[string]string
}

// SendEvent sends an event to the open streams of an operation, and returns how many
// it reached. Streams that are opened later do not get it. The error says what breaks
// the API's contract, or that the operation sends no such event.
func (w *World) SendEvent(operation string, e Event) (reached int, err error) {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return 0, err
	}
	return w.base.SendEvent(operation, generic.Event{Name: e.Name, Data: data, Path: e.Path})
}

// Applications returns the applications of the world in the order of their
// names, without their webhooks.
func (w *World) Applications() []scenarios.Application { return w.base.Applications() }

// SetClock sets the world's clock to a time. A real clock runs on from there, to the end of the year 9999; a
// fixed one stays there until it is set or advanced.
func (w *World) SetClock(now time.Time) {
	if !w.closed() {
		w.base.Era().State.Clock.Set(now)
	}
}

// AdvanceClock advances the world's clock; a negative duration sets it back.
func (w *World) AdvanceClock(d time.Duration) {
	if !w.closed() {
		w.base.Era().State.Clock.Advance(d)
	}
}

// Faults returns the faults of the world, in the order in which they count.
func (w *World) Faults() []FaultState {
	var states []FaultState
	for _, state := range w.base.Era().Faults.States() {
		states = append(states, FaultState(state))
	}
	return states
}

// AddFault makes requests go wrong from now on, until the next reset. The error
// says what is wrong with the fault, or that its name is taken.
func (w *World) AddFault(fault scenarios.Fault) error { return w.base.AddFault(fault) }

// RemoveFault removes a fault, and reports whether there is one of this name.
func (w *World) RemoveFault(name string) bool {
	return !w.closed() && w.base.Era().Faults.Remove(name)
}

// PedanticSeed returns the seed that repeats the variations of a pedantic
// world, and reports whether the world is pedantic.
func (w *World) PedanticSeed() (seed uint64, pedantic bool) { return w.base.Era().Pedant.Seeded() }

// What the journal keeps, as package journal has it.
type (
	// Request is a request that the server received, and its response.
	Request = journal.Request
	// Trigger is a call of a webhook, or an event of its WebSocket.
	Trigger = journal.Trigger
	// Payload is what a workflow received.
	Payload = journal.Payload
)

// FaultState is a fault of a world, and how often it has counted.
type FaultState struct {
	scenarios.Fault
	// Matched counts the requests that match the fault's conditions, and Applied
	// those that it has made go wrong.
	Matched, Applied int
}

// Reply is the reply of a workflow to a webhook that waits.
type Reply = scenarios.Reply

// OnTrigger lets a function play the workflow behind every webhook. It is called
// with each trigger, on a goroutine of its own; what it returns is the reply
// where one is waited for, and nil is none. It takes the place of what the
// scenario says, and stays after a reset. A nil function removes it.
func (w *World) OnTrigger(workflow func(Trigger) *Reply) {
	if workflow == nil {
		w.base.Workflow.Store(nil)
		return
	}
	w.base.Workflow.Store(&workflow)
}

// Reply responds to a call that is held open, or sends a message to a
// WebSocket, by its replyId. The error says that nobody waits for it.
func (w *World) Reply(replyID string, r Reply) error { return w.base.Reply(replyID, r) }
