// Package effort bounds how much work one match of a record may take, and ends it
// when nobody waits for it any more.
package effort

import (
	"context"
	"errors"
)

// The errors of a budget.
var (
	// ErrSpent reports that a match takes more work than is sensible.
	ErrSpent = errors.New("the pattern takes too much work: use a simpler one, such as a JSONPath without .. or filters in filters")
	// ErrLate reports that the time was up, or that the client has left.
	ErrLate = errors.New("the time was up before all that was recorded could be matched: allow more time, or use a simpler pattern")
)

// mostSteps is how many steps one match may take. A step looks at a value or at a
// short text.
const mostSteps = 5_000_000

// stepsBetweenLooks is after how many steps a budget looks at its context, which
// takes a lock.
const stepsBetweenLooks = 1000

// bytesOfStep is how many bytes of a text are read in about the time of a step.
const bytesOfStep = 64

// Budget is the work that one match may take. It is not safe for concurrent use.
type Budget struct {
	ctx   context.Context
	left  int
	until int // looks at the context when no more steps than this are left
}

// NewBudget returns the budget of one match, which is over when the context is done.
func NewBudget(ctx context.Context) *Budget { return &Budget{ctx, mostSteps, mostSteps} }

// Spend takes steps from the budget. It returns [ErrSpent] if there are not as many,
// and [ErrLate] if the context is done.
func (b *Budget) Spend(steps int) error {
	if steps > b.left {
		return ErrSpent
	}
	b.left -= steps
	if b.left > b.until {
		return nil
	}
	b.until = b.left - stepsBetweenLooks
	if b.ctx.Err() != nil {
		return ErrLate
	}
	return nil
}

// OfText returns how many steps it takes to read a text.
func OfText(text string) int { return 1 + len(text)/bytesOfStep }
