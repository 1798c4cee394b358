package mockserver

// handlers says who does what the table offers. A test holds it against the
// table.
var handlers = map[string]func(*call) *reply{
	"applications.get":      (*call).listApplications,
	"applications.post":     (*call).createApplication,
	"application.get":       (*call).getApplication,
	"application.patch":     (*call).patchApplication,
	"auth.authenticateUser": (*call).authenticateUser,
	"webhook.delete":        (*call).deleteWebhook,
	"webhook.get":           (*call).getWebhook,
	"webhook.patch":         (*call).patchWebhook,
	"webhooks.get":          (*call).listWebhooks,
	"webhooks.post":         (*call).createWebhook,
}
