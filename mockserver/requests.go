package mockserver

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/theory/jsonpath"
)

// Requests is a question to the journal: which requests the server received.
// Each method that narrows it gives a narrower question; nothing is looked up
// until it is answered, by All, First and Count, or by the assertions Once,
// Times and Never:
//
//	srv.Requests().Operation("webhooks.post").Body("name", "Door opened").Once(t)
//
// A question about what a test's own code does at once needs no waiting: a
// request is in the journal before its answer is sent. For what happens later,
// Within waits, and no test sleeps.
type Requests struct {
	world   *World
	pattern pattern
	within  time.Duration
	err     error
}

// Requests asks for the requests received since the last reset.
func (v *World) Requests() Requests { return Requests{world: v} }

func (q Requests) and(name string, m matcher, got func(*subject) []*jsonText) Requests {
	q.pattern = q.pattern.and(name, m, got)
	return q
}

// Operation asks for requests of an operation, such as "webhooks.post".
func (q Requests) Operation(name string) Requests {
	return q.and("operation", equalTo(name, false), one((*subject).operation))
}

// Method asks for requests with a method, such as "POST".
func (q Requests) Method(method string) Requests {
	return q.and("method", equalTo(strings.ToUpper(method), false), one(func(s *subject) string { return s.method }))
}

// Path asks for requests to a path as sent, without its query.
func (q Requests) Path(path string) Requests {
	return q.and("path", equalTo(path, false), one((*subject).path))
}

// Query asks for requests that give a query parameter, with a value.
func (q Requests) Query(name, value string) Requests {
	return q.and("query "+name, equalTo(value, false), several(func(s *subject) []string { return s.queryValues(name) }))
}

// Header asks for requests that have a header field, in any case, with a
// value.
func (q Requests) Header(name, value string) Requests {
	return q.and("header "+name, equalTo(value, false), several(func(s *subject) []string { return s.headerValues(name) }))
}

// Status asks for requests answered with a status.
func (q Requests) Status(status int) Requests {
	return q.and("status", equalTo(strconv.Itoa(status), false), one(ofStatus))
}

// Application asks for requests about an application.
func (q Requests) Application(id string) Requests {
	return q.and("application", equalTo(id, true), one(func(s *subject) string { return s.param("applicationId") }))
}

// Webhook asks for requests about a webhook.
func (q Requests) Webhook(id string) Requests {
	return q.and("webhook", equalTo(id, true), one(func(s *subject) string { return s.param("webhookId") }))
}

// Violation asks for requests that were refused with a message, such as
// "webhook.name is required".
func (q Requests) Violation(message string) Requests {
	return q.and("violation", equalTo(message, false), one((*subject).violation))
}

// Scope asks for requests whose token holds a scope.
func (q Requests) Scope(scope string) Requests {
	return q.and("scope", equalTo(scope, false), several((*subject).scopes))
}

// Fault asks for requests that have met a fault, by its name.
func (q Requests) Fault(name string) Requests {
	return q.and("fault", equalTo(name, false), one(func(s *subject) string { return s.known().fault }))
}

// Body asks for requests whose JSON body has a value in a place: the name of a
// field, names with dots between them, or a JSONPath that begins with $. The
// value is compared as JSON; where the path selects several values, one is
// enough.
func (q Requests) Body(place string, value any) Requests {
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
	return q.and("body "+place, valueAt{path: path, place: place, want: want}, wholeBody)
}

// BodyJSON asks for requests whose body is the same JSON as a value.
func (q Requests) BodyJSON(value any) Requests {
	want, err := asJSONValue(value)
	if err != nil {
		q.err = err
		return q
	}
	return q.and("body", equalToJSON{want: want, text: short(want)}, wholeBody)
}

// Since asks for requests that arrived at a time of the world's clock or
// later.
func (q Requests) Since(t time.Time) Requests {
	later := plainMatcher{words: "not before " + t.Format(time.RFC3339Nano), ask: func(text string) bool {
		at, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && !at.Before(t)
	}}
	return q.and("time", later, one(func(s *subject) string { return s.at.Format(time.RFC3339Nano) }))
}

// Matching asks for requests that match a request pattern in WireMock's JSON.
func (q Requests) Matching(patternJSON string) Requests {
	p, err := parsePattern([]byte(patternJSON))
	if err != nil {
		q.err = err
		return q
	}
	for _, c := range p {
		q.pattern = q.pattern.and(c.name, c.matcher, c.got)
	}
	return q
}

