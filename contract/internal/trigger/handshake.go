package trigger

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	code      = "Losantmock-Code-1"
	wrongCode = "another-code"
)

// handshakeCases are about what third parties send to make sure of a webhook.
func handshakeCases() []Case {
	return slices.Concat(facebookCases(), []Case{
		{Title: "Fitbit's handshake", Webhook: verified("fitbit"), Calls: []Call{
			{Title: "the right code", request: request{method: http.MethodGet, path: "?verify=" + code}, rules: noContent},
			{Title: "another code", request: request{method: http.MethodGet, path: "?verify=" + wrongCode}, rules: []Rule{refused(inferred), status(inferred, 404)}},
			{Title: "the code in capitals", request: request{method: http.MethodGet, path: "?verify=" + strings.ToUpper(code)}, rules: []Rule{refused(inferred)}},
			{Title: "a blank code", request: request{method: http.MethodGet, path: "?verify="}, rules: []Rule{refused(inferred), status(inferred, 404)}},
			{Title: "another call", request: request{body: event}, rules: noContent},
			{Title: "a PUT", request: request{method: http.MethodPut, body: event}, rules: noContent},
			{Title: "a GET that is no handshake", request: request{method: http.MethodGet}, rules: []Rule{status(documented, 204)}},
			{Title: "a call where the status is an error", Change: map[string]any{"responseCode": 400}, request: request{body: event}, rules: noContent},
		}},
		{Title: "Twilio's document", Webhook: verified("twilio"), Calls: []Call{
			{Title: "a call", request: request{body: "Body=hello", typed: formTyped}, rules: []Rule{status(documented, 201), twiML(documented), mediaType("text/xml")}},
			{Title: "a GET", request: request{method: http.MethodGet, path: "?Body=hello"}, rules: []Rule{status(documented, 201), twiML(documented)}},
			{Title: "a PUT", request: request{method: http.MethodPut, body: event}, rules: []Rule{status(inferred, 201), twiML(inferred)}},
			{Title: "a call where the status is an error", Change: map[string]any{"responseCode": 400}, request: request{body: "Body=hello", typed: formTyped}, rules: []Rule{status(documented, 400), twiML(documented)}},
		}},
		{Title: "what Alexa has to send", Webhook: verified("alexa"), Calls: []Call{
			{Title: "146 seconds ago", request: signed(146 * time.Second), rules: []Rule{only(isSoon, status(ours, 201))}},
			{Title: "170 seconds ago", request: signed(170 * time.Second), rules: []Rule{refused(documented), status(ours, 400), failure()}},
			{Title: "10 minutes ago", request: signed(10 * time.Minute), rules: []Rule{refused(documented), status(ours, 400), failure()}},
			{Title: "all of it, signed by nobody", request: signed(0), rules: []Rule{status(ours, 201), success(ours)}},
			{Title: "nothing", request: request{body: event}, rules: []Rule{refused(documented), status(ours, 400), failure()}},
			{Title: "nothing with GET", request: request{method: http.MethodGet}, rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "no signature", request: lacking("Signature"), rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "a blank signature", request: having("Signature", ""), rules: []Rule{refused(inferred), status(ours, 400)}},
			{Title: "no certificate", request: lacking("SignatureCertChainUrl"), rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "no time", request: lacking("Timestamp"), rules: []Rule{refused(documented), status(ours, 400)}},
			{Title: "a time that is none", request: having("Timestamp", "yesterday"), rules: []Rule{refused(inferred), status(ours, 400)}},
		}},
		{Title: "a verificationType that is changed", Webhook: map[string]any{"responseCode": 201}, Calls: []Call{
			{Title: "none", request: request{body: event}, rules: normal},
			{Title: "Twilio", Change: map[string]any{"verificationType": "twilio"}, request: request{body: event}, rules: []Rule{status(documented, 201), twiML(documented)}},
			{Title: "Fitbit", Change: map[string]any{"verificationType": "fitbit"}, request: request{body: event}, rules: noContent},
			{Title: "Alexa", Change: map[string]any{"verificationType": "alexa"}, request: request{body: event}, rules: []Rule{refused(documented)}},
			{Title: "Facebook", Change: map[string]any{"verificationType": "facebook", "verificationCode": code}, request: subscribe(code, "1"), rules: challenged("1")},
			{Title: "none again", Change: map[string]any{"verificationType": "none"}, request: subscribe(code, "1"), rules: normal},
		}},
	})
}

// facebookCases are about the handshake of Facebook.
func facebookCases() []Case {
	long := strings.Repeat("0123456789", 10)
	newCode := "Another-Code-2"
	return []Case{{Title: "Facebook's handshake", Webhook: verified("facebook"), Calls: []Call{
		{Title: "the right code", request: subscribe(code, "1158201444"), rules: slices.Concat(challenged("1158201444"), []Rule{mediaType("text/plain")})},
		{Title: "a challenge with markup", request: subscribe(code, "<b>&amp; +ä"), rules: slices.Concat(challenged("<b>&amp; +ä"), []Rule{mediaType("text/plain")})},
		{Title: "a long challenge", request: subscribe(code, long), rules: challenged(long)},
		{Title: "a further path", request: further(subscribe(code, "1158201444")), rules: []Rule{status(inferred, 200), text(inferred, "1158201444")}},
		{Title: "another code", request: subscribe(wrongCode, "1158201444"), rules: []Rule{refused(inferred), status(inferred, 403), failure()}},
		{Title: "the code in capitals", request: subscribe(strings.ToUpper(code), "1158201444"), rules: []Rule{refused(inferred)}},
		{Title: "the code with blanks around it", request: subscribe(" "+code+" ", "1158201444"), rules: []Rule{refused(inferred)}},
		{Title: "the beginning of the code", request: subscribe(code[:4], "1158201444"), rules: []Rule{refused(inferred)}},
		{Title: "no code", request: request{method: http.MethodGet, path: "?hub.mode=subscribe&hub.challenge=1158201444"}, rules: []Rule{refused(inferred), status(inferred, 403)}},
		{Title: "no mode", request: request{method: http.MethodGet, path: "?hub.verify_token=" + code + "&hub.challenge=1158201444"}, rules: supposed},
		{Title: "another mode", request: request{method: http.MethodGet, path: "?hub.mode=unsubscribe&hub.verify_token=" + code + "&hub.challenge=1158201444"}, rules: supposed},
		{Title: "another call", request: request{body: event}, rules: normal},
		{Title: "a GET that is no handshake", request: request{method: http.MethodGet}, rules: supposed},
		{Title: "a handshake with POST", request: withMethod(subscribe(code, "1158201444"), http.MethodPost), rules: supposed},
		{Title: "a new code", Change: map[string]any{"verificationCode": newCode}, request: subscribe(newCode, "1158201444"), rules: challenged("1158201444")},
		{Title: "the old code", request: subscribe(code, "1158201444"), rules: []Rule{refused(inferred)}},
	}}}
}

// The rules of calls of webhooks whose status is 201: normal ones, those that are
// supposed to be normal, and those of Fitbit.
var (
	normal    = []Rule{status(documented, 201), success(documented)}
	supposed  = []Rule{status(ours, 201), success(ours)}
	noContent = []Rule{status(documented, 204), blank(documented)}
)

// challenged returns the rules of a handshake of Facebook.
func challenged(challenge string) []Rule {
	return []Rule{status(documented, 200), text(documented, challenge)}
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

func further(r request) request {
	r.path = "/a/b" + r.path
	return r
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

// having returns a call as Alexa sends it, with another value of a header field.
func having(name, value string) request {
	r := lacking(name)
	r.header[name] = value
	return r
}
