package mockserver

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// triggerOperation is what the journal calls a call of a webhook's own URL. It
// is no operation of the API: the real one is on another host.
var triggerOperation = &contract.Operation{Name: contract.TriggerOperation, Action: "trigger", Path: "/webhooks/{token}"}

// entry is a request as the journal keeps it: small, and never changed but for
// its outcome, which is written once. What can be worked out from it is worked
// out when somebody asks, in request.
type entry struct {
	sequence uint64 // by arrival
	at       time.Time

	method, target, proto, host, remote string

	header string // packed by packHeader

	answered atomic.Bool // whether the outcome is there
	outcome  outcome
	trigger  atomic.Pointer[trigger] // what it gave to a workflow

	revision uint64 // of the journal, when the entry last changed; under its lock
}

// outcome is what is known of a request once it is answered.
type outcome struct {
	body    []byte
	aborted bool
	op      *contract.Operation
	token   string
	scopes  []string // of the token; nil where it was not looked at or not known
	answer  reply
	panic   string
	took    time.Duration
	fault   string // the name of the fault that the request has met
	hint    string // what the client may have meant
}

func newEntry(r *http.Request, at time.Time) *entry {
	return &entry{
		at:     at,
		method: r.Method,
		target: target(r),
		proto:  r.Proto,
		host:   r.Host,
		remote: r.RemoteAddr,
		header: packHeader(r.Header),
	}
}

// pending is the outcome of a request that is not answered yet.
var pending outcome

// answeredWith is the entry as it will be with an outcome. It is in no journal.
func (e *entry) answeredWith(o outcome) *entry {
	as := &entry{
		sequence: e.sequence, at: e.at, method: e.method, target: e.target, proto: e.proto, host: e.host, remote: e.remote,
		header: e.header, outcome: o,
	}
	as.answered.Store(true)
	as.trigger.Store(e.trigger.Load())
	return as
}

// known is the outcome as far as there is one.
func (e *entry) known() *outcome {
	if e.answered.Load() {
		return &e.outcome
	}
	return &pending
}

// entryOverhead is about what an entry costs beside its texts, in bytes.
const entryOverhead = 512

// size is what an entry costs now: more once it is answered.
func (e *entry) size() int64 {
	o := e.known()
	return int64(entryOverhead + len(e.target) + len(e.header) + len(o.body) + len(o.token) + len(o.answer.body) + len(o.panic) + len(o.hint))
}

// packHeader puts a header into one text, a line for each field, sorted by
// name. Neither names nor values can hold a line's end.
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

// request works out an entry for those who read it. They may change what they
// get: the journal has its own.
func (j *journal) request(e *entry) Request {
	o := e.known()
	r := Request{
		ID:             j.id(e.sequence),
		Sequence:       e.sequence,
		Time:           e.at,
		Duration:       o.took,
		Method:         e.method,
		Target:         e.target,
		Proto:          e.proto,
		Host:           e.host,
		RemoteAddr:     e.remote,
		Header:         unpackHeader(e.header),
		Body:           bytes.Clone(o.body),
		Pending:        !e.answered.Load(),
		Aborted:        o.aborted,
		Token:          o.token,
		Status:         o.answer.status,
		ResponseHeader: http.Header{},
		ResponseBody:   bytes.Clone(o.answer.body),
		Panic:          o.panic,
		Fault:          o.fault,
		Hint:           o.hint,
		Scopes:         slices.Clone(o.scopes),
	}
	if u, err := url.ParseRequestURI(e.target); err == nil {
		r.Path, r.Query = u.Path, u.Query()
	}
	if o.op != nil {
		r.Operation = o.op.Name
		r.PathParams = e.pathParams()
	}
	if v := o.answer.violation; v != nil {
		r.Violation = new(*v)
		r.Violation.Path = slices.Clone(v.Path)
	}
	if t := e.trigger.Load(); t != nil {
		r.Operation, r.Trigger = triggerOperation.Name, new(j.trigger(t))
	}
	if o.answer.status != 0 {
		o.answer.headers(func(name string, values []string) { r.ResponseHeader[name] = slices.Clone(values) })
	}
	return r
}

// pathParams reads the parameters of the operation's path again: keeping them
// would cost more than reading them for the few who ask.
func (e *entry) pathParams() map[string]string {
	o := e.known()
	params := map[string]string{}
	if o.op == nil {
		return params
	}
	path, _, _ := strings.Cut(e.target, "?")
	values := strings.Split(path, "/")
	for i, segment := range strings.Split(o.op.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok && i < len(values) {
			value, err := url.PathUnescape(values[i])
			if err != nil {
				value = values[i]
			}
			params[strings.TrimSuffix(name, "}")] = value
		}
	}
	return params
}

// matched is what matched tells of a request worked out.
func (e *entry) matched() bool {
	o := e.known()
	return o.op != nil || o.answer.status != 0 && o.answer.status < 400
}
