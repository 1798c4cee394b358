package world

import (
	"cmp"
	"context"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// tableBytes is what the default of a budget has beside a journal: for tokens,
// rate limits and calls that are held open.
const tableBytes = 32 << 20

// memory returns the budget of the settings in bytes.
func (set Settings) memory() int64 { return cmp.Or(set.MemoryBytes, set.JournalBytes+tableBytes) }

// worldSize is about how many bytes of memory a world without webhooks takes.
const worldSize = 32 << 10

// reserve reserves room in the budget for the state of a sandbox, before it is
// built of a scenario. The main world needs none: the limits of scenarios bound it.
func (w *World) reserve(s *scenarios.Scenario) error {
	if w.name == "" {
		return nil
	}
	webhooks, texts := s.Size()
	if !w.room.Resize(worldSize + int64(webhooks)*state.WebhookSize + texts) {
		return ErrManySandboxes
	}
	return nil
}

// countIn counts what the era keeps of requests in a budget, until it is closed:
// also what requests have added to the state.
func (e *Era) countIn(b *limit.Budget) {
	for _, share := range []*limit.Share{e.State.Callers.CountIn(b), e.State.Called.CountIn(b), e.Faults.CountIn(b)} {
		context.AfterFunc(e.Life, share.Leave)
	}
	added, held := b.Reservation(), b.Reservation()
	e.State.CountIn(added)
	e.Triggers.Holds.CountIn(held)
	context.AfterFunc(e.Life, added.Leave)
	context.AfterFunc(e.Life, held.Leave)
	e.Journal.CountIn(b)
}

// leaveAfter lets the journal of an era leave the budget when the era is closed,
// unless the next era keeps the journal.
func (w *World) leaveAfter(e *Era) {
	context.AfterFunc(e.Life, func() {
		if now := w.Era(); now == e || now.Journal != e.Journal {
			e.Journal.Leave()
		}
	})
}

// Memory returns how many bytes the worlds keep at the most of what clients send.
func (all *Worlds) Memory() int64 { return all.Settings.memory() }

// Limits returns the limits of the world's scenarios.
func (w *World) Limits() scenarios.Limits { return w.all.Settings.Limits }

// Held returns how many bytes the worlds keep now, as the budget counts them.
func (all *Worlds) Held() int64 { return all.budget.Held() }
