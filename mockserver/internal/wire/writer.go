package wire

import (
	"io"
	"net/http"
)

// Writer is a ResponseWriter that notes whether the response has begun.
type Writer struct {
	http.ResponseWriter
	Begun bool
}

// WriteHeader begins the response.
func (w *Writer) WriteHeader(status int) {
	w.Begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the response, if it has not begun.
func (w *Writer) Write(b []byte) (int, error) {
	w.Begun = true
	return w.ResponseWriter.Write(b)
}

// FlushError flushes, for http.ResponseController.
func (w *Writer) FlushError() error {
	w.Begun = true
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap returns the writer inside, for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// LimitBody returns the body of a request with a limit in bytes. It passes
// net/http its own writer, so that the connection is closed after a body that is
// too large.
func LimitBody(w http.ResponseWriter, r *http.Request, limit int64) io.ReadCloser {
	if watched, ok := w.(*Writer); ok {
		w = watched.ResponseWriter
	}
	return http.MaxBytesReader(w, r.Body, limit)
}
