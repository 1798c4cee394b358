package admin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// streamed is a response that is written part by part and never held whole. An
// error before the first part is sent is the response; a later one breaks the
// connection, so that no client takes a part for the whole.
type streamed struct {
	header map[string]string
	write  func(io.Writer) error
}

// streamBuffer is how much of a streamed response is held before it is sent, in
// bytes.
const streamBuffer = 64 << 10

// ServeHTTP writes the response until the client leaves.
func (s streamed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := &lateWriter{ResponseWriter: w, header: s.header}
	buffered := bufio.NewWriterSize(out, streamBuffer)
	err := s.write(buffered)
	if err == nil {
		err = r.Context().Err() // the client has left, and the parts behind were not written
	}
	switch {
	case err == nil:
		_ = buffered.Flush() // fails only when the client has left
	case out.begun:
		panic(http.ErrAbortHandler)
	default:
		WriteError(w, err)
	}
}

// lateWriter sends the header with the first part of the body.
type lateWriter struct {
	http.ResponseWriter
	header map[string]string
	begun  bool
}

// Write writes a part of the body.
func (w *lateWriter) Write(part []byte) (int, error) {
	if !w.begun {
		w.begun = true
		for name, value := range w.header {
			w.Header().Set(name, value)
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
	}
	return w.ResponseWriter.Write(part)
}

// listing is a JSON object with a long list among its members.
type listing struct {
	before any // the object of the members in front of the list; nil for none
	name   string
	list   iter.Seq[any]
	after  any // the object of the members behind the list; nil for none
}

// streamed returns the response that writes the object element by element.
func (l listing) streamed() streamed {
	return streamed{map[string]string{"Content-Type": "application/json"}, l.write}
}

func (l listing) write(w io.Writer) error {
	before, err := innerText(l.before)
	if err != nil {
		return err
	}
	after, err := innerText(l.after)
	if err != nil {
		return err
	}
	if before != "" {
		before += ","
	}
	if after != "" {
		after = "," + after
	}
	if _, err := fmt.Fprintf(w, "{%s\n  %q: [", before, l.name); err != nil {
		return err
	}
	separator, end := "\n    ", "]"
	for element := range l.list {
		text, err := encode(element, "    ")
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", separator, bytes.TrimSuffix(text, []byte("\n"))); err != nil {
			return err
		}
		separator, end = ",\n    ", "\n  ]"
	}
	_, err = fmt.Fprintf(w, "%s%s\n}\n", end, after)
	return err
}

// innerText returns the members of an object as they stand between its braces;
// blank for nil.
func innerText(object any) (string, error) {
	if object == nil {
		return "", nil
	}
	text, err := encode(object, "")
	text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("{")), []byte("}\n"))
	return string(bytes.TrimSuffix(text, []byte("\n"))), err
}

// encode returns a value as JSON with a line break. It is indented where people may
// read it, and each line but the first begins with the prefix.
func encode(value any, prefix string) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, fmt.Errorf("the response can't be written as JSON: %w", err)
	}
	if text.Len() > mostIndentedBytes || decode.Depth(text.Bytes()) > mostIndentedDepth {
		return text.Bytes(), nil
	}
	var indented bytes.Buffer
	err := json.Indent(&indented, text.Bytes(), prefix, "  ")
	return indented.Bytes(), err
}

// forms yields the forms of records in which they are shown, until the client of
// the call has left.
func forms[R any](r *request, records []R, form func(R) any) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, record := range records {
			if r.Context().Err() != nil || !yield(form(record)) {
				return
			}
		}
	}
}

// entriesOf yields the requests of entries in the form of WireMock's journal.
func entriesOf(r *request, rec *recorder.Recorder, entries []*recorder.Entry) iter.Seq[any] {
	return forms(r, entries, func(e *recorder.Entry) any { return rec.Request(e) })
}
