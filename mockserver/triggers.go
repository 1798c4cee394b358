package mockserver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Triggers is a question to the journal: what the workflows behind webhooks
// received. It is asked like [Requests]:
//
//	srv.Triggers().Webhook("My Webhook").Body("event", "opened").Once(t)
type Triggers struct {
	world    *World
	criteria []criterion[*firedSubject]
	within   time.Duration
	err      error
}

// Triggers asks for the triggers since the last reset.
func (v *World) Triggers() Triggers { return Triggers{world: v} }

// firedSubject is a trigger as criteria look at it: its payload is worked out
// when the first criterion asks.
type firedSubject struct {
	*trigger
	known *Payload
	whole *jsonText
}

func (s *firedSubject) payload() *Payload {
	if s.known == nil {
		s.known = new(s.trigger.payload())
	}
	return s.known
}

func (s *firedSubject) decoded() *jsonText {
	if s.whole == nil {
		s.whole = &jsonText{decoded: true, value: s.payload().decoded()}
		s.whole.text = short(s.whole.value)
	}
	return s.whole
}

func (q Triggers) and(name string, m matcher, got func(*firedSubject) []*jsonText) Triggers {
	q.criteria = append(slices.Clip(q.criteria), criterion[*firedSubject]{name: name, want: m.String(), got: got, matcher: m})
	return q
}

// Webhook asks for triggers of a webhook, by its id, its token or its name.
func (q Triggers) Webhook(name string) Triggers {
	return q.and("webhook", equalTo(name, false), several(func(s *firedSubject) []string {
		return []string{s.hook.name, s.hook.id, s.hook.token}
	}))
}

// Application asks for triggers of the webhooks of an application, by its id
// or its name.
func (q Triggers) Application(name string) Triggers {
	return q.and("application", equalTo(name, false), several(func(s *firedSubject) []string {
		return []string{s.hook.applicationName, s.hook.applicationID}
	}))
}

// Method asks for calls with a method, such as "POST".
func (q Triggers) Method(method string) Triggers {
	return q.and("method", equalTo(strings.ToUpper(method), false), one(func(s *firedSubject) string { return s.method }))
}

// Path asks for calls with a path behind the token, as sent.
func (q Triggers) Path(path string) Triggers {
	return q.and("path", equalTo(path, false), one(func(s *firedSubject) string { return s.path() }))
}

// Header asks for calls that have a header field, in any case, with a value.
func (q Triggers) Header(name, value string) Triggers {
	return q.and("header "+name, equalTo(value, false), one(func(s *firedSubject) string { return s.payload().Data.Headers[strings.ToLower(name)] }))
}

// Type asks for events of WebSockets: "connect", "message" or "disconnect".
func (q Triggers) Type(kind string) Triggers {
	return q.and("type", equalTo(kind, false), one(func(s *firedSubject) string { return s.event.kind }))
}

// Body asks for calls whose parsed body has a value in a place, which is
// written as in [Requests.Body].
func (q Triggers) Body(place string, value any) Triggers {
	if rest, ok := strings.CutPrefix(place, "$"); ok {
		return q.Payload("$.data.body"+rest, value)
	}
	return q.Payload("data.body."+place, value)
}

// Payload asks for triggers whose payload has a value in a place, such as
// "data.query.id".
func (q Triggers) Payload(place string, value any) Triggers {
	path, err := placePath(place)
	if err != nil {
		q.err = err
		return q
	}
	want, err := asJSONValue(value)
	if err != nil {
		q.err = err
		return q
	}
	return q.and(place, valueAt{path: path, place: place, want: want}, func(s *firedSubject) []*jsonText { return []*jsonText{s.decoded()} })
}

// Within is [Requests.Within].
func (q Triggers) Within(d time.Duration) Triggers {
	q.within = d
	return q
}

// All gives the triggers, oldest first.
func (q Triggers) All() []Trigger {
	found, j := q.find()
	list := make([]Trigger, len(found))
	for i, t := range found {
		list[i] = j.trigger(t)
	}
	return list
}

// First gives the oldest of the triggers; false where there is none.
func (q Triggers) First() (Trigger, bool) {
	found, j := q.find()
	if len(found) == 0 {
		return Trigger{}, false
	}
	return j.trigger(found[0]), true
}

// Count tells how many triggers there are.
func (q Triggers) Count() int {
	found, _ := q.find()
	return len(found)
}

// Err is [Requests.Err].
func (q Triggers) Err() error { return q.err }

// Evicted tells how many triggers the journal had to let go of.
func (q Triggers) Evicted() uint64 {
	_, evicted := q.world.world().journal.firedTriggers()
	return evicted
}

// Once fails the test unless there is exactly one such trigger, and gives it.
func (q Triggers) Once(t testing.TB) Trigger {
	t.Helper()
	if found := q.Times(t, 1); len(found) > 0 {
		return found[0]
	}
	return Trigger{}
}

// Never fails the test if there is such a trigger.
func (q Triggers) Never(t testing.TB) {
	t.Helper()
	q.Times(t, 0)
}

// Times fails the test unless there are exactly so many such triggers, and
// gives them, oldest first.
func (q Triggers) Times(t testing.TB, n int) []Trigger {
	t.Helper()
	expect(t, q, n)
	return q.All()
}

func (q Triggers) find() ([]*trigger, *journal) {
	j := q.world.world().journal
	if q.err != nil {
		return nil, j
	}
	all, _ := j.firedTriggers()
	return slices.DeleteFunc(all, func(t *trigger) bool {
		s := &firedSubject{trigger: t}
		return slices.ContainsFunc(q.criteria, func(c criterion[*firedSubject]) bool { return !c.matches(s) })
	}), j
}

func (q Triggers) noun() string { return "trigger" }

func (q Triggers) wait(n int) {
	awaitFor(q.world, q.within, func(*world) bool { return q.Count() >= n })
}

func (q Triggers) sequences() []uint64 {
	found, _ := q.find()
	list := make([]uint64, len(found))
	for i, t := range found {
		list[i] = t.sequence
	}
	return list
}

// explain says what was expected, and what came nearest to it.
func (q Triggers) explain(want, got int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "mockserver: want %d trigger(s)", want)
	for _, c := range q.criteria {
		fmt.Fprintf(&b, "\n  %s %s", c.name, c.want)
	}
	all, evicted := q.world.world().journal.firedTriggers()
	fmt.Fprintf(&b, "\ngot %d, of %d fired", got, len(all))
	if evicted > 0 {
		fmt.Fprintf(&b, " and kept; %d were let go", evicted)
	}
	if got < want {
		q.describeNearest(&b, all)
	}
	b.WriteString("\nall of them: srv.Triggers().All() in Go, GET /__admin/triggers over HTTP")
	return b.String()
}

func (q Triggers) describeNearest(b *strings.Builder, all []*trigger) {
	type near struct {
		*trigger
		missed   []missed
		distance float64
	}
	var misses []near
	for _, t := range slices.Backward(all) {
		if m, distance := missOf(q.criteria, &firedSubject{trigger: t}); len(m) > 0 {
			misses = append(misses, near{t, m, distance})
		}
	}
	slices.SortStableFunc(misses, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	for i, m := range misses[:min(len(misses), nearestCount)] {
		if i == 0 {
			b.WriteString("\nthe nearest:")
		}
		fmt.Fprintf(b, "\n#%d %s %s %s %q", m.sequence, m.hook.name, m.method, m.path(), m.event.kind)
		describeMissed(b, m.missed)
	}
}