// Within lets the assertion that follows wait for so long: Once and Times for
// requests that are still to come, Never to see that none comes.
func (q Requests) Within(d time.Duration) Requests {
	q.within = d
	return q
}

// All gives the requests, oldest first.
func (q Requests) All() []Request {
	entries, j := q.find()
	requests := make([]Request, len(entries))
	for i, e := range entries {
		requests[i] = j.request(e)
	}
	return requests
}

// First gives the oldest of the requests; false where there is none.
func (q Requests) First() (Request, bool) {
	entries, j := q.find()
	if len(entries) == 0 {
		return Request{}, false
	}
	return j.request(entries[0]), true
}

// Count tells how many requests there are.
func (q Requests) Count() int {
	entries, _ := q.find()
	return len(entries)
}

// Err tells what is wrong with the question itself, such as a path that is no
// JSONPath. Such a question finds nothing, and its assertions fail.
func (q Requests) Err() error { return q.err }

// Evicted tells how many requests the journal had to let go of. Unless it is
// 0, what is not found may have been there.
func (q Requests) Evicted() uint64 {
	_, evicted := q.world.world().journal.snapshot()
	return evicted
}

func (q Requests) find() ([]*entry, *journal) {
	j := q.world.world().journal
	if q.err != nil {
		return nil, j
	}
	found, _ := j.matching(q.pattern)
	return found, j
}

// Once fails the test unless there is exactly one such request, and gives it.
func (q Requests) Once(t testing.TB) Request {
	t.Helper()
	if found := q.Times(t, 1); len(found) > 0 {
		return found[0]
	}
	return Request{}
}

// Never fails the test if there is such a request.
func (q Requests) Never(t testing.TB) {
	t.Helper()
	q.Times(t, 0)
}

// Times fails the test unless there are exactly so many such requests, and
// gives them, oldest first.
func (q Requests) Times(t testing.TB, n int) []Request {
	t.Helper()
	expect(t, q, n)
	return q.All()
}

func (q Requests) noun() string { return "request" }

func (q Requests) wait(n int) {
	awaitFor(q.world, q.within, func(*world) bool { return q.Count() >= n })
}

func (q Requests) sequences() []uint64 {
	entries, _ := q.find()
	list := make([]uint64, len(entries))
	for i, e := range entries {
		list[i] = e.sequence
	}
	return list
}

// explain says what was expected, and what came nearest to it.
func (q Requests) explain(want, got int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "mockserver: want %d request(s)", want)
	for _, c := range q.pattern {
		fmt.Fprintf(&b, "\n  %s %s", c.name, c.want)
	}
	entries, evicted := q.world.world().journal.snapshot()
	fmt.Fprintf(&b, "\ngot %d, of %d received", got, len(entries))
	if evicted > 0 {
		fmt.Fprintf(&b, " and kept; %d were let go", evicted)
	}
	if got > want {
		for _, r := range q.All() {
			fmt.Fprintf(&b, "\n#%d %s %s %d", r.Sequence, r.Method, r.Target, r.Status)
		}
	} else if nearest := q.pattern.nearest(entries); len(nearest) > 0 {
		b.WriteString("\nthe nearest:")
		for _, miss := range nearest {
			b.WriteString("\n" + miss.describe())
		}
	}
	b.WriteString("\nthe whole journal: srv.Requests().All() in Go, GET /__admin/requests over HTTP")
	return b.String()
}

// valueAt asks whether a JSON text has a value in a place.
type valueAt struct {
	path  *jsonpath.Path
	place string
	want  any
}

func (m valueAt) matches(t *jsonText) bool {
	if t == nil {
		return false
	}
	value, err := t.json()
	if err != nil {
		return false
	}
	for _, selected := range m.path.Select(value) {
		if (comparison{}).equal(m.want, selected) {
			return true
		}
	}
	return false
}

func (m valueAt) difference(t *jsonText) string {
	return matchesJSONPath{path: m.path, text: m.place}.difference(t)
}

func (m valueAt) String() string { return "equal to " + short(m.want) }

// placePath makes a JSONPath of the name of a field, with or without dots.
func placePath(place string) (*jsonpath.Path, error) {
	if strings.HasPrefix(place, "$") {
		return jsonpath.Parse(place)
	}
	path := "$"
	for name := range strings.SplitSeq(place, ".") {
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		path += "[" + string(quoted) + "]"
	}
	return jsonpath.Parse(path)
}

// asJSONValue is a Go value as encoding/json would write and read it.
func asJSONValue(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("the value can't be written as JSON: %w", err)
	}
	var decoded any
	err = json.Unmarshal(text, &decoded)
	return decoded, err
}
