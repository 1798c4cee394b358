package mockserver

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Remembered is how many access tokens and webhooks the main world of a server
// remembers: those of its rate limits, and those of its faults.
func Remembered(s *Server) (callers, called, perToken int) {
	e := s.base.Era()
	return e.State.Callers.Len(), e.State.Called.Len(), e.Faults.Remembered()
}

// Fired returns the triggers that the main world of a server keeps.
func Fired(s *Server) ([]*recorder.Trigger, uint64) { return s.base.Era().Journal.FiredTriggers() }

// Held returns how many bytes the worlds of a server count in their budget.
func Held(s *Server) int64 { return s.worlds.MemoryState().Held }

// request sends a request through the handler, without a socket.
func request(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer any")
	r.Header.Set("Content-Type", "application/json")
	r.Host = "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
