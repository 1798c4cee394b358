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
	life       life                // until the next reset
	scenario   *scenarios.Scenario // that it was made of
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

	faults  *faults
	pedant  *pedant          // nil where answers do not vary
	callers throttle[string] // access tokens

	triggers scenarios.Triggers // every default settled
	called   throttle[objectID] // webhooks
	holds    *holds
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
		of:       of,
		scenario: s,
		api:      api,
		renderer: newRenderer(api),
		store:    newStore(),
		clock:    newClock(s.Clock),
		ids:      g,
		limits:   server.limits,
		logger:   server.logger,
		file:     server.file,
		triggers: s.Triggers.Settled(),
	}
	w.callers.limit, w.called.limit = s.API.RateLimit, w.triggers.RateLimit
	w.journal = newJournal(server.limits, g)
	w.holds = newHolds(w.triggers.MaxHeld, func() string { return g.id(w.clock.now()) })
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
	w.life = newLife(of.life)
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
	count := len(a.Webhooks)
	for _, g := range a.Generate {
		count += g.Count
	}
	records := make([]*webhook, 0, count)
	w.store.expect(count)
	take := func(hook scenarios.Webhook) error {
		added, err := w.placeWebhook(hook, record, now, w.store.seedWebhook)
		if err != nil {
			return fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		records = append(records, added)
		return nil
	}
	for _, hook := range a.Webhooks {
		if err := take(hook); err != nil {
			return err
		}
	}
	for _, g := range a.Generate {
		for hook := range g.All() {
			if err := take(hook); err != nil {
				return err
			}
		}
	}
	w.store.listSeeded(record.holdings, records)
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
func (w *world) addWebhook(hook scenarios.Webhook, a *application, at time.Time) (*webhook, error) {
	return w.placeWebhook(hook, a, at, w.store.addWebhook)
}

func (w *world) placeWebhook(hook scenarios.Webhook, a *application, at time.Time, place func(*webhook) error) (*webhook, error) {
	for {
		record := newWebhook(w.settleWebhook(hook, a, at), a.holdings)
		err := place(record)
		generated := hook.ID == "" && errors.Is(err, errIDTaken) || hook.Token == "" && errors.Is(err, errTokenTaken)
		if !generated {
			return record, err
		}
	}
}
