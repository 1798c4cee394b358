package match

import (
	"fmt"
	"math"
)

// Verdict is the result of a check.
type Verdict string

// The verdicts. What is incomplete can't be decided: the journal has evicted what
// may have mattered, or a record can't be said to match or not.
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

// Enough reports whether a check need not wait for another look. To see that there
// are no records, it waits for one. It also waits for undecided ones that may be
// too many, and for a name that something may have later.
func (f Found[R, S]) Enough(want Range) bool {
	n := len(f.Records)
	switch {
	case f.Err != nil:
		return !MayBecomeValid(f.Err)
	case n > want.Most:
		return true
	default:
		return n >= want.Least && want.Most > 0 && (want.Most == math.MaxInt || len(f.Undecided) == 0)
	}
}

// Reason returns why records, which the noun names, may match besides those that
// were found; blank if none can.
func (f Found[R, S]) Reason(noun string) string {
	switch {
	case len(f.Undecided) > 0:
		return fmt.Sprintf("%d %s(s) may match, which can't be decided: %v", len(f.Undecided), noun, f.Undecided[0])
	case f.Incomplete:
		return fmt.Sprintf("the journal has evicted %d %ss, which may have matched", f.Kept.Evicted, noun)
	default:
		return ""
	}
}

// Verdict decides whether as many records were found as a check expects. More
// than that fail it, and so do too few, unless others may match.
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
