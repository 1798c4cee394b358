package mockserver

import (
	"errors"
	"fmt"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// seed adds an application of a scenario with its webhooks.
func (s *state) seed(a scenarios.Application, now time.Time) error {
	record, err := s.addApplication(a, now)
	if err != nil {
		return fmt.Errorf("application %s: %w", a.ID, err)
	}
	count := len(a.Webhooks)
	for _, g := range a.Generate {
		count += g.Count
	}
	records := make([]*webhook, 0, count)
	s.store.expect(count)
	for hook := range a.AllWebhooks() {
		added, err := s.placeWebhook(hook, record, now, s.store.seedWebhook)
		if err != nil {
			return fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		records = append(records, added)
	}
	s.store.listSeeded(record.holdings, records)
	return nil
}

// addApplication adds an application. A generated id that is taken, as a seeded
// sequence comes to after its own world was loaded again, gives way to the
// next.
func (s *state) addApplication(a scenarios.Application, at time.Time) (*application, error) {
	for {
		record := newApplication(s.completeApplication(a, at))
		err := s.store.addApplication(record)
		if a.ID != "" || !errors.Is(err, errIDTaken) {
			return record, err
		}
	}
}

// addWebhook adds a webhook, as addApplication does.
func (s *state) addWebhook(hook scenarios.Webhook, a *application, at time.Time) (*webhook, error) {
	return s.placeWebhook(hook, a, at, s.store.addWebhook)
}

func (s *state) placeWebhook(hook scenarios.Webhook, a *application, at time.Time, place func(*webhook) error) (*webhook, error) {
	for {
		record := newWebhook(s.completeWebhook(hook, a, at), a.holdings)
		err := place(record)
		generated := hook.ID == "" && errors.Is(err, errIDTaken) || hook.Token == "" && errors.Is(err, errTokenTaken)
		if !generated {
			return record, err
		}
	}
}
