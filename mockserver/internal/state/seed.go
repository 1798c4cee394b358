package state

import (
	"errors"
	"fmt"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// seed adds an application of a scenario with its webhooks.
func (s *State) seed(a scenarios.Application, now time.Time) error {
	record, err := s.AddApplication(a, now)
	if err != nil {
		return fmt.Errorf("application %s: %w", a.ID, err)
	}
	count := len(a.Webhooks)
	for _, g := range a.Generate {
		count += g.Count
	}
	records := make([]*Webhook, 0, count)
	s.Store.expect(count)
	for hook := range a.AllWebhooks() {
		added, err := s.placeWebhook(hook, record, now, s.Store.seedWebhook)
		if err != nil {
			return fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		records = append(records, added)
	}
	s.Store.listSeeded(record.Holdings, records)
	return nil
}

// AddApplication adds an application, and returns its record. If a generated id
// is taken, the next one is tried: a seeded sequence comes to such ids in a world
// that was saved and loaded again.
func (s *State) AddApplication(a scenarios.Application, at time.Time) (*Application, error) {
	for {
		record := newApplication(s.completeApplication(a, at))
		err := s.Store.addApplication(record)
		if a.ID != "" || !errors.Is(err, errIDTaken) {
			return record, err
		}
	}
}

// AddWebhook adds a webhook to an application, and returns its record. If a
// generated id or token is taken, the next one is tried.
func (s *State) AddWebhook(hook scenarios.Webhook, a *Application, at time.Time) (*Webhook, error) {
	return s.placeWebhook(hook, a, at, s.Store.addWebhook)
}

func (s *State) placeWebhook(hook scenarios.Webhook, a *Application, at time.Time, place func(*Webhook) error) (*Webhook, error) {
	for {
		record := newWebhook(s.completeWebhook(hook, a, at), a.Holdings)
		err := place(record)
		generated := hook.ID == "" && errors.Is(err, errIDTaken) || hook.Token == "" && errors.Is(err, errTokenTaken)
		if !generated {
			return record, err
		}
	}
}
