package state

import (
	"cmp"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// clock is the time of a world, in milliseconds as on the wire. It can be
// advanced and set in every mode.
type clock struct {
	Mode   string
	begin  time.Time
	step   time.Duration // of a ticking clock
	ticks  atomic.Int64
	offset atomic.Int64 // how far it was advanced, in milliseconds: a Duration ends at 292 years
}

func newClock(c scenarios.Clock) *clock {
	mode := cmp.Or(c.Mode, scenarios.ClockReal)
	made := &clock{Mode: mode, begin: onWire(c.At)}
	if mode == scenarios.ClockTicking {
		made.step = cmp.Or(c.Step, time.Second)
	}
	return made
}

// Tick returns the time that a request sees. A ticking clock then moves on by
// its step.
func (c *clock) Tick() time.Time {
	if c.step == 0 {
		return c.Now()
	}
	return c.at(c.ticks.Add(1) - 1)
}

// Now returns the time, and lets no clock tick.
func (c *clock) Now() time.Time { return c.at(c.ticks.Load()) }

func (c *clock) at(ticks int64) time.Time {
	return time.UnixMilli(min(max(c.millis(ticks), firstInstant), lastInstant)).UTC()
}

func (c *clock) millis(ticks int64) int64 {
	base := c.begin
	if c.real() {
		base = time.Now()
	}
	return base.Add(c.step*time.Duration(ticks)).UnixMilli() + c.offset.Load()
}

// The first and the last instant that can be written on the wire, in
// milliseconds. A clock that is advanced further stops there.
var (
	firstInstant = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC).UnixMilli()
)

func (c *clock) real() bool { return c.Mode == scenarios.ClockReal }

// Advance moves the clock forward, or back by a negative time.
func (c *clock) Advance(d time.Duration) { c.offset.Add(d.Milliseconds()) }

// Set sets the clock to an instant.
func (c *clock) Set(t time.Time) { c.offset.Add(t.UnixMilli() - c.millis(c.ticks.Load())) }

// Took returns the time since an instant. It is 0 on a clock that is not real,
// so that two runs of the same requests record the same.
func (c *clock) Took(since time.Time) time.Duration {
	if !c.real() {
		return 0
	}
	return time.Since(since)
}

func onWire(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
