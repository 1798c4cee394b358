package contract

// Names of the operations. An operation's name is also the scope that allows
// it and no other.
//
// Source: Losant's definition of its API.
const (
	OperationApplicationsGet      = "applications.get"
	OperationApplicationsPost     = "applications.post"
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

// Scopes that allow a part of the API. Bounded scopes exist since version
// 1.30.0.
//
// Source: Losant's definition of its API.
const (
	ScopeAllApplication         = "all.Application"
	ScopeAllApplicationBounded  = "all.Application.bounded"
	ScopeAllApplicationRead     = "all.Application.read"
	ScopeAllOrganization        = "all.Organization"
	ScopeAllOrganizationBounded = "all.Organization.bounded"
	ScopeAllOrganizationRead    = "all.Organization.read"
	ScopeAllUser                = "all.User"
	ScopeAllUserBounded         = "all.User.bounded"
	ScopeAllUserRead            = "all.User.read"
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
