package mockserver

import (
	"cmp"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// clock is the time of a world. It has the resolution of the wire,
// milliseconds. It can be put on, whatever its mode.
type clock struct {
	mode   string
	begin  time.Time
	step   time.Duration // of a ticking clock
	ticks  atomic.Int64
	offset atomic.Int64 // how far it was put on, in nanoseconds
}

func newClock(c scenarios.Clock) *clock {
	mode := cmp.Or(c.Mode, scenarios.ClockReal)
	made := &clock{mode: mode, begin: onWire(c.At)}
	if mode == scenarios.ClockTicking {
		made.step = cmp.Or(c.Step, time.Second)
	}
	return made
}

// tick is the time that a request sees. A ticking clock moves on afterwards.
func (c *clock) tick() time.Time {
	if c.step == 0 {
		return c.now()
	}
	return c.at(c.ticks.Add(1) - 1)
}

// now is the time between requests.
func (c *clock) now() time.Time { return c.at(c.ticks.Load()) }

func (c *clock) at(ticks int64) time.Time {
	base := c.begin
	if c.real() {
		base = time.Now()
	}
	return onWire(base.Add(c.step*time.Duration(ticks) + time.Duration(c.offset.Load())))
}

func (c *clock) real() bool { return c.mode == scenarios.ClockReal }

// advance puts the clock on, or back.
func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

// took is how long something lasted; nothing on a clock that is not real, so
// that two runs of the same requests record the same.
func (c *clock) took(since time.Time) time.Duration {
	if !c.real() {
		return 0
	}
	return time.Since(since)
}

func onWire(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
