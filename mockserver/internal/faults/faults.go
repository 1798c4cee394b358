package faults

import (
	"cmp"
	"errors"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/glob"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/theory/jsonpath"
)

// Set are what goes wrong on purpose in a world.
type Set struct {
	enabled atomic.Int32 // how many may apply; a world without any asks no more

	mu    sync.Mutex
	seed  uint64
	rules []*faultRule
}

// faultRule is a fault, and how often requests have matched it.
type faultRule struct {
	scenarios.Fault
	path     *glob.Pattern
	matching *jsonpath.Path
	random   *rand.Rand

	matched, applied int
	perToken         limit.Recent[string, faultCount]
	all              faultCount
}

type faultCount struct{ matched, applied int }

// Fired is a fault that a request has met.
type Fired struct {
	name        string
	effect      scenarios.Effect
	takesEffect bool
	latency     time.Duration
}

// Subject is a request as faults look at it.
type Subject struct {
	Operation, Method, Path, Application, Token string

	At   time.Time
	Body func() any // nil for none that is JSON
}

func New(list []scenarios.Fault, seed *uint64, draw func([]byte)) (*Set, error) {
	f := new(Set)
	if seed != nil {
		f.seed = *seed
	} else {
		var random [8]byte
		draw(random[:])
		for _, b := range random {
			f.seed = f.seed<<8 | uint64(b)
		}
	}
	for _, fault := range list {
		if err := f.Add(fault); err != nil {
			return nil, err
		}
	}
	return f, nil
}

var errNameTaken = errors.New("there is a fault of this name")

// Add adds a fault that was checked behind those that are there.
func (f *Set) Add(fault scenarios.Fault) error {
	rule := &faultRule{Fault: fault}
	var err error
	if fault.Path != "" {
		if rule.path, err = glob.Compile(fault.Path, '/'); err != nil {
			return err
		}
	}
	if fault.Matching != "" {
		if rule.matching, err = jsonpath.Parse(fault.Matching); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.rules, func(r *faultRule) bool { return r.Name == fault.Name }) {
		return errNameTaken
	}
	// Each rule draws from a sequence of its own, so that none changes what
	// another does.
	name := fnv.New64a()
	_, _ = name.Write([]byte(fault.Name))
	rule.random = rand.New(rand.NewPCG(f.seed, name.Sum64()))
	f.rules = append(f.rules, rule)
	f.count()
	return nil
}

// count counts the rules that may apply. The lock must be held.
func (f *Set) count() {
	n := int32(0)
	for _, rule := range f.rules {
		if !rule.Disabled {
			n++
		}
	}
	f.enabled.Store(n)
}

// change changes the rules that have a name, or with a blank one all, and tells
// how many there were. A rule that change does not want is gone.
func (f *Set) change(name string, change func(*faultRule) (keep bool)) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	f.rules = slices.DeleteFunc(f.rules, func(r *faultRule) bool {
		if name != "" && r.Name != name {
			return false
		}
		n++
		return !change(r)
	})
	f.count()
	return n
}

// Pick gives the first fault that applies to a request; nil for none.
func (f *Set) Pick(subject func() Subject) *Fired {
	if f.enabled.Load() == 0 {
		return nil
	}
	s := subject()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, rule := range f.rules {
		if rule.Disabled || !rule.matches(s) {
			continue
		}
		if effect, ok := rule.applies(s); ok {
			return &Fired{name: rule.Name, effect: effect, takesEffect: rule.TakesEffect, latency: rule.draw(effect.Latency)}
		}
	}
	return nil
}

func (r *faultRule) matches(s Subject) bool {
	switch {
	case r.Operation != "" && r.Operation != s.Operation,
		r.Method != "" && !strings.EqualFold(r.Method, s.Method),
		r.Application != "" && !strings.EqualFold(r.Application, s.Application),
		r.Token != "" && r.Token != s.Token,
		r.path != nil && !r.path.Match(s.Path):
		return false
	case r.matching != nil:
		body := s.Body()
		return body != nil && len(r.matching.Select(body)) > 0
	default:
		return true
	}
}

// applies counts a match, and tells which effect it has, if any.
func (r *faultRule) applies(s Subject) (scenarios.Effect, bool) {
	r.matched++
	count := &r.all
	if r.PerToken {
		count = r.perToken.Use(s.Token, s.At)
	}
	count.matched++
	n := count.matched
	switch {
	case n < r.From, r.To > 0 && n > r.To,
		r.Every > 0 && (n-max(r.From, 1)+1)%r.Every != 0,
		!r.After.IsZero() && s.At.Before(r.After),
		!r.Until.IsZero() && !s.At.Before(r.Until),
		r.Probability > 0 && r.random.Float64() >= r.Probability:
		return scenarios.Effect{}, false
	}
	count.applied++
	effect := r.Effect
	if steps := len(r.Steps); steps > 0 {
		step := count.applied - 1
		if r.Repeat {
			step %= steps
		}
		if step >= steps {
			return scenarios.Effect{}, false
		}
		effect = r.Steps[step]
	}
	if effect.IsZero() {
		return effect, false
	}
	r.applied++
	return effect, true
}

// draw draws how long an answer is held back. A log-normal time is cut at an
// hour.
func (r *faultRule) draw(l *scenarios.Latency) time.Duration {
	switch {
	case l == nil:
		return 0
	case l.Median > 0:
		d := float64(l.Median) * math.Exp(l.Sigma*r.random.NormFloat64())
		return time.Duration(min(d, float64(time.Hour)))
	case l.Max > l.Min:
		return l.Min + time.Duration(r.random.Int64N(int64(l.Max-l.Min)))
	default:
		return cmp.Or(l.Fixed, l.Min)
	}
}

// FaultState is a fault of a world, and how often it has counted.
type State struct {
	scenarios.Fault
	// Matched counts the requests that the fault is about, and Applied those
	// that it has made go wrong.
	Matched, Applied int
}

// States returns the faults in the order in which they count.
func (f *Set) States() []State {
	f.mu.Lock()
	defer f.mu.Unlock()
	states := make([]State, len(f.rules))
	for i, rule := range f.rules {
		states[i] = State{rule.Fault.Clone(), rule.matched, rule.applied}
	}
	return states
}

// Remove removes the fault of a name, and reports whether there is one.
func (f *Set) Remove(name string) bool {
	return name != "" && f.change(name, func(*faultRule) bool { return false }) > 0
}

// Clear removes all faults.
func (f *Set) Clear() { f.change("", func(*faultRule) bool { return false }) }

// SetDisabled switches the fault of a name off or on, and reports whether there
// is one.
func (f *Set) SetDisabled(name string, disabled bool) bool {
	return name != "" && f.change(name, func(r *faultRule) bool {
		r.Disabled = disabled
		return true
	}) > 0
}

// Remembered returns how many tokens are remembered by faults that count for
// each by itself.
func (f *Set) Remembered() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, rule := range f.rules {
		n += rule.perToken.Len()
	}
	return n
}
