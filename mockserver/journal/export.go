package journal

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/curl"
	"github.com/losantmock/losantmock/contract/visible"
)

// Format is a format that [Export] writes.
type Format string

// The formats of [Export].
const (
	HAR   Format = "har"   // HAR 1.2, which opens in a browser's developer tools
	JSONL Format = "jsonl" // a line of JSON for each request, which [Read] reads
	Curl  Format = "curl"  // a command for each request, which sends it again
)

// Formats returns the formats that [Export] writes; the first is the default.
func Formats() []Format { return []Format{HAR, JSONL, Curl} }

// Export writes requests for other tools. Without showSecrets, tokens, passwords,
// codes and cookies are replaced by placeholders, the same for the same secret.
// It fails for a format that is none of [Formats].
func Export(w io.Writer, format Format, requests []Request, showSecrets bool) error {
	return ExportSeq(w, format, slices.Values(requests), showSecrets)
}

// ExportSeq is [Export] of a sequence. It holds one request at a time. Without
// showSecrets it reads the sequence twice, which must have the same requests then:
// first to learn the secrets, and then to write.
func ExportSeq(w io.Writer, format Format, requests iter.Seq[Request], showSecrets bool) error {
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("%q is no format to export, use one of %q", format, Formats())
	}
	if !showSecrets {
		requests = redacted(requests)
	}
	switch format {
	case HAR:
		return writeHAR(w, requests)
	case JSONL:
		return writeLines(w, requests)
	default:
		return writeCurl(w, requests)
	}
}

func writeLines(w io.Writer, requests iter.Seq[Request]) error {
	for r := range requests {
		line, err := r.encode(LineVersion, InBase64)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// scheme returns the scheme of the request's URL. A request that was made in Go may
// have none.
func (r *Request) scheme() string { return cmp.Or(r.Scheme, "http") }

// url returns the URL that the request was sent to.
func (r *Request) url() string {
	return r.scheme() + "://" + cmp.Or(r.Host, r.ServerAddr, "localhost") + r.BasePath + r.Target
}

// Command returns a command that sends the request again, field by field and with
// its secrets, with some more of curl's options in front. The error says what of the
// request no command can send.
func (r *Request) Command(options ...string) (string, error) {
	if r.isMalformed() {
		return "", errors.New("no command can send what HTTP can't read as a request")
	}
	if r.isCutOff() {
		return "", errCutOff
	}
	again := curl.Request{
		Method: r.Method, Scheme: r.scheme(), Host: r.Host, Address: r.ServerAddr, Target: r.BasePath + r.Target, Header: r.Header,
		Exact: true, Old: r.Proto == "HTTP/1.0", NoHTTP2: r.Proto == "HTTP/1.1",
	}
	if body := r.SentBody(); len(body) > 0 {
		again.Body = body
	}
	if again.Scheme == "http" && r.Proto == "HTTP/2.0" {
		options = append(options, "--http2-prior-knowledge")
	}
	return again.Command(options...)
}

// isMalformed reports whether the header could not be read: such a request has
// itself as its body, from its first line on.
func (r *Request) isMalformed() bool {
	line := r.Method + " " + r.BasePath + r.Target + " " + r.Proto
	return r.Operation == "" && r.Status == http.StatusBadRequest && (r.Method == "" || bytes.HasPrefix(r.Body, []byte(line)))
}

// writeCurl writes a command for each request, which sends it again, on a line of
// its own. A request that no command can send is a comment that says why.
func writeCurl(w io.Writer, requests iter.Seq[Request]) error {
	for r := range requests {
		command, err := r.Command()
		if err != nil {
			command = visible.Text(fmt.Sprintf("# request %s: %v", r.ID, err))
		}
		if _, err := fmt.Fprintln(w, command); err != nil {
			return err
		}
	}
	return nil
}

// LineError is a line of a journal file that can't be read as a request.
type LineError struct {
	Line int // from 1
	Err  error
}

// Error returns a message with the number of the line.
func (e LineError) Error() string {
	return fmt.Sprintf("line %d can't be read as a request: %v", e.Line, e.Err)
}

// Unwrap returns the reason.
func (e LineError) Unwrap() error { return e.Err }

// LineErrors are the lines of a journal file that can't be read, in their order.
type LineErrors []LineError

// Error returns a line for each of the errors.
func (e LineErrors) Error() string {
	var lines []string
	for _, line := range e {
		lines = append(lines, line.Error())
	}
	return strings.Join(lines, "\n")
}

// Read reads the requests of a journal file, oldest first. It ignores what
// follows the last line break, which is a torn line. If lines can't be read it
// returns all others, and [LineErrors].
func Read(r io.Reader) ([]Request, error) {
	lines := bufio.NewReader(r)
	var requests []Request
	var bad LineErrors
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && bad != nil:
			return requests, bad
		case errors.Is(err, io.EOF):
			return requests, nil
		case err != nil:
			return requests, err
		}
		request, err := readLine(line)
		if err != nil {
			bad = append(bad, LineError{number, err})
			continue
		}
		requests = append(requests, request)
	}
}

// readLine reads a line of a journal file. It fails for one without what every
// request has: an id, and a method or, if it was no HTTP, the status of the refusal.
func readLine(line []byte) (Request, error) {
	var r Request
	err := json.Unmarshal(line, &r)
	if err == nil && (r.ID == "" || r.Method == "" && r.Status == 0) {
		err = errors.New("it is no request: it has no id, or neither a method nor a status")
	}
	return r, err
}
