package contract

// What a webhook's properties are when nobody says otherwise.
//
// Source: Losant's documentation of webhooks.
const (
	DefaultResponseCode     = 200
	DefaultVerificationType = "none"
	DefaultCastBuffersAs    = "array"
)

// webhookDefaults are all of them, as JSON has them.
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
