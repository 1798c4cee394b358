package mockserver

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// world is what a World holds until its next reset: what there is, who may
// ask, what time it is, and what was asked so far.
type world struct {
	of         *World
	api        *contract.API
	renderer   *renderer
	store      *store
	doorkeeper *doorkeeper
	clock      *clock
	ids        *ids
	journal    *journal
	limits     limits
	logger     *slog.Logger
	file       *journalFile // nil where nothing is written
	ownerID    string       // of applications whose owner nobody names

	faults    *faults
	pedant    *pedant             // nil where answers do not vary
	rateLimit scenarios.RateLimit // of a token; the zero value is none
	callers   callers

	triggers scenarios.Triggers // every default settled
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

// newWorld makes a scenario that was checked into what a World holds.
func newWorld(of *World, s *scenarios.Scenario) (*world, error) {
	server := of.server
	api, err := server.contractOf(s)
	if err != nil {
		return nil, err
	}
	g := newIDs(s.IDs.Seed)
	w := &world{
		of:        of,
		api:       api,
		renderer:  newRenderer(api),
		store:     newStore(),
		clock:     newClock(s.Clock),
		ids:       g,
		limits:    server.limits,
		logger:    server.logger,
		file:      server.file,
		rateLimit: s.API.RateLimit,
		triggers:  s.Triggers.Settled(),
		holds:     newHolds(),
		retired:   make(chan struct{}),
		ending:    server.ending,
	}
	w.journal = newJournal(server.limits, g)
	w.pedant = newPedant(cmp.Or(s.Pedantic, server.pedantic), g)
	if w.faults, err = newFaults(s.Faults, s.IDs.Seed, g); err != nil {
		return nil, err
	}
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
	count := len(a.Webhooks)
	for _, g := range a.Generate {
		count += g.Count
	}
	records := make([]*webhook, 0, count)
	w.store.expect(count)
	take := func(h scenarios.Webhook) error {
		added, err := w.seedWebhook(h, record, now)
		if err != nil {
			return fmt.Errorf("webhook %q: %w", h.Name, err)
		}
		records = append(records, added)
		return nil
	}
	for _, h := range a.Webhooks {
		if err := take(h); err != nil {
			return err
		}
	}
	for _, g := range a.Generate {
		for h := range g.All() {
			if err := take(h); err != nil {
				return err
			}
		}
	}
	record.webhooks.load(records)
	return nil
}

// addApplication adds an application. A generated id that is taken, as a seeded
// sequence comes to after its own world was loaded again, gives way to the
// next.
func (w *world) addApplication(a scenarios.Application, at time.Time) (*application, error) {
	for {
		record := newApplication(w.settleApplication(a, at))
		err := w.store.addApplication(record)
		if a.ID != "" || !errors.Is(err, errIDTaken) {
			return record, err
		}
	}
}

// addWebhook adds a webhook, as addApplication does.
func (w *world) addWebhook(h scenarios.Webhook, a *application, at time.Time) (*webhook, error) {
	return w.placeWebhook(h, a, at, w.store.addWebhook)
}

// seedWebhook is addWebhook for a world that nobody sees yet: its application
// gets its lists afterwards, all at once.
func (w *world) seedWebhook(h scenarios.Webhook, a *application, at time.Time) (*webhook, error) {
	return w.placeWebhook(h, a, at, w.store.note)
}

func (w *world) placeWebhook(h scenarios.Webhook, a *application, at time.Time, place func(*webhook) error) (*webhook, error) {
	for {
		record := newWebhook(w.settleWebhook(h, a, at), a)
		err := place(record)
		generated := h.ID == "" && errors.Is(err, errIDTaken) || h.Token == "" && errors.Is(err, errTokenTaken)
		if !generated {
			return record, err
		}
	}
}
