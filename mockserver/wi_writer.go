package mockserver

import (
	"io"
	"net/http"
)

// watchedWriter knows whether a response has begun.
type watchedWriter struct {
	http.ResponseWriter
	begun bool
}

func (w *watchedWriter) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// FlushError is for http.ResponseController.
func (w *watchedWriter) FlushError() error {
	w.begun = true
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// limitBody limits the body of a request. It lets net/http know its own writer,
// which then closes the connection behind a body that is too large.
func limitBody(w http.ResponseWriter, r *http.Request, most int64) io.ReadCloser {
	if watched, ok := w.(*watchedWriter); ok {
		w = watched.ResponseWriter
	}
	return http.MaxBytesReader(w, r.Body, most)
}
