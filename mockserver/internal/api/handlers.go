package api

import "github.com/losantmock/losantmock/mockserver/internal/wire"

// handlers are the functions that respond to the operations, by name. A test
// compares them with the contract.
var handlers = map[string]func(*Call) *wire.Response{
	"applications.get":      (*Call).listApplications,
	"applications.post":     (*Call).createApplication,
	"application.get":       (*Call).getApplication,
	"application.patch":     (*Call).patchApplication,
	"auth.authenticateUser": (*Call).authenticateUser,
	"webhook.delete":        (*Call).deleteWebhook,
	"webhook.get":           (*Call).getWebhook,
	"webhook.patch":         (*Call).patchWebhook,
	"webhooks.get":          (*Call).listWebhooks,
	"webhooks.post":         (*Call).createWebhook,
}
