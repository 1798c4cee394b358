// Package faults makes requests go wrong on purpose: it picks the fault for a
// request, and sends the response as the fault wants it. It also varies responses
// for clients that rely on more than the API promises.
package faults

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
)

// Set is the set of faults of a world, in the order in which they are tried.
type Set struct {
	enabled  atomic.Int32  // how many may apply; with none, Pick does nothing more
	revision atomic.Uint64 // of the rules without their counts

	mu    sync.Mutex
	seed  uint64
	rules []*rule
	share *limit.Share // of the tokens that the rules remember
}

// Fired is a fault that applies to a request. A nil one is no fault.
type Fired struct {
	rule        *rule
	effect      scenarios.Effect
	step        int // the place of the effect among the steps of the rule; 0 without steps
	takesEffect bool
	latency     time.Duration
}

// Subject is a request with what faults match.
type Subject struct {
	Operation, Method, Path, Application, Token string

	At   time.Time
	Body func() any // nil for a body that is no JSON
}

// New returns a set of faults that were checked. The seed repeats which requests
// they apply to; without one, draw returns random bytes for it.
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
	return f, f.Replace(list)
}

// CountIn counts the tokens that the faults remember in a budget, until the returned
// share leaves it.
func (f *Set) CountIn(b *limit.Budget) *limit.Share {
	f.share = b.Share(limit.Table, func(bytes int64, _ bool) {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, rule := range f.rules {
			before := rule.perToken.Bytes()
			rule.perToken.Evict(bytes)
			if bytes -= before - rule.perToken.Bytes(); bytes <= 0 {
				break
			}
		}
		f.share.Set(f.bytes())
	})
	return f.share
}

// bytes returns about how many bytes of memory the remembered tokens take. The
// lock must be held.
func (f *Set) bytes() (n int64) {
	for _, rule := range f.rules {
		n += rule.perToken.Bytes()
	}
	return n
}

var errNameTaken = errors.New("there is a fault of this name")

// Add adds a fault that was checked, as the last one.
func (f *Set) Add(fault scenarios.Fault) error {
	added, err := newRule(fault, f.seed)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.rules, func(r *rule) bool { return r.Name == fault.Name }) {
		return errNameTaken
	}
	f.rules = append(f.rules, added)
	f.count()
	return nil
}

// Exchange puts a fault that was checked in the place of the one of a name, and reports
// whether there is one. Its counts begin again. With an error the faults stay as they are.
func (f *Set) Exchange(name string, fault scenarios.Fault) (found bool, err error) {
	made, err := newRule(fault, f.seed)
	if err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	called := func(name string) int {
		return slices.IndexFunc(f.rules, func(r *rule) bool { return r.Name == name })
	}
	place, other := called(name), called(fault.Name)
	switch {
	case place < 0:
		return false, nil
	case other >= 0 && other != place:
		return true, errNameTaken
	}
	f.rules[place] = made
	f.count()
	return true, nil
}

// Replace replaces all faults by others that were checked, in one step. With an
// error the faults stay as they are.
func (f *Set) Replace(list []scenarios.Fault) error {
	var rules []*rule
	taken := map[string]bool{}
	for _, fault := range list {
		added, err := newRule(fault, f.seed)
		if err != nil {
			return err
		}
		if taken[fault.Name] {
			return errNameTaken
		}
		taken[fault.Name] = true
		rules = append(rules, added)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = rules
	f.count()
	return nil
}

// Revision rises with every change of the faults. How often they matched and were
// applied is no change.
func (f *Set) Revision() uint64 { return f.revision.Load() }

// count updates enabled, the revision and what the budget counts. The lock must be held.
// It is called after every change of the rules.
func (f *Set) count() {
	n := int32(0)
	for _, rule := range f.rules {
		if !rule.Disabled {
			n++
		}
	}
	f.enabled.Store(n)
	f.revision.Add(1)
	f.share.Set(f.bytes())
}

// change changes the rules of a name, or all rules if it is blank, and returns
// how many there were. A rule that the function does not keep is removed.
func (f *Set) change(name string, change func(*rule) (keep bool)) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	f.rules = slices.DeleteFunc(f.rules, func(r *rule) bool {
		if name != "" && r.Name != name {
			return false
		}
		n++
		return !change(r)
	})
	f.count()
	return n
}

// Pick returns the first fault that applies to a request; nil if none does.
func (f *Set) Pick(subject func() Subject) *Fired {
	if f.enabled.Load() == 0 {
		return nil
	}
	s := subject()
	for _, rule := range f.enabledRules() {
		if !rule.matches(s) { // without the lock, since patterns take their time
			continue
		}
		if fired := f.fire(rule, s); fired != nil {
			return fired
		}
	}
	return nil
}

func (f *Set) enabledRules() []*rule {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.rules), func(r *rule) bool { return r.Disabled })
}

// fire counts a match of a rule, unless the rule was disabled or removed
// meanwhile. It returns nil if the rule does not apply.
func (f *Set) fire(r *rule, s Subject) *Fired {
	if r.PerToken {
		defer f.share.Balance()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Disabled || !slices.Contains(f.rules, r) {
		return nil
	}
	effect, step, ok := r.applies(s)
	if r.PerToken {
		f.share.Set(f.bytes())
	}
	if !ok {
		return nil
	}
	return &Fired{rule: r, effect: effect, step: step, takesEffect: r.TakesEffect, latency: r.draw(effect.Latency)}
}

// State is a fault of a world, and how often it was matched and applied.
type State struct {
	scenarios.Fault
	// Matched counts the requests that match the fault's criteria, and Applied
	// those that it has made go wrong.
	Matched, Applied int
}

// States returns the faults in the order in which they are tried.
func (f *Set) States() []State {
	f.mu.Lock()
	defer f.mu.Unlock()
	states := make([]State, len(f.rules))
	for i, rule := range f.rules {
		states[i] = State{rule.Clone(), rule.matched, rule.applied}
	}
	return states
}

// Remove removes the fault of a name, and reports whether there is one.
func (f *Set) Remove(name string) bool {
	return name != "" && f.change(name, func(*rule) bool { return false }) > 0
}

// Clear removes all faults.
func (f *Set) Clear() { f.change("", func(*rule) bool { return false }) }

// SetDisabled disables or enables the fault of a name, and reports whether there
// is one.
func (f *Set) SetDisabled(name string, disabled bool) bool {
	return name != "" && f.change(name, func(r *rule) bool {
		r.Disabled = disabled
		return true
	}) > 0
}

// Remembered returns how many tokens are remembered by faults that count for each
// token.
func (f *Set) Remembered() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, rule := range f.rules {
		n += rule.perToken.Len()
	}
	return n
}
