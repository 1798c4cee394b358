package mockserver

import (
	"log/slog"

	"github.com/losantmock/losantmock/scenarios"
)

// triggers responds to calls of webhooks' own URLs, and plays the workflows
// behind them.
type triggers struct {
	triggerParts
	holds *holds
}

// triggerParts are what triggers work with.
type triggerParts struct {
	state      *state
	journal    *journal
	settings   scenarios.Triggers // with every default
	life       life
	logger     *slog.Logger
	background *background
	panics     *panics
	// workflow returns the function that plays every workflow; nil for none.
	workflow func() *func(Trigger) *scenarios.Reply
}

func newTriggers(p triggerParts) *triggers {
	newID := func() string { return p.state.ids.id(p.state.clock.now()) }
	return &triggers{triggerParts: p, holds: newHolds(p.settings.MaxHeld, newID)}
}

// fire puts a trigger into the journal and gives it to the workflow, unless the
// webhook of the token has been deleted or disabled. Whoever has the response to
// a DELETE or PATCH finds nothing fired afterwards.
func (s *triggers) fire(t *trigger, token string, held *hold, request *entry) bool {
	var called *webhook
	fired := s.state.store.call(token, func(hook *webhook, of *application) {
		called, t.hook = hook, newCalledHook(hook, of)
		s.journal.fire(t, request)
	})
	if fired {
		s.play(t, called, held)
	}
	return fired
}

func newCalledHook(hook *webhook, of *application) calledHook {
	return calledHook{
		id: hook.ID, name: hook.Name, token: hook.Token,
		applicationID: of.ID, applicationName: of.Name,
		castBuffersAs: hook.CastBuffersAs, annotateMultipart: hook.AnnotateMultipart,
	}
}
