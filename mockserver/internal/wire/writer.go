package wire

import (
	"io"
	"net/http"
)

// Writer knows whether a response has begun.
type Writer struct {
	http.ResponseWriter
	Begun bool
}

func (w *Writer) WriteHeader(status int) {
	w.Begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *Writer) Write(b []byte) (int, error) {
	w.Begun = true
	return w.ResponseWriter.Write(b)
}

// FlushError is for http.ResponseController.
func (w *Writer) FlushError() error {
	w.Begun = true
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// LimitBody limits the body of a request. It lets net/http know its own writer,
// which then closes the connection behind a body that is too large.
func LimitBody(w http.ResponseWriter, r *http.Request, limit int64) io.ReadCloser {
	if watched, ok := w.(*Writer); ok {
		w = watched.ResponseWriter
	}
	return http.MaxBytesReader(w, r.Body, limit)
}
