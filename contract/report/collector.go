package report

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/contract"
)

// Collector builds a report of the traffic that passes a [contract.Transport].
// It is safe for concurrent use.
type Collector struct {
	target string
	api    *contract.API

	mu     sync.Mutex
	report *Report // nil before the first traffic
}

// Collect sets the functions of a transport, which must not be in use yet, and
// returns what collects from them. Functions that are set already are called
// as well.
func Collect(t *contract.Transport) *Collector {
	c := &Collector{target: cmp.Or(strings.Join(t.Hosts, ", "), contract.LosantHost), api: t.API}
	if c.api == nil {
		c.api = contract.AtNewest()
	}
	t.OnFinding = both(func(f contract.Finding) { c.update(func(r *Report) { r.Add(f) }) }, t.OnFinding)
	t.OnPass = both(func(check contract.CheckName) { c.update(func(r *Report) { r.Pass(check) }) }, t.OnPass)
	t.OnExchange = both(func(*contract.Exchange) { c.update(func(r *Report) { r.Requests++ }) }, t.OnExchange)
	return c
}

// both returns a function that calls two, of which the second may be nil.
func both[T any](first, second func(T)) func(T) {
	if second == nil {
		return first
	}
	return func(value T) {
		first(value)
		second(value)
	}
}

func (c *Collector) update(change func(*Report)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.report == nil {
		c.report = New(c.target, c.api)
	}
	change(c.report)
}

// Report returns a copy of the report of the traffic so far.
func (c *Collector) Report() *Report {
	var copied Report
	c.update(func(r *Report) {
		copied = *r
		copied.Checks = slices.Clone(r.Checks)
		for i := range copied.Checks {
			copied.Checks[i].Findings = slices.Clone(copied.Checks[i].Findings)
		}
		copied.each(func(f *CountedFinding) {
			f.Others, f.Consequences = slices.Clone(f.Others), slices.Clone(f.Consequences)
		})
	})
	return &copied
}
