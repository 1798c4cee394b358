package contract

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
