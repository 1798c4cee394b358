package wire

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Writer is a ResponseWriter that notes whether the response has begun. Over HTTP/2 it
// keeps to what that allows, and drops a client that does not read: there, a write
// waits for the client, and not for the connection.
type Writer struct {
	http.ResponseWriter
	Begun  bool
	stream *http.ResponseController // of a request over HTTP/2; otherwise nil
}

// NewWriter returns the writer of the response to a request.
func NewWriter(w http.ResponseWriter, r *http.Request) *Writer {
	watched := &Writer{ResponseWriter: w}
	if r.ProtoMajor == 2 {
		watched.stream = http.NewResponseController(w)
	}
	return watched
}

// connectionFields are header fields about the connection, which are illegal in
// HTTP/2. From Connection, net/http takes whether to close it, and does not send it.
var connectionFields = []string{"Upgrade", "Keep-Alive", "Proxy-Connection", "Te", "Transfer-Encoding"}

// fitHTTP2 removes what HTTP/2 does not allow in a header: fields about the connection,
// whatever the case of their names, and spaces around values.
func fitHTTP2(header http.Header) {
	maps.DeleteFunc(header, func(name string, _ []string) bool {
		return slices.Contains(connectionFields, http.CanonicalHeaderKey(name))
	})
	for _, values := range header {
		for i, value := range values {
			if fit := strings.TrimSpace(value); fit != value { // values that responses share have none
				values[i] = fit
			}
		}
	}
}

// WriteHeader begins the response.
func (w *Writer) WriteHeader(status int) {
	w.Begun = true
	if w.stream == nil {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	chunked := len(w.Header()["Transfer-Encoding"]) > 0
	fitHTTP2(w.Header())
	w.ResponseWriter.WriteHeader(status)
	if chunked {
		_ = w.FlushError() // HTTP/2 has no chunks: net/http would add the length of a small body
	}
}

// streamPart is how much of a response a client over HTTP/2 has to read within
// [StalledTimeout], in bytes.
const streamPart = 16 << 10

// Write begins the response, if it has not begun.
func (w *Writer) Write(b []byte) (written int, err error) {
	w.Begun = true
	if w.stream == nil {
		return w.ResponseWriter.Write(b)
	}
	for part := range slices.Chunk(b, streamPart) {
		w.limitWait()
		n, err := w.ResponseWriter.Write(part)
		w.endWait()
		written += n
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// FlushError flushes, for http.ResponseController.
func (w *Writer) FlushError() error {
	w.Begun = true
	w.limitWait()
	defer w.endWait()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Finish is called when the handler returns: what is not sent yet may wait for the
// client no longer than a write.
func (w *Writer) Finish() { w.limitWait() }

// limitWait lets what is written over HTTP/2 wait for [StalledTimeout] from now on.
func (w *Writer) limitWait() {
	if w.stream != nil {
		_ = w.stream.SetWriteDeadline(time.Now().Add(StalledTimeout)) // no other writer has none
	}
}

// endWait ends the time of limitWait.
func (w *Writer) endWait() {
	if w.stream != nil {
		_ = w.stream.SetWriteDeadline(time.Time{})
	}
}

// Unwrap returns the writer inside, for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
