package wire

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// Refusal is a request that net/http refuses before any handler, as far as it was
// read, with its response.
type Refusal struct {
	// Request has the request line and the header; no method where there is no
	// request line.
	Request *http.Request
	Target  string
	// Body is what follows the header; all that was read where that is no request
	// of HTTP.
	Body     []byte
	Aborted  bool // whether the client left before the end of the header
	Response *Response
	Hint     string // what the client may have meant; blank where the response says it
}

// newRefusal returns a refusal of a request that was read, with the response that
// net/http writes.
func newRefusal(read, written []byte, remote string) *Refusal {
	r := &Refusal{Request: &http.Request{Header: http.Header{}, URL: new(url.URL), RemoteAddr: remote}, Body: read}
	r.Response = readResponse(written)
	r.Aborted = !endsHeader(read) && len(read) < maxNoted
	defer func() { r.Hint = r.hint() }()
	line, rest, _ := bytes.Cut(read, []byte("\n"))
	parts := strings.Split(strings.TrimSuffix(string(line), "\r"), " ")
	if len(parts) != 3 || !isToken(parts[0]) || parts[1] == "" || !isVersion(parts[2]) {
		return r
	}
	r.Request.Method, r.Target, r.Request.Proto = parts[0], parts[1], parts[2]
	r.Request.URL, r.Request.RequestURI = readTarget(r.Target), r.Target
	reader := bufio.NewReader(bytes.NewReader(rest))
	header, err := textproto.NewReader(reader).ReadMIMEHeader()
	if err == nil {
		r.Body, _ = io.ReadAll(reader) // bytes in memory
	}
	for name, values := range header {
		r.Request.Header[name] = values
	}
	r.Request.Host = r.Request.Header.Get("Host")
	r.Request.Header.Del("Host")
	if path, _, _ := strings.Cut(r.Target, "?"); strings.HasPrefix(path, "/") && !decode.ValidPath(path) && r.Response.Status == http.StatusBadRequest {
		r.Response = NoPath(path)
	}
	return r
}

// hint explains a common mistake in a request that is refused.
func (r *Refusal) hint() string {
	line, _, _ := bytes.Cut(r.Body, []byte("\n"))
	parts := bytes.Fields(line)
	switch status := r.Response.Status; {
	case bytes.HasPrefix(r.Body, []byte{0x16, 0x03}):
		return "the client speaks https, and this server http: begin the base URL with http://, or start the server with --tls"
	case status == http.StatusRequestHeaderFieldsTooLarge:
		return "the header of a request has at most 64 KiB"
	case status == http.StatusHTTPVersionNotSupported:
		return "this server speaks HTTP/1.0, HTTP/1.1 and HTTP/2"
	case status == http.StatusNotFound:
		return "the path has a percent sign without two hexadecimal digits behind it: write %25 for the sign itself"
	case r.Request.Method == "" && len(parts) > 3 && isVersion(string(parts[len(parts)-1])):
		return "the path has a blank: write %20 for it"
	case r.Request.Method == "":
		return "this is no request of HTTP, which begins with a line such as GET /applications HTTP/1.1"
	case status == http.StatusBadRequest && r.Request.Host == "":
		return "a request of HTTP/1.1 has the header Host"
	default:
		return ""
	}
}

// readTarget returns the URL of a target. A path with an escape that does not decode
// stands there as sent.
func readTarget(target string) *url.URL {
	path, query, _ := strings.Cut(target, "?")
	if decoded, err := url.PathUnescape(path); err == nil {
		return &url.URL{Path: decoded, RawPath: path, RawQuery: query}
	}
	return &url.URL{Path: path, RawQuery: query}
}

// endsHeader reports whether a blank line ends the header of a request.
func endsHeader(read []byte) bool {
	return bytes.Contains(read, []byte("\n\r\n")) || bytes.Contains(read, []byte("\n\n"))
}

// readResponse returns a response that net/http has written.
func readResponse(written []byte) *Response {
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(written)), nil)
	if err != nil {
		return &Response{Fields: []Header{}} // can't be: net/http has written it
	}
	defer response.Body.Close()
	r := &Response{Status: response.StatusCode, Fields: []Header{}}
	r.Body, _ = io.ReadAll(response.Body) // bytes in memory
	if kind := response.Header.Get("Content-Type"); kind != "" {
		r.Fields = append(r.Fields, Field("Content-Type", kind))
	}
	return r
}

// isVersion reports whether a text names a version of HTTP, of which there may be
// none.
func isVersion(text string) bool {
	number, ok := strings.CutPrefix(text, "HTTP/")
	return ok && isToken(number)
}

// isToken reports whether a text is one word of HTTP.
func isToken(text string) bool {
	separator := func(c rune) bool { return c <= ' ' || c >= 0x7F || strings.ContainsRune(`()<>@,;:\"/[]?={}`, c) }
	return text != "" && !strings.ContainsFunc(text, separator)
}
