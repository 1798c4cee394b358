package suite_test

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// What a server may do wrong with HTTP, tokens, links and its own description.
var liesOfProtocol = []lie{
	// statuses
	{"200 for what was created", contract.CheckStatus, becomes(creates, 201, 200)},
	{"202 for what was changed", contract.CheckStatus, becomes(changes, 200, 202)},
	{"204 for what was deleted", contract.CheckStatus, becomes(deletes, 200, 204)},
	{"206 for a page", contract.CheckStatus, becomes(listing, 200, 206)},
	{"410 for what is not there", contract.CheckStatus, becomes(readsOne, 404, 410)},
	{"403 for what is not there", contract.CheckStatus, becomes(all, 404, 403)},
	{"422 for what is wrong", contract.CheckNegative, becomes(writes, 400, 422)},
	{"500 for what is wrong", contract.CheckServerError, becomes(all, 400, 500)},
	{"404 for a wrong id", contract.CheckNegative, changed(ofOneOrOdd, func(_ *http.Request, a *altered) {
		if message, _ := a.fields["message"].(string); message == "webhookId pattern mismatch" {
			a.fail(404, "NotFound", "Webhook was not found")
		}
	})},
	{"success that is none", contract.CheckSchema, shows(deletes, "success", false)},
	{"what was deleted in place of success", contract.CheckSchema, changed(deletes, good(func(_ *http.Request, a *altered) { a.fields = object{"id": aHook, "success": "true"} }))},

	// errors
	{"another type of 404", contract.CheckError, says(all, 404, "type", "Missing")},
	{"another type of 400", contract.CheckError, says(all, 400, "type", "BadRequest")},
	{"another type of 403", contract.CheckError, says(all, 403, "type", "Unauthorized")},
	{"another type of 401", contract.CheckError, says(all, 401, "type", "InvalidToken")},
	{"another type of 405", contract.CheckMethod, says(all, 405, "type", "NotAllowed")},
	{"other words of 404", contract.CheckError, says(ofOne, 404, "message", "Webhook not found")},
	{"other words of 404 for an application", contract.CheckError, says(all, 404, "message", "Webhook was not found")},
	{"other words of 400", contract.CheckError, says(all, 400, "message", "Bad request")},
	{"other words of 403", contract.CheckError, says(all, 403, "message", "Forbidden")},
	{"other words of 401", contract.CheckIgnoredAuth, says(readsOne, 401, "message", "Unknown token")},
	{"other words of 405", contract.CheckMethod, says(all, 405, "message", "Method not allowed")},
	{"words that lack the name of the body", contract.CheckError, changed(writes, func(_ *http.Request, a *altered) {
		if text, ok := a.fields["message"].(string); ok {
			a.fields["message"] = strings.TrimPrefix(text, "webhook.")
		}
	})},
	{"a type in place of a code", contract.CheckError, changed(all, func(_ *http.Request, a *altered) {
		if a.fields["code"] == "InvalidContent" {
			delete(a.fields, "code")
			a.fields["type"] = "Validation"
		}
	})},
	{"other words for what is not JSON", contract.CheckNegative, changed(writes, func(_ *http.Request, a *altered) {
		if a.fields["code"] == "InvalidContent" {
			a.fields["message"] = "Syntax error"
		}
	})},
	{"an error without a type", contract.CheckError, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			delete(a.fields, "type")
		}
	})},
	{"an error in HTML", contract.CheckStatus, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			a.header.Set("Content-Type", "text/html")
			a.raw = []byte("<h1>Not found</h1>")
		}
	})},
	{"JSON as text/plain", contract.CheckContentType, head(listing, "Content-Type", "text/plain")},
	{"HTML for a client that accepts it", contract.CheckContentType, head(has("Accept", "text/html"), "Content-Type", "text/html; charset=utf-8")},
	{"406 for another Accept", contract.CheckStatus, becomes(has("Accept", "text/html"), 200, 406)},

	// tokens
	{"no token needed to read", contract.CheckIgnoredAuth, trusts(both(method("GET"), has("Authorization", "")))},
	{"no token needed to list", contract.CheckIgnoredAuth, trusts(both(listing, has("Authorization", "")))},
	{"no token needed for applications", contract.CheckIgnoredAuth, trusts(both(listsApplications, has("Authorization", "")))},
	{"no token needed to create", contract.CheckIgnoredAuth, trusts(both(creates, has("Authorization", "")))},
	{"no token needed to change", contract.CheckIgnoredAuth, trusts(both(changes, has("Authorization", "")))},
	{"no token needed to delete", contract.CheckIgnoredAuth, trusts(both(deletes, has("Authorization", "")))},
	{"any token reads", contract.CheckIgnoredAuth, trusts(both(method("GET"), unknownBearer))},
	{"any token creates", contract.CheckIgnoredAuth, trusts(both(creates, unknownBearer))},
	{"any token changes", contract.CheckIgnoredAuth, trusts(both(changes, unknownBearer))},
	{"any token deletes", contract.CheckIgnoredAuth, trusts(both(deletes, unknownBearer))},
	{"any token logs in", contract.CheckIgnoredAuth, before(both(logsIn, unknownBearer), func(r *http.Request) { r.Header.Del("Authorization") })},
	{"basic authentication will do", contract.CheckIgnoredAuth, trusts(scheme("Basic "))},
	{"another scheme will do", contract.CheckIgnoredAuth, trusts(scheme("Token "))},
	{"a token without a scheme will do", contract.CheckIgnoredAuth, trusts(func(r *http.Request) bool { return r.Header.Get("Authorization") == allUser })},
	{"two blanks before the token", contract.CheckIgnoredAuth, trusts(func(r *http.Request) bool { return strings.Contains(r.Header.Get("Authorization"), "  ") })},
	{"no JWT scheme", contract.CheckIgnoredAuth, before(scheme("JWT "), func(r *http.Request) { r.Header.Del("Authorization") })},
	{"the scheme in lower case alone", contract.CheckIgnoredAuth, before(scheme("bearer "), func(r *http.Request) { r.Header.Del("Authorization") })},
	{"no access_token in the query", contract.CheckIgnoredAuth, before(asks("access_token", ""), func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("access_token") }) })},
	{"no jwt in the query", contract.CheckIgnoredAuth, before(asks("jwt", ""), func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("jwt") }) })},
	{"the header wins over the query", contract.CheckIgnoredAuth, before(func(r *http.Request) bool { return r.Header.Get("Authorization") != "" }, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("access_token"); q.Del("jwt") }) })},
	{"two tokens in the query", contract.CheckNegative, before(func(r *http.Request) bool { return len(r.URL.Query()["access_token"]) > 1 }, func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) { q.Set("access_token", q.Get("access_token")) })
	})},
	{"a read-only token creates", contract.CheckIgnoredAuth, trusts(both(creates, readOnly))},
	{"a read-only token changes", contract.CheckIgnoredAuth, trusts(both(changes, readOnly))},
	{"a read-only token deletes", contract.CheckIgnoredAuth, trusts(both(deletes, readOnly))},
	{"a read-only token that can't read", contract.CheckIgnoredAuth, changed(both(readsOne, readOnly), func(_ *http.Request, a *altered) { a.fail(403, "Forbidden", "Access is forbidden") })},
	{"a read-only token that sees how to write", contract.CheckHAL, trusts(both(method("GET"), readOnly))},
	{"another application's path reads", contract.CheckIdentity, ofOwner(method("GET"))},
	{"another application's path changes", contract.CheckIdentity, ofOwner(method("PATCH"))},
	{"another application's path deletes", contract.CheckIdentity, ofOwner(method("DELETE"))},
	{"401 for no token", contract.CheckIgnoredAuth, becomes(all, 403, 401)},
	{"403 for a wrong token", contract.CheckIgnoredAuth, becomes(func(r *http.Request) bool { return !logsIn(r) }, 401, 403)},
	{"the token before the request", contract.CheckNegative, changed(has("Authorization", ""), func(_ *http.Request, a *altered) {
		if a.status == 400 {
			a.fail(403, "Forbidden", "Access is forbidden")
		}
	})},
	{"what is there before the token", contract.CheckIgnoredAuth, changed(both(nowhere, has("Authorization", "")), func(_ *http.Request, a *altered) {
		if a.status == 403 {
			a.fail(404, "NotFound", "Webhook was not found")
		}
	})},

	// methods and paths
	{"PUT that reads", contract.CheckMethod, before(method("PUT"), func(r *http.Request) { r.Method = "GET" })},
	{"PUT on one that changes", contract.CheckMethod, before(both(method("PUT"), ofOne), func(r *http.Request) { r.Method = "PATCH" })},
	{"HEAD that reads", contract.CheckMethod, before(method("HEAD"), func(r *http.Request) { r.Method = "GET" })},
	{"POST on one that changes", contract.CheckMethod, before(both(method("POST"), ofOne), func(r *http.Request) { r.Method = "PATCH" })},
	{"PATCH on the list that reads", contract.CheckMethod, before(both(method("PATCH"), onList), func(r *http.Request) { r.Method = "GET" })},
	{"404 for a wrong method", contract.CheckMethod, becomes(all, 405, 404)},
	{"501 for a wrong method", contract.CheckMethod, becomes(all, 405, 501)},
	{"a 405 without Allow", contract.CheckMethod, head(method("PUT"), "Allow", "")},
	{"an Allow that lacks DELETE", contract.CheckMethod, head(both(ofOne, method("PUT")), "Allow", "GET, OPTIONS, PATCH")},
	{"an Allow that lacks OPTIONS", contract.CheckMethod, head(both(onList, method("PUT")), "Allow", "GET, POST")},
	{"an Allow that has too much", contract.CheckMethod, head(both(onList, method("PUT")), "Allow", "DELETE, GET, OPTIONS, POST")},
	{"404 for an unknown path", contract.CheckMethod, changed(func(r *http.Request) bool {
		return !strings.HasPrefix(r.URL.Path, "/app") || strings.Contains(r.URL.Path, "no-such")
	}, func(_ *http.Request, a *altered) {
		if a.status == 405 {
			a.fail(404, "NotFound", "Not found")
		}
	})},
	{"no slash at the end", contract.CheckPositive, changed(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/") && r.URL.Path != "/" }, func(_ *http.Request, a *altered) { a.fail(405, "MethodNotAllowed", "GET is not allowed") })},
	{"paths in any case", contract.CheckMethod, before(all, func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "/Applications", "/applications", 1) })},
	{"ids in one case alone", contract.CheckPositive, changed(func(r *http.Request) bool { return strings.ToLower(r.URL.Path) != r.URL.Path }, func(_ *http.Request, a *altered) {
		if a.status == 200 {
			a.fail(404, "NotFound", "Webhook was not found")
		}
	})},

	// CORS
	{"no CORS", contract.CheckCORS, head(all, "Access-Control-Allow-Origin", "")},
	{"no CORS for errors", contract.CheckCORS, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			a.header.Del("Access-Control-Allow-Origin")
		}
	})},
	{"no CORS for what is written", contract.CheckCORS, head(writes, "Access-Control-Allow-Origin", "")},
	{"CORS for one origin alone", contract.CheckCORS, head(all, "Access-Control-Allow-Origin", "https://app.losant.com")},
	{"a preflight that is 200", contract.CheckCORS, becomes(preflights, 204, 200)},
	{"a preflight that needs a token", contract.CheckCORS, changed(preflights, func(_ *http.Request, a *altered) { a.fail(403, "Forbidden", "Access is forbidden") })},
	{"a preflight without methods", contract.CheckCORS, head(preflights, "Access-Control-Allow-Methods", "")},
	{"a preflight without PATCH", contract.CheckCORS, head(preflights, "Access-Control-Allow-Methods", "DELETE,GET,HEAD,OPTIONS,POST,PUT")},
	{"a preflight without Authorization", contract.CheckCORS, head(preflights, "Access-Control-Allow-Headers", "Accept,Content-Type,Accept-Version,losantdomain")},
	{"a preflight without Content-Type", contract.CheckCORS, head(preflights, "Access-Control-Allow-Headers", "Accept,X-Amz-Date,Authorization,Accept-Version,losantdomain")},
	{"a preflight without an origin", contract.CheckCORS, head(preflights, "Access-Control-Allow-Origin", "")},
	{"a preflight that is not kept", contract.CheckCORS, head(preflights, "Access-Control-Max-Age", "")},
	{"no preflight of one", contract.CheckCORS, becomes(both(preflights, ofOne), 204, 405)},

	// links and actions
	{"another _type", contract.CheckHAL, shows(readsOne, "_type", "hook")},
	{"another _type of items", contract.CheckHAL, items(listing, func(item object) { item["_type"] = "webhooks" })},
	{"another _type of a list", contract.CheckHAL, shows(listing, "_type", "webhook")},
	{"no _type", contract.CheckHAL, hides(changes, "_type")},
	{"a link to somewhere else", contract.CheckHAL, within(readsOne, "_links", func(links object) { links["self"] = object{"href": "/webhooks"} })},
	{"no link to itself", contract.CheckHAL, within(readsOne, "_links", func(links object) { delete(links, "self") })},
	{"a list without a link to itself", contract.CheckHAL, within(listing, "_links", func(links object) { delete(links, "self") })},
	{"no link to the application", contract.CheckHAL, within(readsOne, "_links", func(links object) { delete(links, "application") })},
	{"no way to delete", contract.CheckHAL, within(ofOne, "_actions", func(actions object) { delete(actions, "delete") })},
	{"no way to create", contract.CheckHAL, within(listing, "_actions", func(actions object) { delete(actions, "post") })},
	{"PUT in place of PATCH", contract.CheckHAL, within(readsOne, "_actions", func(actions object) { setIn(actions, "patch", "method", "PUT") })},
	{"an action that leads elsewhere", contract.CheckHAL, within(listing, "_actions", func(actions object) { setIn(actions, "post", "href", "/webhooks") })},
	{"actions without their params", contract.CheckHAL, within(listing, "_actions", func(actions object) { setIn(actions, "get", "params", nil) })},
	{"_actions that can't be switched off", contract.CheckHAL, before(all, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("_actions") }) })},
	{"_links that can't be switched off", contract.CheckHAL, before(all, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("_links") }) })},
	{"any word switches on", contract.CheckHAL, replaced("_links", "no", "true")},
	{"yes switches off", contract.CheckHAL, replaced("_actions", "yes", "false")},
	{"a blank switches off", contract.CheckHAL, before(func(r *http.Request) bool { q := r.URL.Query(); return q.Has("_links") && q.Get("_links") == "" }, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Set("_links", "false") }) })},
	{"items without their links", contract.CheckHAL, items(listing, func(item object) { delete(item, "_links") })},
	{"extras that are off", contract.CheckHAL, before(ofOne, func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) {
			if !q.Has("_links") {
				q.Set("_links", "false")
			}
		})
	})},

	// the description
	{"a description that needs a token", contract.CheckSelfDescribed, changed(both(atRoot, has("Authorization", "")), func(_ *http.Request, a *altered) { a.fail(403, "Forbidden", "Access is forbidden") })},
	{"a description without a parameter", contract.CheckSelfDescribed, defines(`"sortDirection"`, `"sortOrder"`)},
	{"a description with another default", contract.CheckSelfDescribed, defines(`"default":100`, `"default":50`)},
	{"a description with another limit", contract.CheckSelfDescribed, defines(`32767`, `1024`)},
	{"a description without an enum value", contract.CheckSelfDescribed, defines(`,"twilio"`, ``)},
	{"a description with another path", contract.CheckSelfDescribed, defines(`/webhooks/{webhookId}`, `/hooks/{webhookId}`)},
	{"a description with another scope", contract.CheckSelfDescribed, defines(`"auth":["webhook.patch"]`, `"auth":["webhook.put"]`)},
	{"a description of no webhookPost", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "webhookPost") }, "definitions")},
	{"a description without a description", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "description") }, "definitions", "webhook", "properties")},
	{"a description in which nothing is required", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "required") }, "definitions", "webhookPost")},
	{"a description in which more is allowed", contract.CheckSelfDescribed, redefines(func(o object) { o["additionalProperties"] = true }, "definitions", "webhookPatch")},
	{"a description without a status", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "404") }, "resources", "webhook", "actions", "get", "responses")},
	{"a description without an action", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "delete") }, "resources", "webhook", "actions")},
	{"a description without links", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "links") }, "resources", "webhook")},
	{"a description without groups", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "authGroups") })},
	{"a group that lacks a scope", contract.CheckSelfDescribed, redefines(func(o object) { o["all.Application"] = []any{"webhooks.get"} }, "authGroups")},
	{"a group that reads and writes", contract.CheckSelfDescribed, redefines(func(o object) { o["all.Application.read"] = o["all.Application"] }, "authGroups")},
	{"a description without deprecated groups", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "deprecatedAuthScopes") })},
	{"a description without an example", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "webhook") }, "examples")},
	{"a description without the global parameter", contract.CheckSelfDescribed, redefines(func(o object) { o["params"] = []any{} })},
	{"a description of another base", contract.CheckSelfDescribed, redefines(func(o object) { o["basePath"] = "/v1" })},
}

func ofOneOrOdd(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, hooks+"/") }

// readOnly matches the token that may only read.
func readOnly(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer reader" }

// unknownBearer matches tokens that nobody issued.
func unknownBearer(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Authorization"), "nobody-issued")
}

func scheme(prefix string) condition {
	return func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Authorization"), prefix) }
}

// ofOwner lets a webhook be reached by the path of any application.
func ofOwner(when condition) wrapper {
	return before(when, func(r *http.Request) {
		if parts := strings.Split(r.URL.Path, "/"); len(parts) == 5 && parts[3] == "webhooks" && len(parts[2]) == 24 && r.Header.Get("Authorization") != "" {
			parts[2] = app
			r.URL.Path = strings.Join(parts, "/")
		}
	})
}

// setIn sets a member of an object within another, where that is there.
func setIn(outer object, name, member string, value any) {
	if inner, ok := outer[name].(object); ok {
		inner[member] = value
	}
}
