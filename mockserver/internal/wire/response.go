package wire

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

// Response is an answer before it is sent. The journal keeps it, so nothing in
// it may change once it is made.
type Response struct {
	Status int
	Body   []byte // as JSON, whatever the encoding on the wire
	// violation says what a refused request broke.
	Violation *contract.Violation

	// fields are all of an answer that is not the API's own; nil for the API's.
	Fields     []Header
	ClientGone bool // whether the client has gone before there was an answer
	// more are fields beside the API's, and retryAfter one of them.
	More       []Header
	RetryAfter time.Duration // 0 for none

	allow    string // the header Allow
	Options  bool   // an answer to OPTIONS, with its own headers
	Origin   string // whom CORS headers name; blank for none
	Gzipped  bool
	Bodiless bool // HEAD: the status and the headers alone

	Chunked   bool // without a length
	LowerCase bool // names of fields in lower case
}

// Success is the body of a response that says nothing more.
var Success = []byte(`{"success":true}`)

// Header is a field of an answer. Its values are shared: nobody changes them.
type Header struct {
	Name   string
	Values []string
}

// Field returns the field of that name with one value.
func Field(name, value string) Header { return Header{Name: name, Values: []string{value}} }

// The fields that are the same in every answer.
var (
	ContentTypeJSON = Field("Content-Type", "application/json")
	encodingGzip    = Field("Content-Encoding", "gzip")
	varyOrigin      = Field("Vary", "origin")
	anyOrigin       = Field("Access-Control-Allow-Origin", "*")
	preflight       = []Header{
		Field("Access-Control-Allow-Headers", "Accept,Content-Type,X-Amz-Date,Authorization,Accept-Version,losantdomain"),
		Field("Access-Control-Allow-Methods", "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"),
		Field("Access-Control-Max-Age", "86400"),
	}
)

// Headers gives the answer's fields to who takes them, but for those that
// net/http adds.
func (r *Response) Headers(take func(name string, values []string)) {
	if r.Fields != nil {
		for _, h := range r.Fields {
			take(h.Name, h.Values)
		}
		if !Bodiless(r.Status) {
			take("Content-Length", r.length())
		}
		return
	}
	if r.Origin != "" {
		origin := allowOrigin(r.Origin)
		take(origin.Name, origin.Values)
		take(varyOrigin.Name, varyOrigin.Values)
	}
	if r.Options {
		for _, h := range preflight {
			take(h.Name, h.Values)
		}
		return
	}
	take(ContentTypeJSON.Name, ContentTypeJSON.Values)
	if r.allow != "" {
		take("Allow", []string{r.allow})
	}
	if r.RetryAfter > 0 {
		take("Retry-After", []string{wholeSeconds(r.RetryAfter)})
	}
	for _, h := range r.More {
		take(h.Name, h.Values)
	}
	switch {
	case r.Gzipped:
		take(encodingGzip.Name, encodingGzip.Values)
	case r.Chunked:
	default:
		take("Content-Length", r.length())
	}
}

// length is the header Content-Length.
func (r *Response) length() []string {
	return []string{strconv.Itoa(len(r.Body))}
}

func allowOrigin(origin string) Header {
	if origin == "*" {
		return anyOrigin
	}
	return Header{anyOrigin.Name, []string{origin}}
}

// Send writes the answer. A client that has gone away is no error of ours,
// and the journal has the entry already.
func (r *Response) Send(w http.ResponseWriter) {
	r.SendHead(w)
	if body := r.Sent(); len(body) > 0 {
		_, _ = w.Write(body)
	}
}

func (r *Response) SendHead(w http.ResponseWriter) {
	fields := w.Header()
	r.Headers(func(name string, values []string) {
		if r.LowerCase {
			name = strings.ToLower(name)
		}
		fields[name] = slices.Clone(values) // a handler around this one may change them
	})
	w.WriteHeader(r.Status)
	if r.Chunked {
		_ = http.NewResponseController(w).Flush() // or net/http would find out the length
	}
}

// Sent is the body as it goes out.
func (r *Response) Sent() []byte {
	switch {
	case r.Bodiless:
		return nil
	case r.Gzipped:
		return compressed(r.Body)
	default:
		return r.Body
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

// AcceptsGzip reads Accept-Encoding. A quality of 0 is a refusal.
func AcceptsGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			quality = strings.ReplaceAll(quality, " ", "")
			return strings.Trim(strings.TrimPrefix(quality, "q="), "0.") != "" || quality == ""
		}
	}
	return false
}

// InternalError is what a client is told of a panic.
const InternalError = "Internal server error"

// Bodiless tells which statuses go without a body.
func Bodiless(status int) bool {
	return status < http.StatusOK || status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// The errors of the API. Those of its parameters, tokens and resources have a
// type; those of reading a body have a code, from another layer of the real
// service.

func Error(status int, kind, message string) *Response {
	return &Response{Status: status, Body: errorBody("type", kind, message)}
}

func BodyError(status int, code, message string) *Response {
	return &Response{Status: status, Body: errorBody("code", code, message)}
}

func errorBody(key, kind, message string) []byte {
	b := append([]byte(`{"`), key...)
	b = append(b, `":`...)
	b = AppendText(b, kind)
	b = append(b, `,"message":`...)
	b = AppendText(b, message)
	return append(b, '}')
}

func Invalid(v *contract.Violation) *Response {
	r := Error(http.StatusBadRequest, "Validation", v.Error())
	r.Violation = v
	return r
}

func NotFound(what string) *Response {
	return Error(http.StatusNotFound, "NotFound", what+" was not found")
}

func Unauthorized(message string) *Response {
	return Error(http.StatusUnauthorized, "Unauthorized", message)
}

func Forbidden() *Response {
	return Error(http.StatusForbidden, "Forbidden", "Access is forbidden")
}

func MethodNotAllowed(method, allow string) *Response {
	r := Error(http.StatusMethodNotAllowed, "MethodNotAllowed", method+" is not allowed")
	r.allow = allow
	return r
}

// RateLimited says how long to wait, one second at least.
func RateLimited(wait time.Duration) *Response {
	r := Error(http.StatusTooManyRequests, "RateLimited", "Too many requests")
	r.RetryAfter = max(wait, time.Second)
	return r
}

// Raw is the answer as it would stand on the wire.
func (r *Response) Raw() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", r.Status, http.StatusText(r.Status))
	hasLength := false
	r.Headers(func(name string, values []string) {
		hasLength = hasLength || name == "Content-Length"
		for _, value := range values {
			b.WriteString(name + ": " + value + "\r\n")
		}
	})
	body := r.Sent()
	if !hasLength {
		b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("Connection: close\r\n\r\n")
	return append([]byte(b.String()), body...)
}
