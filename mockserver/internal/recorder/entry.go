package recorder

import (
	"bytes"
	"container/list"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unique"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// Entry is a request as the journal keeps it: small, and unchanged except for the
// outcome, which grows until the response is known. [Recorder.Request] derives the
// rest from it.
type Entry struct {
	Sequence uint64 // by arrival
	At       time.Time

	head unique.Handle[head]

	Target, Remote string // copies, so that no larger text stays in memory
	MaxBody        int64  // the most bytes that the body is inflated to
	Prefixed       bool   // whether the path, as sent, began with that of the sandbox

	Identity // set before the entry is in a journal

	outcome atomic.Pointer[Outcome] // nil until something is known
	Trigger atomic.Pointer[Trigger] // that it has fired; nil for none
	ended   atomic.Int64            // when the response was sent, in nanoseconds after the arrival; 0 if that is not known

	revision uint64        // of the journal, when the entry last changed; under its lock
	change   *list.Element // its place in the journal's changes; under its lock
}

// head is what a client sends again and again. Its requests share it.
type head struct {
	method, proto, host string
	header              string // packed by packHeader
	secure              bool   // whether it came over TLS
}

// Outcome is what becomes known of a request after its arrival. The body and the
// fault are noted before the response is held back; the rest comes with it.
type Outcome struct {
	Body     []byte
	Fault    string // the name of the fault that was applied to the request
	Response wire.Response
	Panic    string
	Took     time.Duration // until the response began; 0 on a clock that is not real
	Received time.Duration // until the body was read; as Took
	Hint     string        // what the client may have meant
	Aborted  bool

	complete bool // whether the request has its response
}

// NewEntry returns the entry of a request that has arrived, without its identity and
// with the default of the largest body.
func NewEntry(r *http.Request, at time.Time) *Entry {
	return &Entry{
		At:     at,
		head:   unique.Make(head{r.Method, r.Proto, r.Host, packHeader(r.Header), r.TLS != nil}),
		Target: strings.Clone(wire.Target(r)),
		Remote: r.RemoteAddr,

		MaxBody: wire.DefaultMaxBodySize,
	}
}

// Identify sets what the request is about. Of texts that its target or its header has,
// the entry keeps no copies.
func (e *Entry) Identify(i Identity) {
	for _, text := range []*string{&i.Token, &i.ApplicationID, &i.WebhookID, &i.WebhookToken} {
		*text = e.kept(*text)
	}
	e.Identity = i
}

func (e *Entry) kept(text string) string {
	for _, kept := range []string{e.Target, e.Header()} {
		if i := strings.Index(kept, text); i >= 0 {
			return kept[i : i+len(text)]
		}
	}
	return strings.Clone(text)
}

// Method returns the method of the request.
func (e *Entry) Method() string { return e.head.Value().method }

// Host returns the host that the request was sent to.
func (e *Entry) Host() string { return e.head.Value().host }

// Header returns the header of the request, with a line for each field.
func (e *Entry) Header() string { return e.head.Value().header }

// unknown is the outcome of a request of which nothing is known yet.
var unknown Outcome

// With returns a copy of the entry with an outcome. The copy is in no journal.
func (e *Entry) With(o Outcome) *Entry {
	as := &Entry{
		Sequence: e.Sequence, At: e.At, head: e.head, Target: e.Target, Remote: e.Remote, Prefixed: e.Prefixed,
		MaxBody: e.MaxBody, Identity: e.Identity,
	}
	o.complete = true
	as.outcome.Store(&o)
	as.Trigger.Store(e.Trigger.Load())
	return as
}

// Outcome returns the outcome as far as it is known. The caller must not change it.
func (e *Entry) Outcome() *Outcome {
	if o := e.outcome.Load(); o != nil {
		return o
	}
	return &unknown
}

// Pending reports whether the request still has no response.
func (e *Entry) Pending() bool { return !e.Outcome().complete }

// End notes that the response was sent, a time after the arrival.
func (e *Entry) End(after time.Duration) { e.ended.Store(int64(after)) }

// Noted reports whether the body of the request, and a fault that it met, are known.
func (e *Entry) Noted() bool { return e.outcome.Load() != nil }

// packHeader returns a header as one text, a line for each field, sorted by
// name. Neither names nor values can hold a line break.
func packHeader(h http.Header) string {
	size := 0
	names := make([]string, 0, len(h))
	for name, values := range h {
		names = append(names, name)
		for _, value := range values {
			size += len(name) + len(value) + 2
		}
	}
	slices.Sort(names)
	var b strings.Builder
	b.Grow(size)
	for _, name := range names {
		for _, value := range h[name] {
			b.WriteString(name)
			b.WriteByte(':')
			b.WriteString(value)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func unpackHeader(packed string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(packed) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		h[name] = append(h[name], value)
	}
	return h
}

// basePathOf returns what the path of an entry, as sent, began with.
func (r *Recorder) basePathOf(e *Entry) string {
	if !e.Prefixed {
		return ""
	}
	return r.BasePath
}

// Request returns an entry in its public form. It shares nothing with a journal that
// records.
func (r *Recorder) Request(e *Entry) journal.Request {
	if r.restored != nil {
		return r.restored.requests[e.Sequence]
	}
	o, head := e.Outcome(), e.head.Value()
	request := journal.Request{
		ID:             r.ID(e.Sequence),
		Sequence:       e.Sequence,
		Time:           e.At,
		Duration:       o.Took,
		Method:         head.method,
		BasePath:       r.basePathOf(e),
		Target:         e.Target,
		Proto:          head.proto,
		Scheme:         e.Scheme(),
		Host:           head.host,
		RemoteAddr:     e.Remote,
		Header:         unpackHeader(head.header),
		Pending:        !o.complete,
		Aborted:        o.Aborted,
		Operation:      e.OperationName(),
		PathParams:     e.PathParams(),
		Token:          decode.Text([]byte(e.Token)),
		Status:         o.Response.Status,
		ResponseHeader: http.Header{},
		ResponseBody:   bytes.Clone(o.Response.Body),
		Panic:          o.Panic,
		Fault:          o.Fault,
		Hint:           o.Hint,
		Scopes:         slices.Clone(e.Scopes),
		Timeline:       journal.Timeline{Received: o.Received, ResponseBegun: o.Took, Ended: time.Duration(e.ended.Load())},
	}
	request.ReadTarget()
	request.SetBody(bytes.Clone(o.Body), e.MaxBody)
	if v := o.Response.Violation; v != nil {
		request.Violation = new(*v)
		request.Violation.Path = slices.Clone(v.Path)
	}
	if t := e.Trigger.Load(); t != nil {
		request.Trigger = new(r.Trigger(t))
	}
	if o.Response.Status != 0 {
		o.Response.Headers(func(name string, values []string) { request.ResponseHeader[name] = slices.Clone(values) })
	}
	return request
}

// Scheme returns "https" for a request that came over TLS, and otherwise "http".
func (e *Entry) Scheme() string {
	if e.head.Value().secure {
		return "https"
	}
	return "http"
}

// Path returns the path as sent, without the query.
func (e *Entry) Path() string {
	path, _, _ := strings.Cut(e.Target, "?")
	return path
}

// Matched reports whether the request led to an operation, or succeeded without
// one, as OPTIONS and the API's description of itself do.
func (e *Entry) Matched() bool {
	status := e.Outcome().Response.Status
	return e.Operation != nil || status != 0 && status < 400
}
