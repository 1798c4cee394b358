package mockserver

import (
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// TestWorld is a [World] for one test: it has the methods of a World. Those that
// return an error there fail the test instead, and on a closed world so do those
// that would do nothing.
type TestWorld struct {
	// URL is the base URL for a client, such as http://127.0.0.1:40123, or
	// https://127.0.0.1:40123 with [WithTLS].
	URL string

	world *World
	t     testing.TB
}

// World returns the world itself, for calls that are expected to fail.
func (w *TestWorld) World() *World { return w.world }

// must fails the test with an error.
func (w *TestWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("mockserver: %v", err)
	}
}

// mustBeOpen fails the test if the world is closed.
func (w *TestWorld) mustBeOpen() {
	w.t.Helper()
	w.must(w.world.base.Life.Cause())
}

// Reset is [World.Reset].
func (w *TestWorld) Reset() {
	w.t.Helper()
	w.must(w.world.Reset())
}

// Replace is [World.Replace].
func (w *TestWorld) Replace(s *scenarios.Scenario) {
	w.t.Helper()
	w.must(w.world.Replace(s))
}

// Scenario is [World.Scenario].
func (w *TestWorld) Scenario() *scenarios.Scenario { return w.world.Scenario() }

// ScenarioName is [World.ScenarioName].
func (w *TestWorld) ScenarioName() string { return w.world.ScenarioName() }

// APIVersion is [World.APIVersion].
func (w *TestWorld) APIVersion() contract.Version { return w.world.APIVersion() }

// Token is [World.Token].
func (w *TestWorld) Token(scopes ...string) string {
	w.t.Helper()
	token, err := w.world.Token(scopes...)
	w.must(err)
	return token
}

// SandboxToken is [World.SandboxToken].
func (w *TestWorld) SandboxToken() string { return w.world.SandboxToken() }

// AddApplication is [World.AddApplication].
func (w *TestWorld) AddApplication(a scenarios.Application) scenarios.Application {
	w.t.Helper()
	added, err := w.world.AddApplication(a)
	w.must(err)
	return added
}

// AddWebhook is [World.AddWebhook].
func (w *TestWorld) AddWebhook(hook scenarios.Webhook) scenarios.Webhook {
	w.t.Helper()
	added, err := w.world.AddWebhook(hook)
	w.must(err)
	return added
}

// Add is [World.Add].
func (w *TestWorld) Add(path string, value any) Item {
	w.t.Helper()
	added, err := w.world.Add(path, value)
	w.must(err)
	return added
}

// SendEvent is [World.SendEvent].
func (w *TestWorld) SendEvent(operation string, e Event) (reached int) {
	w.t.Helper()
	reached, err := w.world.SendEvent(operation, e)
	w.must(err)
	return reached
}

// Applications is [World.Applications].
func (w *TestWorld) Applications() []scenarios.Application { return w.world.Applications() }

// SetClock is [World.SetClock].
func (w *TestWorld) SetClock(now time.Time) {
	w.t.Helper()
	w.mustBeOpen()
	w.world.SetClock(now)
}

// AdvanceClock is [World.AdvanceClock].
func (w *TestWorld) AdvanceClock(d time.Duration) {
	w.t.Helper()
	w.mustBeOpen()
	w.world.AdvanceClock(d)
}

// Faults is [World.Faults].
func (w *TestWorld) Faults() []FaultState { return w.world.Faults() }

// AddFault is [World.AddFault].
func (w *TestWorld) AddFault(fault scenarios.Fault) {
	w.t.Helper()
	w.must(w.world.AddFault(fault))
}

// RemoveFault is [World.RemoveFault]; without a fault of this name the test
// fails.
func (w *TestWorld) RemoveFault(name string) {
	w.t.Helper()
	w.mustBeOpen()
	if !w.world.RemoveFault(name) {
		w.t.Fatalf("mockserver: there is no fault %q", name)
	}
}

// PedanticSeed is [World.PedanticSeed].
func (w *TestWorld) PedanticSeed() (seed uint64, pedantic bool) { return w.world.PedanticSeed() }

// OnTrigger is [World.OnTrigger].
func (w *TestWorld) OnTrigger(workflow func(Trigger) *Reply) {
	w.t.Helper()
	w.mustBeOpen()
	w.world.OnTrigger(workflow)
}

// Reply is [World.Reply].
func (w *TestWorld) Reply(replyID string, r Reply) {
	w.t.Helper()
	w.must(w.world.Reply(replyID, r))
}

// Requests is [World.Requests].
func (w *TestWorld) Requests() Requests { return w.world.Requests() }

// Triggers is [World.Triggers].
func (w *TestWorld) Triggers() Triggers { return w.world.Triggers() }
