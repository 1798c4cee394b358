package state

import (
	"cmp"
	"sync"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// clock is the time of a world, in milliseconds as on the wire. It can be
// advanced and set in every mode, to any time and at any moment. It dates what is
// recorded and decides what has expired; how long something waits is measured by
// the clock of the machine, which no one sets.
type clock struct {
	Mode string
	step time.Duration // of a ticking clock

	mu     sync.Mutex
	now    time.Time // of a clock that is not real
	offset int64     // how far a real clock is ahead, in milliseconds: a Duration ends at 292 years
	sets   uint64    // how often it was set or advanced
}

func newClock(c scenarios.Clock) *clock {
	made := &clock{Mode: cmp.Or(c.Mode, scenarios.ClockReal), now: withinWire(c.At)}
	if made.Mode == scenarios.ClockTicking {
		made.step = cmp.Or(c.Step, time.Second)
	}
	return made
}

// Tick returns the time that a request sees. A ticking clock then moves on by
// its step.
func (c *clock) Tick() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.read()
	c.now = withinWire(c.now.Add(c.step))
	return now
}

// Now returns the time, and lets no clock tick.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

// read returns the time. The lock must be held.
func (c *clock) read() time.Time {
	if c.real() {
		return withinWire(time.UnixMilli(time.Now().UnixMilli() + c.offset))
	}
	return onWire(c.now)
}

// Advance moves the clock forward, or back by a negative time. It stops at the
// first and the last instant that can be written.
func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now
	if c.real() {
		now = c.read()
	}
	c.set(now.Add(d))
}

// Set sets the clock to an instant.
func (c *clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(t)
}

func (c *clock) set(t time.Time) {
	c.sets++
	c.now = withinWire(t)
	c.offset = c.now.UnixMilli() - time.Now().UnixMilli()
}

// Revision rises whenever the clock is set or advanced, and not when it ticks.
func (c *clock) Revision() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sets
}

// The first and the last instant that can be written on the wire.
var (
	firstInstant = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)
)

// withinWire returns an instant, or the nearest one that can be written.
func withinWire(t time.Time) time.Time {
	switch {
	case t.Before(firstInstant):
		return firstInstant
	case t.After(lastInstant):
		return lastInstant
	default:
		return t.UTC()
	}
}

func (c *clock) real() bool { return c.Mode == scenarios.ClockReal }

// Took returns the time since an instant of the machine's clock. It is 0 on a
// world's clock that is not real, so that two runs of the same requests record the
// same.
func (c *clock) Took(since time.Time) time.Duration {
	if !c.real() {
		return 0
	}
	return time.Since(since)
}

func onWire(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
