// Package wire reads and writes HTTP as the real API does: request bodies,
// responses, the API's errors, and the listener.
package wire

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// Response is a response before it is sent. The journal keeps it: nothing in it
// may change after it is recorded.
type Response struct {
	Status int
	Body   []byte // as JSON, whatever the encoding on the wire
	Kept   *Kept  // that the body is of; nil for a body of this response alone, and in the journal
	// Violation says what a refused request broke.
	Violation *contract.Violation

	// Fields are the header fields of a response to a webhook's call, but for those of
	// CORS; nil for a response of the API, which has its own.
	Fields []Header
	// More are header fields beside the API's.
	More       []Header
	RetryAfter time.Duration // the header Retry-After; 0 for none

	Origin string // the origin in CORS headers; blank for no CORS headers

	Options    bool // a response to OPTIONS, with its own header fields
	ClientGone bool // whether the client has gone before the response
	Gzipped    bool
	Bodiless   bool // HEAD: the status and the headers alone
	Chunked    bool // without Content-Length
	LowerCase  bool // names of header fields in lower case, but for Content-Length
}

const contentLength = "Content-Length"

// framingFields are those by which net/http frames a response. It knows them by these
// names alone.
var framingFields = []string{contentLength, "Transfer-Encoding", "Connection", "Trailer"}

// Success is the body of a response that reports success alone.
var Success = []byte(`{"success":true}`)

// Header is a header field of a response. Responses share its values, which must
// not change.
type Header struct {
	Name   string
	Values []string
}

// Field returns the header field of a name with one value.
func Field(name, value string) Header { return Header{Name: name, Values: []string{value}} }

// The header fields that are the same in every response.
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

// Headers calls a function for each header field, except those that net/http
// adds.
func (r *Response) Headers(visit func(name string, values []string)) {
	if r.Origin != "" {
		origin := allowOrigin(r.Origin)
		visit(origin.Name, origin.Values)
		visit(varyOrigin.Name, varyOrigin.Values)
	}
	if r.Fields != nil {
		for _, h := range r.Fields {
			visit(h.Name, h.Values)
		}
		if !Bodiless(r.Status) && !r.Chunked {
			visit(contentLength, r.length())
		}
		return
	}
	if r.Options {
		for _, h := range preflight {
			visit(h.Name, h.Values)
		}
		return
	}
	visit(ContentTypeJSON.Name, ContentTypeJSON.Values)
	if r.RetryAfter > 0 {
		visit("Retry-After", []string{wholeSeconds(r.RetryAfter)})
	}
	for _, h := range r.More {
		visit(h.Name, h.Values)
	}
	switch {
	case r.Gzipped:
		visit(encodingGzip.Name, encodingGzip.Values)
	case r.Chunked:
	default:
		visit(contentLength, r.length())
	}
}

// length returns the values of Content-Length.
func (r *Response) length() []string {
	return []string{strconv.Itoa(len(r.Body))}
}

// Origin returns the origin that may read the response to a request: its own, or any.
func Origin(r *http.Request) string { return cmp.Or(r.Header.Get("Origin"), "*") }

func allowOrigin(origin string) Header {
	if origin == "*" {
		return anyOrigin
	}
	return Header{anyOrigin.Name, []string{origin}}
}

// Send writes the response. It ignores a client that has gone away: the journal
// has the entry already.
func (r *Response) Send(w http.ResponseWriter) {
	r.SendHead(w)
	if body := r.Sent(); len(body) > 0 {
		_, _ = w.Write(body)
	}
}

// SendHead writes the status and the header fields.
func (r *Response) SendHead(w http.ResponseWriter) {
	fields := w.Header()
	all := make([]string, 0, 8) // of most responses: one allocation for the values of all fields
	r.Headers(func(name string, values []string) {
		if r.LowerCase && !slices.Contains(framingFields, name) {
			fields[name] = nil // net/http adds none of this name
			name = strings.ToLower(name)
		}
		// A handler around this one may change the values.
		all = append(all, values...)
		fields[name] = all[len(all)-len(values) : len(all) : len(all)]
	})
	chunked := r.Chunked || r.Gzipped
	if chunked {
		delete(fields, contentLength)                     // which a fault may have set
		fields["Transfer-Encoding"] = []string{"chunked"} // otherwise net/http would add the length of a small body
	}
	w.WriteHeader(r.Status)
	if r.IsStream() {
		_ = http.NewResponseController(w).Flush()
	}
}

// Sent returns the body as it is sent.
func (r *Response) Sent() []byte {
	switch {
	case r.Bodiless:
		return nil
	case r.Gzipped:
		return r.compressed()
	default:
		return r.Body
	}
}

// wholeSeconds returns a time as Retry-After has it, rounded up.
func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// Bodiless reports whether a response with a status has no body.
func Bodiless(status int) bool {
	return status < http.StatusOK || status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// Captured returns the response that a function writes.
func Captured(write func(http.ResponseWriter)) *Response {
	c := &capture{header: http.Header{}}
	write(c)
	r := &Response{Status: c.status, Body: c.body.Bytes(), Fields: []Header{}}
	for name, values := range c.header {
		r.Fields = append(r.Fields, Header{name, values})
	}
	return r
}

// capture is a ResponseWriter that keeps what is written.
type capture struct {
	status int
	header http.Header
	body   bytes.Buffer
}

// Header returns the header to be written.
func (c *capture) Header() http.Header { return c.header }

// WriteHeader keeps the status.
func (c *capture) WriteHeader(status int) { c.status = status }

// Write keeps a part of the body.
func (c *capture) Write(b []byte) (int, error) { return c.body.Write(b) }

// IsStream reports whether what follows the head is sent later, event by event.
func (r *Response) IsStream() bool {
	return r.Chunked && (r.Bodiless || len(r.Body) == 0 && !r.Gzipped)
}

// Raw returns the response as the bytes of HTTP/1.1.
func (r *Response) Raw() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", r.Status, http.StatusText(r.Status))
	hasLength := false
	r.Headers(func(name string, values []string) {
		hasLength = hasLength || name == contentLength
		for _, value := range values {
			b.WriteString(name + ": " + value + "\r\n")
		}
	})
	body := r.Sent()
	switch {
	case hasLength || Bodiless(r.Status):
	case r.IsStream(): // of which no chunk follows
		b.WriteString("Transfer-Encoding: chunked\r\n")
	default:
		b.WriteString(contentLength + ": " + strconv.Itoa(len(body)) + "\r\n")
	}
	if r.Status != http.StatusSwitchingProtocols {
		b.WriteString("Connection: close\r\n")
	}
	b.WriteString("\r\n")
	return append([]byte(b.String()), body...)
}
