package mockserver

import (
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Requests is a question to the journal: which requests the server received.
// Each method that narrows it returns a narrower question; nothing is looked up
// before All, First and Count, or the assertions Once, Times and Never:
//
//	srv.Requests().Operation("webhooks.post").Body("name", "Door opened").Once(t)
//
// A question about what a test's own code does at once needs no waiting: a
// request is in the journal before its response is sent. For what happens later,
// Within waits, and no test sleeps.
type Requests struct {
	q requestQuestion
}

type requestQuestion = question[*recorder.Entry, *match.Subject, Request]

var requestKind = &kind[*recorder.Entry, *match.Subject, Request]{
	noun: "request", verb: "received",
	whole:        "the whole journal: srv.Requests().All() in Go, GET /__admin/requests over HTTP",
	kept:         match.Requests,
	view:         (*recorder.Recorder).Request,
	sequence:     func(e *recorder.Entry) uint64 { return e.Sequence },
	request:      func(_ *recorder.Recorder, e *recorder.Entry) *recorder.Entry { return e },
	pattern:      match.PatternOf[*match.Subject],
	describe:     func(_ *recorder.Recorder, e *recorder.Entry) string { return match.RequestLine(e) },
	describeMiss: match.DescribeRequest,
}

// Requests returns a question about the requests received since the last reset.
func (w *World) Requests() Requests {
	return Requests{requestQuestion{kind: requestKind, world: w.base}}
}

func (q Requests) and(c match.Criterion[*match.Subject]) Requests { return Requests{q.q.and(c, nil)} }

// Operation matches requests of an operation of the world's API version, such as
// "webhooks.post", or "trigger" for calls of a webhook's own URL.
func (q Requests) Operation(name string) Requests { return q.and(match.OperationIs(name)) }

// Method matches requests with a method, such as "POST", in any case.
func (q Requests) Method(method string) Requests { return q.and(match.MethodIs(method)) }

// Path matches requests to a path as sent, without its query.
func (q Requests) Path(path string) Requests { return q.and(match.PathIs(path)) }

// Query matches requests that have a query parameter with a value.
func (q Requests) Query(name, value string) Requests {
	return Requests{q.q.and(match.QueryHas(name, value))}
}

// Header matches requests that have a header field, in any case, with a value.
func (q Requests) Header(name, value string) Requests {
	return Requests{q.q.and(match.HeaderHas(name, value))}
}

// Status matches requests whose response has a status.
func (q Requests) Status(status int) Requests { return q.and(match.StatusIs(status)) }

// Application matches requests about an application, by the id or name that it had
// when they arrived.
func (q Requests) Application(name string) Requests { return q.and(match.ApplicationIs(name)) }

// Webhook matches requests about a webhook, by the id, name or token that it had
// when they arrived. A webhook that is neither there now, nor in the scenario, nor
// in the journal is an error: before it is created, ask by a body or a path.
func (q Requests) Webhook(name string) Requests { return q.and(match.WebhookIs(name)) }

// Violation matches requests that were refused with a message, such as
// "webhook.name is required".
func (q Requests) Violation(message string) Requests { return q.and(match.ViolationIs(message)) }

// Scope matches requests whose token holds a scope.
func (q Requests) Scope(scope string) Requests { return q.and(match.ScopeIs(scope)) }

// Fault matches requests that a fault was applied to, by the fault's name.
func (q Requests) Fault(name string) Requests { return q.and(match.FaultIs(name)) }

// Body matches requests whose JSON body has a value in a place: the name of a
// field, names with dots between them, or a JSONPath that begins with $. The
// value is compared as JSON; where the path selects several values, one is
// enough.
func (q Requests) Body(place string, value any) Requests {
	return Requests{q.q.and(match.BodyHas(place, value))}
}

// BodyJSON matches requests whose body is the same JSON as a value.
func (q Requests) BodyJSON(value any) Requests { return Requests{q.q.and(match.BodyIs(value))} }

// Since matches requests that arrived at a time of the world's clock or later.
func (q Requests) Since(t time.Time) Requests { return q.and(match.ArrivedSince(t)) }

// Matching matches requests by a request pattern in WireMock's JSON.
func (q Requests) Matching(patternJSON string) Requests {
	p, err := match.ParsePattern([]byte(patternJSON))
	return Requests{q.q.andAll(p, err)}
}

// Within lets the assertion that follows wait for so long: Once and Times for
// requests that are still to come, Never to see that none comes. A webhook that is
// created meanwhile is known from then on.
func (q Requests) Within(d time.Duration) Requests {
	q.q.within = d
	return q
}

// All returns the requests, oldest first.
func (q Requests) All() []Request { return q.q.all() }

// First returns the oldest of the requests, and reports whether there is one.
func (q Requests) First() (Request, bool) { return q.q.first() }

// Count returns how many requests there are.
func (q Requests) Count() int { return q.q.count() }

// Err returns what is wrong with the question itself, such as a path that is no
// JSONPath, or a name that nothing in the world has now. Such a question finds
// nothing, and its assertions fail.
func (q Requests) Err() error { return q.q.invalid() }

// Evicted returns how many requests the journal has evicted. Unless it is 0,
// what is not found may have been there.
func (q Requests) Evicted() uint64 { return q.q.evicted() }

// Undecided returns how many requests can't be said to match or not: they have no
// response yet, or a body too large to be compared. Unless it is 0, Count may be
// too low, and assertions that depend on it fail as incomplete.
func (q Requests) Undecided() int { return q.q.undecided() }

// Once fails the test unless there is exactly one such request, and returns it.
func (q Requests) Once(t testing.TB) Request {
	t.Helper()
	return q.q.once(t)
}

// Never fails the test if there is such a request.
func (q Requests) Never(t testing.TB) {
	t.Helper()
	q.q.times(t, 0)
}

// Times fails the test unless there are exactly n such requests, and returns
// them, oldest first. Like Once and Never, it also fails if the journal has
// evicted requests that may have matched, or if it can't be decided whether one
// matches.
func (q Requests) Times(t testing.TB, n int) []Request {
	t.Helper()
	return q.q.times(t, n)
}
