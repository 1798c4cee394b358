package match

import (
	"fmt"
	"math"
)

// Verdict is the result of a check.
type Verdict string

// The verdicts. What is incomplete can't be decided: the journal has evicted what
// may have mattered.
const (
	OK         Verdict = "ok"
	Failed     Verdict = "failed"
	Incomplete Verdict = "incomplete"
	Invalid    Verdict = "invalid"
)

// Range is how many records a check expects.
type Range struct{ Least, Most int }

// Exactly expects n records.
func Exactly(n int) Range { return Range{n, n} }

// AtLeast expects n records or more.
func AtLeast(n int) Range { return Range{n, math.MaxInt} }

// String describes the range.
func (r Range) String() string {
	if r.Most == math.MaxInt {
		return fmt.Sprintf("at least %d", r.Least)
	}
	return fmt.Sprint(r.Least)
}

// Err returns an error for a number that no journal can have.
func (r Range) Err() error {
	if r.Least < 0 {
		return fmt.Errorf("%d is no count: want 0 or more", r.Least)
	}
	return nil
}

// Enough reports whether a check need not wait for more than n records. To see
// that there are none, it waits for one.
func (r Range) Enough(n int) bool { return n >= r.Least && (n > 0 || r.Most > 0) }

// Verdict decides whether as many records were found as a check expects. More
// than that fail it, and so do too few, unless the others may have been evicted.
func (f Found[R, S]) Verdict(want Range) Verdict {
	n := len(f.Records)
	exact := want.Most < math.MaxInt
	switch {
	case f.Err != nil || want.Err() != nil:
		return Invalid
	case n > want.Most:
		return Failed
	case f.Incomplete && (exact || n < want.Least):
		return Incomplete
	case n < want.Least:
		return Failed
	default:
		return OK
	}
}
