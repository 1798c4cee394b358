package mockserver

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// entry is a request and its answer as the journal keeps them: small, and
// never changed. What can be worked out from it is worked out when somebody
// asks, in Request.
type entry struct {
	sequence uint64
	at       time.Time
	took     time.Duration

	method, target, proto, host, remote string

	header  string // packed by packHeader
	body    []byte
	aborted bool

	op     *contract.Operation
	token  string
	bearer *bearer
	answer *reply
	panic  string
}

func newEntry(c *call, answer *reply, took time.Duration) *entry {
	r := c.request
	return &entry{
		at:      c.at,
		took:    took,
		method:  r.Method,
		target:  target(r),
		proto:   r.Proto,
		host:    r.Host,
		remote:  r.RemoteAddr,
		header:  packHeader(r.Header),
		body:    c.body.raw,
		aborted: c.body.aborted(),
		op:      c.op,
		token:   c.token,
		bearer:  c.bearer,
		answer:  answer,
		panic:   c.panic,
	}
}

// target is path and query as sent, also of a request that was sent to a proxy
// and names the whole URL.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// entryOverhead is about what an entry costs beside its texts, in bytes.
const entryOverhead = 512

func (e *entry) size() int64 {
	return int64(entryOverhead + len(e.target) + len(e.header) + len(e.body) + len(e.token) + len(e.answer.body) + len(e.panic))
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

// Request is a request that the server received, and how it was answered. The
// texts are as they were sent: secrets are not replaced.
type Request struct {
	// ID names the request in the admin API.
	ID string
	// Sequence counts the requests of a world from 1, in the order of their
	// answers.
	Sequence uint64
	// Time is when the request arrived, by the world's clock.
	Time time.Time
	// Duration is from arrival to answer; 0 where the clock is not real.
	Duration time.Duration

	Method string
	// Target is path and query as sent.
	Target     string
	Path       string // decoded
	Query      url.Values
	Proto      string // "HTTP/1.1"
	Host       string
	RemoteAddr string
	Header     http.Header
	Body       []byte
	// Aborted says that the client left before the body was complete.
	Aborted bool

	// Operation is the operation's name, such as "webhooks.post"; blank for a
	// request that led to none.
	Operation string
	// PathParams are the operation's path parameters, decoded.
	PathParams map[string]string
	// Token is the access token as sent. Scopes are those it holds; nil where
	// it was not looked at or not known.
	Token  string
	Scopes []string

	Status         int
	ResponseHeader http.Header
	// ResponseBody is the answer before it was compressed.
	ResponseBody []byte
	// Violation is what the request broke, when it was refused for that.
	Violation *contract.Violation
	// Panic is what went wrong in the server itself: a bug to report.
	Panic string
}

// request works out an entry for those who read it.
func (j *journal) request(e *entry, routes *routes) Request {
	r := Request{
		ID:             j.id(e.sequence),
		Sequence:       e.sequence,
		Time:           e.at,
		Duration:       e.took,
		Method:         e.method,
		Target:         e.target,
		Proto:          e.proto,
		Host:           e.host,
		RemoteAddr:     e.remote,
		Header:         unpackHeader(e.header),
		Body:           e.body,
		Aborted:        e.aborted,
		Token:          e.token,
		Status:         e.answer.status,
		ResponseHeader: http.Header{},
		ResponseBody:   e.answer.body,
		Violation:      e.answer.violation,
		Panic:          e.panic,
	}
	if u, err := url.ParseRequestURI(e.target); err == nil {
		r.Path, r.Query = u.Path, u.Query()
		if e.op != nil {
			_, r.PathParams = routes.find(u)
		}
	}
	if e.op != nil {
		r.Operation = e.op.Name
	}
	if e.bearer != nil {
		r.Scopes = e.bearer.scopes
	}
	for _, h := range e.answer.headers() {
		r.ResponseHeader[h.name] = h.values
	}
	return r
}
