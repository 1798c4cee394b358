package mockserver

import (
	"cmp"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// clock is the time of a world. It has the resolution of the wire,
// milliseconds.
type clock struct {
	real  bool
	begin time.Time
	step  time.Duration // 0 on a fixed clock
	ticks atomic.Int64
}

func newClock(c scenarios.Clock) *clock {
	switch c.Mode {
	case scenarios.ClockFixed:
		return &clock{begin: onWire(c.At)}
	case scenarios.ClockTicking:
		return &clock{begin: onWire(c.At), step: cmp.Or(c.Step, time.Second)}
	default:
		return &clock{real: true}
	}
}

// tick is the time that a request sees. A ticking clock moves on afterwards.
func (c *clock) tick() time.Time {
	if c.real {
		return onWire(time.Now())
	}
	return c.begin.Add(c.step * time.Duration(c.ticks.Add(1)-1))
}

// now is the time between requests.
func (c *clock) now() time.Time {
	if c.real {
		return onWire(time.Now())
	}
	return c.begin.Add(c.step * time.Duration(c.ticks.Load()))
}

// took is how long something lasted; nothing on a clock that is not real, so
// that two runs of the same requests record the same.
func (c *clock) took(since time.Time) time.Duration {
	if !c.real {
		return 0
	}
	return time.Since(since)
}

func onWire(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
