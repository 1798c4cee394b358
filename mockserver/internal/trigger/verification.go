package trigger

import (
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// verify does what a webhook's verificationType requires. It responds to the
// handshake by which a third party makes sure that the webhook's owner wants its
// calls, or refuses a call that the third party can't have made.
func (c *Call) verify() *wire.Response {
	switch query := decode.ParseQuery(c.Request.URL.RawQuery); c.hook.VerificationType {
	case "facebook":
		return c.verifyFacebook(query)
	case "fitbit":
		return c.verifyFitbit(query)
	case "alexa":
		return c.verifyAlexa()
	default:
		return nil
	}
}

// verifyFacebook responds to a subscription with its challenge. That is the
// caller's text, and is never sent as HTML.
//
// Source: Meta's documentation of webhooks.
func (c *Call) verifyFacebook(query decode.Query) *wire.Response {
	switch {
	case c.Request.Method != http.MethodGet || query["hub.mode"].Text != "subscribe":
		return nil
	case query["hub.verify_token"].Text != c.hook.VerificationCode:
		return errorResponse(http.StatusForbidden, "The verification code is wrong")
	default:
		return &wire.Response{Status: http.StatusOK, Fields: asPlain, Body: []byte(query["hub.challenge"].Text)}
	}
}

// verifyFitbit responds to the verification of a subscriber: 204 for the code, and
// 404 for another one.
//
// Source: Fitbit's documentation of subscriptions.
func (c *Call) verifyFitbit(query decode.Query) *wire.Response {
	switch {
	case c.Request.Method != http.MethodGet || !query["verify"].Given:
		return nil
	case query["verify"].Text == c.hook.VerificationCode:
		return &wire.Response{Status: http.StatusNoContent, Fields: protective}
	default:
		return errorResponse(http.StatusNotFound, "The verification code is wrong")
	}
}

// alexaTolerance is how old a call from Alexa may be.
//
// Source: Amazon's documentation of Alexa.
const alexaTolerance = 150 * time.Second

// verifyAlexa refuses a call without the header fields of Alexa, or one that is too
// old. It does not check the signature: a test cannot sign as Amazon.
func (c *Call) verifyAlexa() *wire.Response {
	refuse := func(why string) *wire.Response { return errorResponse(http.StatusBadRequest, why) }
	h := c.Request.Header
	for _, name := range []string{"Signature", "SignatureCertChainUrl", "Timestamp"} {
		if h.Get(name) == "" {
			return refuse("The header " + name + " is missing")
		}
	}
	at, err := time.Parse(time.RFC3339, h.Get("Timestamp"))
	if err != nil {
		return refuse("The header Timestamp is no date such as 2016-06-13T04:00:00Z")
	}
	if age := c.entry.At.Sub(at); age > alexaTolerance || age < -alexaTolerance {
		return refuse("The header Timestamp is too old")
	}
	return nil
}
