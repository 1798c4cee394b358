package limit

import (
	"sync"
	"sync/atomic"
)

// Budget is the most bytes that a server keeps of what clients have sent, in all
// its worlds together. Each journal and each table has a share of it. When the
// shares are too large together, the largest journals evict their oldest, and then
// the largest tables.
//
// The order of locks: first that of what is counted, such as a store or the holds,
// then that of its reservation or share. The budget's own lock is held while shares
// evict, which takes the locks of what they count: it is taken while none of these
// is held.
type Budget struct {
	most     int64
	held     atomic.Int64 // by all shares and reservations
	reserved atomic.Int64 // by the reservations
	evicted  [ranks]atomic.Int64

	mu     sync.Mutex
	shares map[*Share]bool
}

// NewBudget returns a budget in bytes.
func NewBudget(most int64) *Budget { return &Budget{most: most, shares: map[*Share]bool{}} }

// Held returns how many bytes are held.
func (b *Budget) Held() int64 { return b.held.Load() }

// Rank is the order in which shares evict.
type Rank int

// The ranks of shares. Who reads a journal finds out that requests were evicted;
// what a table loses changes what clients get.
const (
	Journal Rank = iota
	Table
	ranks
)

// Evicted returns how many bytes the shares of a rank have evicted for the budget.
func (b *Budget) Evicted(r Rank) int64 { return b.evicted[r].Load() }

// Left returns how many bytes can still be reserved.
func (b *Budget) Left() int64 { return max(0, b.most/2-b.reserved.Load()) }

// Share is what one journal or one table holds of a budget. A nil share counts
// nothing.
type Share struct {
	budget *Budget
	rank   Rank
	evict  func(bytes int64, keepNewest bool)

	mu   sync.Mutex
	held int64
	left bool
}

// Share returns a new share. The function evicts the oldest of what the share
// counts until so many bytes are free, or the newest alone is left and is to be
// kept. A nil budget has nil shares.
func (b *Budget) Share(r Rank, evict func(bytes int64, keepNewest bool)) *Share {
	if b == nil {
		return nil
	}
	s := &Share{budget: b, rank: r, evict: evict}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shares[s] = true
	return s
}

// Leave gives all bytes of the share back. It then counts nothing.
func (s *Share) Leave() {
	if s == nil {
		return
	}
	s.budget.mu.Lock()
	delete(s.budget.shares, s)
	s.budget.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set(0)
	s.left = true
}

// Set sets how many bytes the share holds. It takes no lock but its own.
func (s *Share) Set(bytes int64) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set(bytes)
}

func (s *Share) set(bytes int64) {
	if !s.left {
		s.budget.held.Add(bytes - s.held)
		s.held = bytes
	}
}

// Balance makes the largest shares evict while all of them are over the budget.
// This share keeps its newest. The caller holds no lock of what a share counts.
func (s *Share) Balance() {
	if s != nil && s.budget.held.Load() > s.budget.most {
		s.budget.balance(s)
	}
}

// slack is the part of a budget that is freed beyond need, so that not every
// request looks at every share.
const slack = 16

func (b *Budget) balance(caller *Share) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held.Load() <= b.most {
		return // another one has balanced it meanwhile
	}
	for r := range ranks {
		b.evictLargest(r, caller)
	}
}

// evictLargest makes the shares of a rank evict until enough is free. It begins with
// those that hold more than half as much as the largest, and goes on with those that
// hold more than half of that: no sort, and few rounds over all shares. The lock
// must be held.
func (b *Budget) evictLargest(r Rank, caller *Share) {
	most := b.most - b.most/slack
	least := b.largest(r)
	for least > 0 {
		least /= 2
		for share := range b.shares {
			over := b.held.Load() - most
			if over <= 0 {
				return
			}
			if held := share.bytes(); share.rank == r && held > least {
				share.evict(over, share == caller)
				b.evicted[r].Add(held - share.bytes())
			}
		}
	}
}

// largest returns how much the largest share of a rank holds. The lock must be held.
func (b *Budget) largest(r Rank) (held int64) {
	for share := range b.shares {
		if share.rank == r {
			held = max(held, share.bytes())
		}
	}
	return held
}

func (s *Share) bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}
