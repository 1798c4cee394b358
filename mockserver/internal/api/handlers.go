package api

import (
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// handlers are the functions that respond to the operations, by name. A test
// compares them with the contract.
var handlers = map[string]func(*Call) *wire.Response{
	contract.OperationApplicationsGet:      (*Call).listApplications,
	contract.OperationApplicationsPost:     (*Call).createApplication,
	contract.OperationApplicationGet:       (*Call).getApplication,
	contract.OperationApplicationPatch:     (*Call).patchApplication,
	contract.OperationAuthAuthenticateUser: (*Call).authenticateUser,
	contract.OperationWebhookDelete:        (*Call).deleteWebhook,
	contract.OperationWebhookGet:           (*Call).getWebhook,
	contract.OperationWebhookPatch:         (*Call).patchWebhook,
	contract.OperationWebhooksGet:          (*Call).listWebhooks,
	contract.OperationWebhooksPost:         (*Call).createWebhook,
}
