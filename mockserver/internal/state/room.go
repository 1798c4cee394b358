package state

import (
	"encoding/json"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
)

// ErrNoRoom reports that the memory budget has no room for what was to be added or
// changed.
var ErrNoRoom = limit.NoRoom("webhooks")

// About how many bytes of memory a record takes beside its texts. A webhook of the
// scenario takes less than one that is added, since its lists are built at once.
const (
	SeededWebhookSize = 600

	webhookSize     = 800
	applicationSize = 4096
	valueSize       = 8 // each byte of the JSON of its further properties
)

// CountIn counts the applications, webhooks and resources that are added or changed from now
// on in a reservation. Those of the scenario count elsewhere, until they change.
func (s *State) CountIn(r *limit.Reservation) {
	s.Store.countIn(r)
	s.Resources.CountIn(r)
}

func (s *store) countIn(r *limit.Reservation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room = r
}

// count takes room for a record of some bytes, in place of one that counts before.
// It returns how much the record counts then. The lock must be held.
func (s *store) count(size, before int64) (counted int64, err error) {
	switch {
	case s.room == nil:
		return 0, nil
	case !s.room.Take(size - before):
		return 0, ErrNoRoom
	default:
		return size, nil
	}
}

// size returns about how many bytes of memory the record takes.
func (hook *Webhook) size() int64 {
	a := scenarios.Application{Webhooks: []scenarios.Webhook{hook.Webhook}}
	_, texts := (&scenarios.Scenario{Applications: []scenarios.Application{a}}).Size()
	return webhookSize + texts
}

// size returns about how many bytes of memory the record takes.
func (a *Application) size() int64 {
	further, _ := json.Marshal(a.Properties) // decoded JSON can be encoded
	return int64(applicationSize + len(a.Name) + len(a.Description) + valueSize*len(further))
}
