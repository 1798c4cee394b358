package faults

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gobwas/glob"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/theory/jsonpath"
)

// rule is a fault, and how often requests have matched it.
type rule struct {
	scenarios.Fault
	path     *glob.Pattern
	matching *jsonpath.Path
	random   *rand.Rand

	matched, applied int
	perToken         limit.Recent[limit.Key, counts]
	all              counts
}

// newRule returns the rule of a fault that was checked. Each rule draws from its
// own sequence of the seed, so that no rule changes what another one does.
func newRule(fault scenarios.Fault, seed uint64) (*rule, error) {
	r := &rule{Fault: fault}
	var err error
	if fault.Path != "" {
		if r.path, err = glob.Compile(fault.Path, '/'); err != nil {
			return nil, err
		}
	}
	if fault.Matching != "" {
		if r.matching, err = jsonpath.Parse(fault.Matching); err != nil {
			return nil, err
		}
	}
	name := fnv.New64a()
	_, _ = name.Write([]byte(fault.Name))
	r.random = rand.New(rand.NewPCG(seed, name.Sum64()))
	return r, nil
}

type counts struct{ matched, applied int }

// matches reports whether a request matches the rule's criteria.
func (r *rule) matches(s Subject) bool {
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

// applies counts a match. It returns the effect on the request with its place among the
// steps, and reports whether there is one.
func (r *rule) applies(s Subject) (effect scenarios.Effect, step int, ok bool) {
	r.matched++
	count := &r.all
	if r.PerToken {
		count = r.perToken.Use(limit.KeyOf(s.Token))
	}
	count.matched++
	n := count.matched
	switch {
	case n < r.From, r.To > 0 && n > r.To,
		r.Every > 0 && (n-max(r.From, 1)+1)%r.Every != 0,
		!r.After.IsZero() && s.At.Before(r.After),
		!r.Until.IsZero() && !s.At.Before(r.Until),
		r.Probability > 0 && r.random.Float64() >= r.Probability:
		return scenarios.Effect{}, 0, false
	}
	count.applied++
	effect = r.Effect
	if steps := len(r.Steps); steps > 0 {
		step = count.applied - 1
		if r.Repeat {
			step %= steps
		}
		if step >= steps {
			return scenarios.Effect{}, 0, false
		}
		effect = r.Steps[step]
	}
	if effect.IsZero() {
		return effect, step, false
	}
	r.applied++
	return effect, step, true
}

// draw returns how long a response is held back. A log-normal time is an hour at
// most.
func (r *rule) draw(l *scenarios.Latency) time.Duration {
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
