package world

import (
	"cmp"
	"fmt"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// besideJournal is what the default of a budget has beside a journal: for
// sandboxes, what clients create, tokens, rate limits and calls that are held open.
// With a journal of the default size the budget is 1 GiB, half of which holds three
// sandboxes of 200,000 webhooks.
const besideJournal = 768 << 20

// memory returns the budget of the settings in bytes.
func (set Settings) memory() int64 { return cmp.Or(set.MemoryBytes, set.JournalBytes+besideJournal) }

// worldSize is about how many bytes of memory a world of an empty scenario takes.
const worldSize = 32 << 10

// stateSize returns about how many bytes of memory a scenario takes with the state
// that is built of it. The state has what the file has in a form of its own, which
// is about as large.
func stateSize(s *scenarios.Scenario) int64 {
	webhooks, texts := s.Size()
	return worldSize + int64(webhooks)*state.SeededWebhookSize + texts + 2*s.Footprint()
}

// RoomError reports that the memory budget has no room for a sandbox.
type RoomError struct {
	Needed int64 // bytes
	Left   int64 // of the half of the budget that can be reserved
	Budget int64
}

// Error returns the sizes and what to do.
func (e *RoomError) Error() string {
	const mib = 1 << 20
	return fmt.Sprintf("the sandbox needs about %.1f MiB, and %.1f MiB are left: sandboxes, what clients create and held calls may take half of --memory, which is %.1f MiB: raise it, drop sandboxes, or build this one of a smaller scenario",
		float64(e.Needed)/mib, float64(e.Left)/mib, float64(e.Budget)/mib)
}

// reserve reserves room in the budget for the state of a sandbox, before it is
// built. The main world has no reservation: the limits of scenarios bound it.
func (w *World) reserve(bytes int64) error {
	if w.room.Resize(bytes) {
		return nil
	}
	return &RoomError{Needed: bytes, Left: w.all.budget.Left(), Budget: w.all.Memory()}
}

// countIn counts what the era keeps of requests in a budget, also what requests
// have added to the state.
func (e *Era) countIn(b *limit.Budget) {
	added, held := b.Reservation(), b.Reservation()
	e.State.CountIn(added)
	e.Triggers.Holds.CountIn(held)
	e.leaves = []func(){e.State.Callers.CountIn(b).Leave, e.State.Called.CountIn(b).Leave, e.Faults.CountIn(b).Leave, e.responses.CountIn(b).Leave, added.Leave, held.Leave}
	e.Journal.CountIn(b)
}

// leave lets an era that is closed leave the budget, with its journal unless the
// next era keeps it. It may be called several times: at once by who has closed the
// era, so that there is room when that returns, and when its life ends in any way.
func (w *World) leave(e *Era) {
	for _, leave := range e.leaves {
		leave()
	}
	if now := w.Era(); now == e || now.Journal != e.Journal {
		e.Journal.Leave()
	}
}

// close closes the world, which leaves the budget.
func (w *World) close(cause error) {
	w.Life.Close(cause)
	w.room.Leave()
	w.tokens.Leave()
	w.Expectations.Leave()
	if e := w.Era(); e != nil {
		w.leave(e)
	}
}

// Memory returns how many bytes the worlds keep at the most of what clients send.
func (all *Worlds) Memory() int64 { return all.Settings.memory() }

// Limits returns the limits of the world's scenarios.
func (w *World) Limits() scenarios.Limits { return w.all.Settings.Limits }

// MemoryState is the memory budget as health reports it, in bytes.
type MemoryState struct {
	Limit   int64 `json:"limit"`
	Held    int64 `json:"held"`
	Evicted int64 `json:"evicted"` // of journals
	// TablesEvicted is of what changes responses: issued access tokens, and the
	// counts of rate limits and faults.
	TablesEvicted int64 `json:"tablesEvicted"`
}

// MemoryState returns the state of the memory budget.
func (all *Worlds) MemoryState() MemoryState {
	b := all.budget
	return MemoryState{all.Memory(), b.Held(), b.Evicted(limit.Journal), b.Evicted(limit.Table)}
}
