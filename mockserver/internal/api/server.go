// Package api responds to requests as Losant's API does: it routes, checks, and
// authorizes them, and renders the state.
package api

import (
	"net/http"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Server responds to requests as the API does.
type Server struct {
	State    *state.State
	renderer *renderer
	MaxBody  int64 // the most bytes of a request's body
	panics   *life.Panics
}

// New returns a server of a state.
func New(s *state.State, maxBody int64, p *life.Panics) *Server {
	return &Server{State: s, renderer: newRenderer(s.API), MaxBody: maxBody, panics: p}
}

// NewCall returns the call of a request whose body was read.
func (s *Server) NewCall(r *http.Request, at time.Time, b wire.Body) *Call {
	return &Call{Server: s, Request: r, At: at, Body: b}
}
