package limit

import (
	"errors"
	"sync"
)

// Reservation is the part of a budget that nothing evicts while it is in use, such
// as by a call that is held open. All reservations together have half of the
// budget at the most. A nil reservation counts nothing and refuses nothing.
type Reservation struct {
	budget *Budget

	mu   sync.Mutex
	held int64
	left bool
}

// NoRoom returns the error of what finds no room in a reservation. Deleting things of
// some kind makes room.
func NoRoom(things string) error {
	return errors.New("there is no room: what clients create, sandboxes and held calls may take half of --memory: delete " + things + ", reset the world, or raise it")
}

// Reservation returns a new reservation, of no bytes. A nil budget has nil
// reservations.
func (b *Budget) Reservation() *Reservation {
	if b == nil {
		return nil
	}
	return &Reservation{budget: b}
}

// Take adds bytes to the reservation, and reports whether there is room for them.
func (r *Reservation) Take(bytes int64) bool {
	if r == nil {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.add(bytes)
}

// Resize sets how many bytes the reservation has, and reports whether there is
// room for them.
func (r *Reservation) Resize(bytes int64) bool {
	if r == nil {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.add(bytes - r.held)
}

// Return gives bytes back that were taken.
func (r *Reservation) Return(bytes int64) { r.Take(-bytes) }

// Leave gives all bytes back. The reservation then counts nothing.
func (r *Reservation) Leave() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(-r.held)
	r.left = true
}

func (r *Reservation) add(bytes int64) bool {
	if r.left {
		return true
	}
	if r.budget.reserved.Add(bytes) > r.budget.most/2 && bytes > 0 {
		r.budget.reserved.Add(-bytes)
		return false
	}
	r.budget.held.Add(bytes)
	r.held += bytes
	return true
}
