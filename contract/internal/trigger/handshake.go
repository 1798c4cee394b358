package trigger

import (
	"net/http"
	"net/url"
	"time"
)

const (
	code      = "Losantmock-Code-1"
	wrongCode = "another-code"
)

// handshakeCases are about what third parties send to make sure of a webhook.
func handshakeCases() []Case {
	return []Case{
		{Title: "Facebook's handshake", Webhook: verified("facebook"), Calls: []Call{
			{Title: "the right code", request: subscribe(code, "1158201444"), rules: []Rule{status(documented, 200), text(documented, "1158201444"), mediaType("text/plain")}},
			{Title: "a challenge with markup", request: subscribe(code, "<b>&amp; +ä"), rules: []Rule{status(documented, 200), text(documented, "<b>&amp; +ä"), mediaType("text/plain")}},
			{Title: "another code", request: subscribe(wrongCode, "1158201444"), rules: []Rule{refused(inferred), status(inferred, 403), failure()}},
			{Title: "the code in capitals", request: subscribe("LOSANTMOCK-CODE-1", "1158201444"), rules: []Rule{refused(inferred)}},
			{Title: "no code", request: request{method: http.MethodGet, path: "?hub.mode=subscribe&hub.challenge=1158201444"}, rules: []Rule{refused(inferred), status(inferred, 403)}},
			{Title: "another call", request: request{body: event}, rules: []Rule{status(documented, 201), success(documented)}},
			{Title: "a GET that is no handshake", request: request{method: http.MethodGet}, rules: []Rule{status(ours, 201), success(ours)}},
			{Title: "a handshake with POST", request: withMethod(subscribe(code, "1158201444"), http.MethodPost), rules: []Rule{status(ours, 201), success(ours)}},
		}},
		{Title: "Fitbit's handshake", Webhook: verified("fitbit"), Calls: []Call{
			{Title: "the right code", request: request{method: http.MethodGet, path: "?verify=" + code}, rules: []Rule{status(documented, 204), blank(documented)}},
			{Title: "another code", request: request{method: http.MethodGet, path: "?verify=" + wrongCode}, rules: []Rule{refused(inferred), status(inferred, 404)}},
			{Title: "a blank code", request: request{method: http.MethodGet, path: "?verify="}, rules: []Rule{refused(inferred), status(inferred, 404)}},
			{Title: "another call", request: request{body: event}, rules: []Rule{status(documented, 204), blank(documented)}},
			{Title: "a GET that is no handshake", request: request{method: http.MethodGet}, rules: []Rule{status(documented, 204)}},
		}},
		{Title: "Twilio's document", Webhook: verified("twilio"), Calls: []Call{
			{Title: "a call", request: request{body: "Body=hello", typed: formTyped}, rules: []Rule{status(documented, 201), twiML(documented), mediaType("text/xml")}},
			{Title: "a GET", request: request{method: http.MethodGet, path: "?Body=hello"}, rules: []Rule{status(documented, 201), twiML(documented)}},
		}},
		{Title: "what Alexa has to send", Webhook: verified("alexa"), Calls: []Call{
			{Title: "all of it, signed by nobody", request: signed(0), rules: []Rule{status(ours, 201), success(ours)}},
			{Title: "140 seconds ago", request: signed(140 * time.Second), rules: []Rule{status(ours, 201)}},
			{Title: "10 minutes ago", request: signed(10 * time.Minute), rules: []Rule{refused(documented), status(ours, 400), failure()}},
			{Title: "nothing", request: request{body: event}, rules: []Rule{refused(documented), status(ours, 400), failure()}},
			{Title: "no signature", request: lacking("Signature"), rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "no certificate", request: lacking("SignatureCertChainUrl"), rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "no time", request: lacking("Timestamp"), rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "a time that is none", request: signedWhen("yesterday"), rules: []Rule{refused(inferred), status(ours, 400)}},
		}},
	}
}

// verified returns the properties of a webhook with a verificationType.
func verified(kind string) map[string]any {
	return map[string]any{"verificationType": kind, "verificationCode": code, "responseCode": 201}
}

// subscribe returns Facebook's handshake.
func subscribe(code, challenge string) request {
	query := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {code}, "hub.challenge": {challenge}}
	return request{method: http.MethodGet, path: "?" + query.Encode()}
}

func withMethod(r request, method string) request {
	r.method = method
	return r
}

// signed returns a call as Alexa sends it, of some time ago.
func signed(ago time.Duration) request {
	return request{body: event, signedAt: &ago, header: map[string]string{
		"Signature": "c2lnbmVkIGJ5IG5vYm9keQ==", "SignatureCertChainUrl": "https://s3.amazonaws.com/echo.api/echo-api-cert.pem",
	}}
}

// lacking returns a call as Alexa sends it, without a header field.
func lacking(name string) request {
	r := signed(0)
	delete(r.header, name)
	if name == "Timestamp" {
		r.signedAt = nil
	}
	return r
}

// signedWhen returns a call as Alexa sends it, with a text as its time.
func signedWhen(text string) request {
	r := lacking("Timestamp")
	r.header["Timestamp"] = text
	return r
}
