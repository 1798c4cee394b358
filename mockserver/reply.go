package mockserver

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// reply is an answer before it is sent. The journal keeps it, so nothing in
// it may change once it is made.
type reply struct {
	status int
	body   []byte // as JSON, whatever the encoding on the wire
	// violation says what a refused request broke.
	violation *contract.Violation

	// fields are all of an answer that is not the API's own; nil for the API's.
	fields []header
	nobody bool // whether the client has gone before there was an answer
	// more are fields beside the API's, and retryAfter one of them.
	more       []header
	retryAfter time.Duration // 0 for none

	allow    string // the header Allow
	options  bool   // an answer to OPTIONS, with its own headers
	origin   string // whom CORS headers name; blank for none
	gzipped  bool
	bodiless bool // HEAD: the status and the headers alone

	chunked   bool // without a length
	lowerCase bool // names of fields in lower case
}

// success is the body of a response that says nothing more.
var success = []byte(`{"success":true}`)

// header is a field of an answer. Its values are shared: nobody changes them.
type header struct {
	name   string
	values []string
}

// The fields that are the same in every answer.
var (
	contentTypeJSON = header{"Content-Type", []string{"application/json"}}
	encodingGzip    = header{"Content-Encoding", []string{"gzip"}}
	varyOrigin      = header{"Vary", []string{"origin"}}
	anyOrigin       = header{"Access-Control-Allow-Origin", []string{"*"}}
	preflight       = []header{
		{"Access-Control-Allow-Headers", []string{"Accept,Content-Type,X-Amz-Date,Authorization,Accept-Version,losantdomain"}},
		{"Access-Control-Allow-Methods", []string{"DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"}},
		{"Access-Control-Max-Age", []string{"86400"}},
	}
)

// headers gives the answer's fields to who takes them, but for those that
// net/http adds.
func (r *reply) headers(take func(name string, values []string)) {
	if r.fields != nil {
		for _, h := range r.fields {
			take(h.name, h.values)
		}
		if !bodiless(r.status) {
			take("Content-Length", r.length())
		}
		return
	}
	if r.origin != "" {
		origin := allowOrigin(r.origin)
		take(origin.name, origin.values)
		take(varyOrigin.name, varyOrigin.values)
	}
	if r.options {
		for _, h := range preflight {
			take(h.name, h.values)
		}
		return
	}
	take(contentTypeJSON.name, contentTypeJSON.values)
	if r.allow != "" {
		take("Allow", []string{r.allow})
	}
	if r.retryAfter > 0 {
		take("Retry-After", []string{wholeSeconds(r.retryAfter)})
	}
	for _, h := range r.more {
		take(h.name, h.values)
	}
	switch {
	case r.gzipped:
		take(encodingGzip.name, encodingGzip.values)
	case r.chunked:
	default:
		take("Content-Length", r.length())
	}
}

// length is the header Content-Length.
func (r *reply) length() []string {
	return []string{strconv.Itoa(len(r.body))}
}

func allowOrigin(origin string) header {
	if origin == "*" {
		return anyOrigin
	}
	return header{anyOrigin.name, []string{origin}}
}

// send writes the answer. A client that has gone away is no error of ours,
// and the journal has the entry already.
func (r *reply) send(w http.ResponseWriter) {
	r.sendHead(w)
	if body := r.sent(); len(body) > 0 {
		_, _ = w.Write(body)
	}
}

func (r *reply) sendHead(w http.ResponseWriter) {
	fields := w.Header()
	r.headers(func(name string, values []string) {
		if r.lowerCase {
			name = strings.ToLower(name)
		}
		fields[name] = slices.Clone(values) // a handler around this one may change them
	})
	w.WriteHeader(r.status)
	if r.chunked {
		_ = http.NewResponseController(w).Flush() // or net/http would find out the length
	}
}

// sent is the body as it goes out.
func (r *reply) sent() []byte {
	switch {
	case r.bodiless:
		return nil
	case r.gzipped:
		return compressed(r.body)
	default:
		return r.body
	}
}

// wholeSeconds is a time as Retry-After has it, rounded up.
func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// acceptsGzip reads Accept-Encoding. A quality of 0 is a refusal.
func acceptsGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			quality = strings.ReplaceAll(quality, " ", "")
			return strings.Trim(strings.TrimPrefix(quality, "q="), "0.") != "" || quality == ""
		}
	}
	return false
}

// internalError is what a client is told of a panic.
const internalError = "Internal server error"

// bodiless tells which statuses go without a body.
func bodiless(status int) bool {
	return status < http.StatusOK || status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// The errors of the API. Those of its parameters, tokens and resources have a
// type; those of reading a body have a code, from another layer of the real
// service.

func apiError(status int, kind, message string) *reply {
	return &reply{status: status, body: errorBody("type", kind, message)}
}

func bodyError(status int, code, message string) *reply {
	return &reply{status: status, body: errorBody("code", code, message)}
}

func errorBody(key, kind, message string) []byte {
	b := append([]byte(`{"`), key...)
	b = append(b, `":`...)
	b = appendText(b, kind)
	b = append(b, `,"message":`...)
	b = appendText(b, message)
	return append(b, '}')
}

func invalid(v *contract.Violation) *reply {
	r := apiError(http.StatusBadRequest, "Validation", v.Error())
	r.violation = v
	return r
}

func notFound(what string) *reply {
	return apiError(http.StatusNotFound, "NotFound", what+" was not found")
}

func unauthorized(message string) *reply {
	return apiError(http.StatusUnauthorized, "Unauthorized", message)
}

func forbidden() *reply {
	return apiError(http.StatusForbidden, "Forbidden", "Access is forbidden")
}

func methodNotAllowed(method, allow string) *reply {
	r := apiError(http.StatusMethodNotAllowed, "MethodNotAllowed", method+" is not allowed")
	r.allow = allow
	return r
}

// rateLimited says how long to wait, one second at least.
func rateLimited(wait time.Duration) *reply {
	r := apiError(http.StatusTooManyRequests, "RateLimited", "Too many requests")
	r.retryAfter = max(wait, time.Second)
	return r
}

// raw is the answer as it would stand on the wire.
func (r *reply) raw() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", r.status, http.StatusText(r.status))
	hasLength := false
	r.headers(func(name string, values []string) {
		hasLength = hasLength || name == "Content-Length"
		for _, value := range values {
			b.WriteString(name + ": " + value + "\r\n")
		}
	})
	body := r.sent()
	if !hasLength {
		b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("Connection: close\r\n\r\n")
	return append([]byte(b.String()), body...)
}
