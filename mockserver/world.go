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
	server     *Server
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

	triggers scenarios.Triggers // every default settled
	alexa    *alexaTrust        // nil where signatures are not checked
	holds    *holds
	retired  chan struct{} // closed when another world takes the place of this one
	ending   chan struct{} // closed when the server ends
}

// limits are what a world takes in at the most.
type limits struct {
	body           int64 // bytes of a request's body
	journalEntries int
	journalBytes   int64
}

// newWorld makes a scenario that was checked into a world of a server.
func newWorld(server *Server, s *scenarios.Scenario) (*world, error) {
	g := newIDs(s.IDs.Seed)
	w := &world{
		server:   server,
		api:      server.api,
		renderer: newRenderer(server.api),
		hal:      new(hal),
		store:    newStore(),
		clock:    newClock(s.Clock),
		ids:      g,
		limits:   server.limits,
		logger:   server.logger,
		file:     server.file,
		triggers: s.Triggers.Settled(),
		alexa:    newAlexaTrust(s.Triggers.Alexa),
		holds:    newHolds(),
		retired:  make(chan struct{}),
		ending:   server.ending,
	}
	w.journal = newJournal(server.limits, g)
	w.doorkeeper = newDoorkeeper(server.api, s.Auth, g)
	now := w.clock.now()
	w.settleUsers(s.Auth.Users, now)
	for _, a := range s.Applications {
		if err := w.addWithWebhooks(a, now); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// retire lets go of everything that waits in a world that has been replaced.
func (w *world) retire() {
	close(w.retired)
	w.journal.retire()
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
	record := w.newWebhook(w.settleWebhook(h, a, at), a, new(calls))
	return record, w.store.addWebhook(record)
}
