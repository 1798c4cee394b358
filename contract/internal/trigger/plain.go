package trigger

import (
	"net/http"

	"github.com/losantmock/losantmock/contract"
)

// The sources of rules.
const (
	documented = contract.Documented
	inferred   = contract.Inferred
	ours       = contract.Ours
)

const event = `{"event":"closed"}`

// The types of bodies.
const (
	formTyped  = "application/x-www-form-urlencoded"
	octetTyped = "application/octet-stream"
	partsTyped = "multipart/form-data; boundary=x"
	untyped    = "none"
)

// nowhere are the rules of calls that lead to no webhook.
var nowhere = []Rule{refused(documented), status(ours, 404)}

// plainCases are about webhooks that want nothing of their callers.
func plainCases() []Case {
	return []Case{
		{Title: "reaching a webhook's URL", Calls: []Call{
			{Title: "a call", request: request{body: event}, rules: []Rule{status(documented, 200), success(documented)}},
		}},
		{Title: "what a webhook responds", Webhook: map[string]any{"responseCode": 202}, Calls: []Call{
			{Title: "a call", request: request{body: event}, rules: []Rule{
				status(documented, 202), success(documented), mediaType("application/json"),
				has(ours, "Content-Security-Policy"), header(ours, "X-Content-Type-Options", "nosniff"), has(ours, "X-Xss-Protection"),
			}},
			{Title: "a call of a further path", request: request{path: "/a/b%20c?x=1&x=2", body: event}, rules: accepted},
			{Title: "a GET of a further path", request: request{method: http.MethodGet, path: "/a/b"}, rules: accepted},
			{Title: "a call with a slash behind the token", request: request{path: "/", body: event}, rules: []Rule{status(inferred, 202), success(inferred)}},
			{Title: "a call with the query of handshakes", request: request{method: http.MethodGet, path: "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=&verify="}, rules: accepted},
			{Title: "a call without a body", rules: accepted},
			{Title: "a call with a form", request: request{body: "a=1&b=2", typed: formTyped}, rules: accepted},
			{Title: "a call with parts", request: request{body: parts("1"), typed: partsTyped}, rules: accepted},
			{Title: "a call with bytes", request: request{body: "\x00\xff", typed: octetTyped}, rules: accepted},
			{Title: "a call with XML", request: request{body: "<event/>", typed: "application/xml"}, rules: accepted},
			{Title: "a call without a type", request: request{body: "closed", typed: untyped}, rules: accepted},
			{Title: "a call with null", request: request{body: "null"}, rules: []Rule{status(inferred, 202), success(inferred)}},
			{Title: "a call with a cookie", request: request{body: event, header: map[string]string{"Cookie": "a=b"}}, rules: accepted},
			{Title: "a call with gzip", request: request{body: zipped(event), header: map[string]string{"Content-Encoding": "gzip"}}, rules: []Rule{status(ours, 202), success(ours)}},
			{Title: "a call with what is no JSON", request: request{body: "{"}, rules: []Rule{status(ours, 202), success(ours)}},
			{Title: "a call after it was renamed", Change: map[string]any{"name": "renamed"}, request: request{body: event}, rules: accepted},
		}},
		{Title: "methods of calls", Webhook: map[string]any{"responseCode": 203}, Calls: []Call{
			method(http.MethodGet, documented), method(http.MethodPut, inferred), method(http.MethodPatch, inferred), method(http.MethodDelete, inferred), method(http.MethodOptions, ours),
			{Title: "HEAD", request: request{method: http.MethodHead}, rules: []Rule{status(ours, 203), blank(inferred)}},
		}},
		{Title: "URLs of no webhook", Calls: []Call{
			{Title: "the id in place of the token", request: request{to: byID, body: event}, rules: []Rule{refused(documented), status(ours, 404), failure()}},
			{Title: "a GET of the id", request: request{method: http.MethodGet, to: byID}, rules: nowhere},
			{Title: "a token of no webhook", request: request{to: byUnknown, body: event}, rules: []Rule{refused(documented), status(ours, 404), failure()}},
			{Title: "a GET with a token of no webhook", request: request{method: http.MethodGet, to: byUnknown}, rules: nowhere},
			{Title: "the token in the other case", request: request{to: byOtherCase, body: event}, rules: nowhere},
			{Title: "the token with more behind it", request: request{to: byLonger, body: event}, rules: nowhere},
			{Title: "the beginning of the token", request: request{to: byBeginning, body: event}, rules: nowhere},
			{Title: "the token in the query", request: request{to: byQuery, body: event}, rules: nowhere},
		}},
		{Title: "the status that a webhook responds with", Webhook: map[string]any{"responseCode": 418}, Calls: []Call{
			{Title: "418", request: request{body: event}, rules: []Rule{status(documented, 418), success(documented)}},
			responseCode(201), responseCode(302), responseCode(307), responseCode(400), responseCode(404), responseCode(409), responseCode(500), responseCode(599),
			{Title: "PUT", request: request{method: http.MethodPut, body: event}, rules: []Rule{status(inferred, 599)}},
			{Title: "204", Change: map[string]any{"responseCode": 204}, request: request{body: event}, rules: []Rule{status(documented, 204)}},
			{Title: "100, which ends no exchange", Change: map[string]any{"responseCode": 100}, request: request{body: event}, rules: []Rule{status(ours, 200)}},
		}},
		{Title: "a webhook that is not enabled", Webhook: map[string]any{"enabled": false, "responseCode": 201, "verificationCode": code}, Calls: []Call{
			{Title: "a call", request: request{body: event}, rules: ignored(documented)},
			{Title: "a GET", request: request{method: http.MethodGet}, rules: ignored(documented)},
			{Title: "a call of a further path", request: request{path: "/a/b?x=1", body: event}, rules: ignored(documented)},
			{Title: "a preflight", request: preflight(http.MethodPost), rules: []Rule{status(ours, 204)}},
			{Title: "a call of one that waits for replies", Change: map[string]any{"waitForReply": true}, request: request{body: event}, rules: ignored(documented)},
			{Title: "a call of Twilio's", Change: map[string]any{"waitForReply": false, "verificationType": "twilio"}, request: request{body: "Body=hello", typed: formTyped}, rules: ignored(inferred)},
			{Title: "a call of Fitbit's", Change: map[string]any{"verificationType": "fitbit"}, request: request{body: event}, rules: ignored(inferred)},
			{Title: "a handshake of Facebook's", Change: map[string]any{"verificationType": "facebook"}, request: subscribe(code, "1158201444"), rules: ignored(inferred)},
			{Title: "a call that Alexa has not sent", Change: map[string]any{"verificationType": "alexa"}, request: request{body: event}, rules: ignored(inferred)},
			{Title: "a call without the password", Change: map[string]any{"verificationType": "none", "basicAuthPassword": password}, request: request{body: event}, rules: []Rule{status(ours, 200)}},
			{Title: "a call after it was enabled", Change: map[string]any{"enabled": true, "basicAuthPassword": ""}, request: request{body: event}, rules: []Rule{status(documented, 201), success(documented)}},
			{Title: "a call after it was disabled again", Change: map[string]any{"enabled": false}, request: request{body: event}, rules: []Rule{status(documented, 200)}},
		}},
		{Title: "a webhook that was deleted", Calls: []Call{
			{Title: "a call before", request: request{body: event}, rules: []Rule{status(documented, 200)}},
			{Title: "a call", Deleted: true, request: request{body: event}, rules: nowhere},
			{Title: "a GET", request: request{method: http.MethodGet}, rules: nowhere},
			{Title: "a call of a further path", request: request{path: "/a/b", body: event}, rules: nowhere},
		}},
	}
}

// accepted are the rules of calls of a webhook that responds with 202.
var accepted = []Rule{status(documented, 202), success(documented)}

// ignored are the rules of calls of a webhook that is not enabled.
func ignored(source contract.Source) []Rule { return []Rule{status(source, 200), success(source)} }

// method returns a call with a method, which a webhook takes as any other.
func method(name string, source contract.Source) Call {
	return Call{Title: name, request: request{method: name}, rules: []Rule{status(source, 203), success(source)}}
}

// responseCode returns a call after the status of a webhook was changed.
func responseCode(code int) Call {
	return Call{
		Title: contract.StatusText(code), Change: map[string]any{"responseCode": code},
		request: request{body: event}, rules: []Rule{status(documented, code), success(documented)},
	}
}
