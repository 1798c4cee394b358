package mockserver

import (
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// world is all that a client of one server can come upon: what there is, who
// may ask, what time it is, and what was asked so far.
type world struct {
	api        *contract.API
	renderer   *renderer
	hal        *hal
	store      *store
	doorkeeper *doorkeeper
	clock      *clock
	ids        *ids
	journal    *journal
	limits     limits
	logger     *slog.Logger
	file       *journalFile // nil where nothing is written
	ownerID    string       // of applications whose owner nobody names
}

// limits are what a world takes in at the most.
type limits struct {
	body           int64 // bytes of a request's body
	journalEntries int
	journalBytes   int64
}

// newWorld makes a scenario that was checked into a world.
func newWorld(s *scenarios.Scenario, api *contract.API, limits limits, logger *slog.Logger, file *journalFile) (*world, error) {
	g := newIDs(s.IDs.Seed)
	w := &world{
		api:      api,
		renderer: newRenderer(api),
		hal:      new(hal),
		store:    newStore(),
		clock:    newClock(s.Clock),
		ids:      g,
		limits:   limits,
		logger:   logger,
		file:     file,
	}
	w.journal = newJournal(limits, g)
	w.doorkeeper = newDoorkeeper(api, s.Auth, g)
	now := w.clock.now()
	w.settleUsers(s.Auth.Users, now)
	for _, a := range s.Applications {
		if err := w.addWithWebhooks(a, now); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *world) settleUsers(users []scenarios.User, now time.Time) {
	w.doorkeeper.users = slices.Clone(users)
	for i := range w.doorkeeper.users {
		if user := &w.doorkeeper.users[i]; user.ID == "" {
			user.ID = w.ids.id(now)
		}
	}
	if len(users) > 0 {
		w.ownerID = w.doorkeeper.users[0].ID
	} else {
		w.ownerID = w.ids.id(now)
	}
}

func (w *world) addWithWebhooks(a scenarios.Application, now time.Time) error {
	record, err := w.addApplication(a, now)
	if err != nil {
		return fmt.Errorf("application %s: %w", a.ID, err)
	}
	for _, h := range a.Webhooks {
		if _, err := w.addWebhook(h, record, now); err != nil {
			return fmt.Errorf("webhook %q: %w", h.Name, err)
		}
	}
	for _, g := range a.Generate {
		for h := range g.All() {
			if _, err := w.addWebhook(h, record, now); err != nil {
				return fmt.Errorf("webhook %q: %w", h.Name, err)
			}
		}
	}
	return nil
}

func (w *world) addApplication(a scenarios.Application, at time.Time) (*application, error) {
	record := newApplication(w.settleApplication(a, at))
	return record, w.store.addApplication(record)
}

func (w *world) addWebhook(h scenarios.Webhook, a *application, at time.Time) (*webhook, error) {
	record := w.newWebhook(w.settleWebhook(h, a, at), a)
	return record, w.store.addWebhook(record)
}
