package mockserver

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// panics counts what went wrong in the server itself: bugs to report.
type panics struct {
	logger *slog.Logger
	count  atomic.Uint64
}

// note counts a panic, and returns it with its stack. It is called by the
// deferred function that has recovered.
func (p *panics) note(problem any) string {
	p.count.Add(1)
	return fmt.Sprintf("%v\n%s", problem, debug.Stack())
}

// log logs a panic with the request that led to it.
func (p *panics) log(method, target, panicked string) {
	path, _, _ := strings.Cut(target, "?") // a query can hold a token
	p.logger.Error("panic", "method", method, "path", path, "panic", panicked)
}

// recoverRequest is deferred around a request. A panic is responded to with
// 500; where the response had begun, its connection is broken.
func (s *Server) recoverRequest(w *watchedWriter, r *http.Request) {
	problem := recover()
	if problem == nil {
		return
	}
	if err, ok := problem.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(problem) // which is meant for net/http
	}
	panicked := s.panics.note(problem)
	begun := w.begun
	if !begun {
		writePanic(w, r)
	}
	s.panics.log(r.Method, target(r), panicked)
	if begun {
		panic(http.ErrAbortHandler)
	}
}

// internalError is what a client is told of a panic.
const internalError = "Internal server error"

func writePanic(w http.ResponseWriter, r *http.Request) {
	if _, inside, ok := sandboxed(r); ok {
		r = inside
	}
	if isAdmin(r) {
		writeAdminError(w, http.StatusInternalServerError, "", internalError)
		return
	}
	apiError(http.StatusInternalServerError, "ServerError", internalError).send(w)
}

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
