package mockserver

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Triggers is a question to the journal: what the workflows behind webhooks
// received. It is asked like [Requests]:
//
//	srv.Triggers().Webhook("My Webhook").Body("event", "opened").Once(t)
type Triggers struct {
	q triggerQuestion
}

type triggerQuestion = question[*recorder.Trigger, *match.TriggerSubject, Trigger]

var triggerKind = &kind[*recorder.Trigger, *match.TriggerSubject, Trigger]{
	noun: "trigger", verb: "fired",
	whole:    "all of them: srv.Triggers().All() in Go, GET /__admin/triggers over HTTP",
	kept:     match.Triggers,
	view:     (*recorder.Recorder).Trigger,
	sequence: func(t *recorder.Trigger) uint64 { return t.Sequence },
	request:  func(j *recorder.Recorder, t *recorder.Trigger) *recorder.Entry { return j.Find(j.ID(t.Request)) },
	pattern:  func(match.Criteria[*match.TriggerSubject]) json.RawMessage { return nil },
	describe: func(j *recorder.Recorder, t *recorder.Trigger) string {
		fired := j.Trigger(t)
		return fmt.Sprintf("#%d %s %s %s", fired.Sequence, fired.WebhookName, fired.Payload.Data.Method, fired.Payload.Data.Path)
	},
	describeMiss: match.DescribeTrigger,
}

// Triggers returns a question about the triggers since the last reset.
func (w *World) Triggers() Triggers {
	return Triggers{triggerQuestion{kind: triggerKind, world: w.base}}
}

func (q Triggers) and(c match.Criterion[*match.TriggerSubject]) Triggers {
	return Triggers{q.q.and(c, nil)}
}

// Webhook matches triggers of a webhook, by the id, name or token that it had when
// they fired. See [Requests.Webhook] for one that is still to be created.
func (q Triggers) Webhook(name string) Triggers { return q.and(match.FiredBy(name)) }

// Application matches triggers of the webhooks of an application, by the id or
// name that it had when they fired.
func (q Triggers) Application(name string) Triggers { return q.and(match.FiredIn(name)) }

// Method matches calls with a method, such as "POST", in any case.
func (q Triggers) Method(method string) Triggers { return q.and(match.CalledWith(method)) }

// Path matches calls with a path behind the token, as sent.
func (q Triggers) Path(path string) Triggers { return q.and(match.CalledAt(path)) }

// Header matches calls that have a header field, in any case, with a value.
func (q Triggers) Header(name, value string) Triggers {
	return Triggers{q.q.and(match.CalledWithHeader(name, value))}
}

// Type matches events of WebSockets: "connect", "message" or "disconnect".
func (q Triggers) Type(kind string) Triggers { return q.and(match.EventIs(kind)) }

// Body matches calls whose parsed body has a value in a place, which is
// written as in [Requests.Body].
func (q Triggers) Body(place string, value any) Triggers {
	return Triggers{q.q.and(match.PayloadBodyHas(place, value))}
}

// Payload matches triggers whose payload has a value in a place, such as
// "data.query.id".
func (q Triggers) Payload(place string, value any) Triggers {
	return Triggers{q.q.and(match.PayloadHas(place, value))}
}

// Within is [Requests.Within].
func (q Triggers) Within(d time.Duration) Triggers {
	q.q.within = d
	return q
}

// All returns the triggers, oldest first.
func (q Triggers) All() []Trigger { return q.q.all() }

// First returns the oldest of the triggers, and reports whether there is one.
func (q Triggers) First() (Trigger, bool) { return q.q.first() }

// Count returns how many triggers there are.
func (q Triggers) Count() int { return q.q.count() }

// Err is [Requests.Err].
func (q Triggers) Err() error { return q.q.invalid() }

// Evicted returns how many triggers the journal has evicted.
func (q Triggers) Evicted() uint64 { return q.q.evicted() }

// Undecided is [Requests.Undecided].
func (q Triggers) Undecided() int { return q.q.undecided() }

// Once fails the test unless there is exactly one such trigger, and returns it.
func (q Triggers) Once(t testing.TB) Trigger {
	t.Helper()
	return q.q.once(t)
}

// Never fails the test if there is such a trigger.
func (q Triggers) Never(t testing.TB) {
	t.Helper()
	q.q.times(t, 0)
}

// Times fails the test unless there are exactly n such triggers, and returns
// them, oldest first.
func (q Triggers) Times(t testing.TB, n int) []Trigger {
	t.Helper()
	return q.q.times(t, n)
}
