// Package api responds to requests as Losant's API does: it routes, checks, and
// authorizes them, and renders the state.
package api

import (
	"context"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/generic"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Server responds to requests as the API does.
type Server struct {
	State     *state.State
	renderer  *renderer
	Generic   *generic.Server
	responses *faults.Responses // of the scenario
	life      context.Context   // ends with the state
	MaxBody   int64             // the most bytes of a request's body
}

// New returns a server of a state, with the responses of its scenario. Its streams end
// with a life.
func New(s *state.State, responses *faults.Responses, life context.Context, maxBody int64) *Server {
	return &Server{State: s, responses: responses, life: life, renderer: renderers.Of(s.API), Generic: generic.New(s), MaxBody: maxBody}
}

// handlers are the functions that respond to the operations, by name. A test
// compares them with the contract.
var handlers = map[string]func(*Call) *wire.Response{
	contract.OperationApplicationsGet:      (*Call).listApplications,
	contract.OperationApplicationsPost:     (*Call).createApplication,
	contract.OperationApplicationDelete:    (*Call).deleteApplication,
	contract.OperationApplicationGet:       (*Call).getApplication,
	contract.OperationApplicationPatch:     (*Call).patchApplication,
	contract.OperationAuthAuthenticateUser: (*Call).authenticateUser,
	contract.OperationWebhookDelete:        (*Call).deleteWebhook,
	contract.OperationWebhookGet:           (*Call).getWebhook,
	contract.OperationWebhookPatch:         (*Call).patchWebhook,
	contract.OperationWebhooksGet:          (*Call).listWebhooks,
	contract.OperationWebhooksPost:         (*Call).createWebhook,
}
