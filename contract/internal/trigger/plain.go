package trigger

import (
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// The sources of rules.
const (
	documented = contract.Documented
	inferred   = contract.Inferred
	ours       = contract.Ours
)

const event = `{"event":"closed"}`

// mostBytes is the size of the largest body that a webhook accepts. Losant writes
// "256 KB", which may be 256,000 bytes as well.
//
// Source: Losant's documentation of webhooks.
const (
	mostBytes  = 256 << 10
	safeBytes  = 256_000
	formTyped  = "application/x-www-form-urlencoded"
	octetTyped = "application/octet-stream"
)

// plainCases are about webhooks that want nothing of their callers.
func plainCases() []Case {
	return []Case{
		{Title: "reaching a webhook's URL", Calls: []Call{
			{Title: "a call", request: request{body: event}, rules: []Rule{status(documented, 200)}},
		}},
		{Title: "what a webhook responds", Calls: []Call{
			{Title: "a call", request: request{body: event}, rules: []Rule{
				status(documented, 200), success(documented), mediaType("application/json"),
				has(ours, "Content-Security-Policy"), header(ours, "X-Content-Type-Options", "nosniff"), has(ours, "X-Xss-Protection"),
			}},
			{Title: "a call of a further path", request: request{path: "/a/b%20c?x=1&x=2", body: event}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call with a slash behind the token", request: request{path: "/", body: event}, rules: []Rule{status(inferred, 200), success(inferred)}},
			{Title: "a call without a body", rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call with a form", request: request{body: "a=1&b=2", typed: formTyped}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call with parts", request: request{body: "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n", typed: "multipart/form-data; boundary=x"}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call with bytes", request: request{body: "\x00\xff", typed: octetTyped}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call with what is no JSON", request: request{body: "{"}, rules: []Rule{status(ours, 200), success(ours)}},
		}},
		{Title: "methods of calls", Calls: []Call{
			method(http.MethodGet, documented), method(http.MethodPut, inferred), method(http.MethodPatch, inferred), method(http.MethodDelete, inferred), method(http.MethodOptions, ours),
			{Title: "HEAD", request: request{method: http.MethodHead}, rules: []Rule{status(ours, 200), blank(inferred)}},
		}},
		{Title: "URLs of no webhook", Calls: []Call{
			{Title: "the id in place of the token", request: request{to: byID, body: event}, rules: []Rule{refused(documented), status(ours, 404), failure()}},
			{Title: "a token of no webhook", request: request{to: byUnknown, body: event}, rules: []Rule{refused(documented), status(ours, 404), failure()}},
			{Title: "a GET with a token of no webhook", request: request{method: http.MethodGet, to: byUnknown}, rules: []Rule{refused(documented), status(ours, 404)}},
		}},
		{Title: "the status that a webhook responds with", Webhook: map[string]any{"responseCode": 418}, Calls: []Call{
			{Title: "418", request: request{body: event}, rules: []Rule{status(documented, 418), success(documented)}},
			responseCode(201), responseCode(302), responseCode(404), responseCode(500), responseCode(599),
			{Title: "204", Change: map[string]any{"responseCode": 204}, request: request{body: event}, rules: []Rule{status(documented, 204)}},
			{Title: "100, which ends no exchange", Change: map[string]any{"responseCode": 100}, request: request{body: event}, rules: []Rule{status(ours, 200)}},
		}},
		{Title: "a webhook that is not enabled", Webhook: map[string]any{"enabled": false, "responseCode": 201}, Calls: []Call{
			{Title: "a call", request: request{body: event}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call of one that waits for replies", Change: map[string]any{"waitForReply": true}, request: request{body: event}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "a call without the password", Change: map[string]any{"waitForReply": false, "basicAuthPassword": password}, request: request{body: event}, rules: []Rule{status(ours, 200)}},
			{Title: "a call after it was enabled", Change: map[string]any{"enabled": true, "basicAuthPassword": ""}, request: request{body: event}, rules: []Rule{status(documented, 201), success(documented)}},
			{Title: "a call after it was disabled again", Change: map[string]any{"enabled": false}, request: request{body: event}, rules: []Rule{status(documented, 200)}},
		}},
		{Title: "how large a call may be", Calls: []Call{
			{Title: "256000 bytes", request: request{body: strings.Repeat("x", safeBytes), typed: "text/plain"}, rules: []Rule{status(documented, 200), success(documented)}},
			{Title: "262144 bytes", request: request{body: strings.Repeat("x", mostBytes), typed: "text/plain"}, rules: []Rule{status(ours, 200)}},
			{Title: "262145 bytes", request: request{body: strings.Repeat("x", mostBytes+1), typed: "text/plain"}, rules: []Rule{status(documented, 413), failure()}},
		}},
		{Title: "a webhook that was deleted", Calls: []Call{
			{Title: "a call before", request: request{body: event}, rules: []Rule{status(documented, 200)}},
			{Title: "a call", Deleted: true, request: request{body: event}, rules: []Rule{refused(documented), status(ours, 404)}},
		}},
	}
}

// method returns a call with a method, which a webhook takes as any other.
func method(name string, source contract.Source) Call {
	return Call{Title: name, request: request{method: name}, rules: []Rule{status(source, 200), success(source)}}
}

// responseCode returns a call after the status of a webhook was changed.
func responseCode(code int) Call {
	return Call{
		Title: contract.StatusText(code), Change: map[string]any{"responseCode": code},
		request: request{body: event}, rules: []Rule{status(documented, code), success(documented)},
	}
}
