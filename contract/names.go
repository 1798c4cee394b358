package contract

// Names of the operations. An operation's name is also the scope that allows
// it and no other.
//
// Source: Losant's definition of its API.
const (
	OperationApplicationsGet      = "applications.get"
	OperationApplicationsPost     = "applications.post"
	OperationApplicationDelete    = "application.delete"
	OperationApplicationGet       = "application.get"
	OperationApplicationPatch     = "application.patch"
	OperationAuthAuthenticateUser = "auth.authenticateUser"
	OperationWebhooksGet          = "webhooks.get"
	OperationWebhooksPost         = "webhooks.post"
	OperationWebhookGet           = "webhook.get"
	OperationWebhookPatch         = "webhook.patch"
	OperationWebhookDelete        = "webhook.delete"
)

// OperationTrigger names a call of a webhook's own URL. It is no operation of
// the API: journals and faults name it all the same.
const OperationTrigger = "trigger"

// Scopes that allow a part of the API. Those of the command line exist since
// version 1.20.1, those that are bounded and those of an organization only since
// 1.30.0.
//
// Source: Losant's definition of its API.
const (
	ScopeAllApplication          = "all.Application"
	ScopeAllApplicationBounded   = "all.Application.bounded"
	ScopeAllApplicationCLI       = "all.Application.cli"
	ScopeAllApplicationRead      = "all.Application.read"
	ScopeAllOrganization         = "all.Organization"
	ScopeAllOrganizationBounded  = "all.Organization.bounded"
	ScopeAllOrganizationRead     = "all.Organization.read"
	ScopeAllUser                 = "all.User"
	ScopeAllUserBounded          = "all.User.bounded"
	ScopeAllUserCLI              = "all.User.cli"
	ScopeAllUserRead             = "all.User.read"
	ScopeOnlyOrganization        = "only.Organization"
	ScopeOnlyOrganizationBounded = "only.Organization.bounded"
	ScopeOnlyOrganizationRead    = "only.Organization.read"
)

// The defaults of a webhook's properties.
//
// Source: Losant's documentation of webhooks.
const (
	DefaultResponseCode     = 200
	DefaultVerificationType = "none"
	DefaultCastBuffersAs    = "array"
)

// webhookDefaults has the defaults of all properties, as JSON has them.
var webhookDefaults = map[string]any{
	"description":       "",
	"enabled":           true,
	"isWebsocket":       false,
	"waitForReply":      false,
	"responseCode":      float64(DefaultResponseCode),
	"verificationType":  DefaultVerificationType,
	"verificationCode":  "",
	"basicAuthUsername": "",
	"basicAuthPassword": "",
	"castBuffersAs":     DefaultCastBuffersAs,
	"annotateMultipart": false,
}
