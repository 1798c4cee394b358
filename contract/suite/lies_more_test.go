package suite_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// What a server may do wrong with what is seldom sent: refusals that have an effect,
// bodies in other forms, what Losant's clients send, log-ins, the inside of properties.
var liesOfRareRequests = []lie{
	// refusals that have an effect
	{"a read-only token is refused and changes", contract.CheckIgnoredAuth, changed(both(changes, readOnly), func(r *http.Request, a *altered) { a.beside("PATCH", r.URL.Path, string(a.sent)) })},
	{"a POST that is refused for its token creates", contract.CheckIgnoredAuth, changed(creates, func(_ *http.Request, a *altered) {
		if a.status == 401 || a.status == 403 {
			a.beside("POST", hooks, string(a.sent))
		}
	})},
	{"a POST that is refused as invalid creates", contract.CheckNegative, changed(creates, func(_ *http.Request, a *altered) {
		if name := nameIn(a.sent); a.status == 400 && strings.HasPrefix(name, "losantmock-") {
			a.beside("POST", hooks, `{"name":"`+name+`"}`)
		}
	})},
	{"a POST of a form that is refused creates", contract.CheckNegative, changed(both(creates, has("Content-Type", "text/plain")), func(_ *http.Request, a *altered) {
		a.beside("POST", hooks, string(a.sent))
	})},
	{"a PATCH of a form that is refused is made", contract.CheckNegative, changed(both(changes, has("Content-Type", "text/plain")), func(r *http.Request, a *altered) {
		a.beside("PATCH", r.URL.Path, string(a.sent))
	})},
	{"a PATCH that is refused for its token is made", contract.CheckIgnoredAuth, changed(changes, func(r *http.Request, a *altered) {
		if a.status == 401 || a.status == 403 {
			a.beside("PATCH", r.URL.Path, string(a.sent))
		}
	})},
	{"a DELETE that is refused for its token is made", contract.CheckIgnoredAuth, changed(deletes, func(r *http.Request, a *altered) {
		if a.status == 401 || a.status == 403 {
			a.beside("DELETE", r.URL.Path, "")
		}
	})},
	{"a PATCH through another application is 404 and made", contract.CheckIdentity, changed(both(method("PATCH"), acrossBorder), func(r *http.Request, a *altered) {
		a.beside("PATCH", homePath(r), string(a.sent))
	})},
	{"a DELETE through another application is 404 and made", contract.CheckIdentity, changed(both(method("DELETE"), acrossBorder), func(r *http.Request, a *altered) {
		a.beside("DELETE", homePath(r), "")
	})},
	{"the list of another application shows ours", contract.CheckIdentity, changed(listsOthers, good(func(r *http.Request, a *altered) {
		a.replay("GET", hooks+"?"+r.URL.RawQuery, "")
		a.fields["applicationId"] = strings.Split(r.URL.Path, "/")[2]
		for _, item := range a.items() {
			item.(object)["applicationId"] = a.fields["applicationId"]
		}
	}))},

	// what a response repeats, and what it says first
	{"links have their words in another case", contract.CheckHAL, changed(readsOne, good(func(_ *http.Request, a *altered) {
		links, _ := a.fields["_links"].(map[string]any)
		for name := range links {
			if link, ok := links[name].(map[string]any); ok {
				link["href"] = strings.Replace(link["href"].(string), "/webhooks/", "/Webhooks/", 1)
			}
		}
	}))},
	{"a filter is repeated in small letters", contract.CheckFiltering, changed(listing, good(func(_ *http.Request, a *altered) {
		if filter, ok := a.fields["filter"].(string); ok {
			a.fields["filter"] = strings.ToLower(filter)
		}
	}))},
	{"a field is repeated in capitals", contract.CheckSorting, changed(listing, good(func(_ *http.Request, a *altered) {
		if field, ok := a.fields["sortField"].(string); ok {
			a.fields["sortField"] = strings.ToUpper(field)
		}
	}))},
	{"a list has a webhook twice", contract.CheckPagination, changed(both(listing, asks("perPage", "3")), good(func(_ *http.Request, a *altered) {
		if items := a.items(); len(items) == 3 {
			items[1] = items[0]
		}
	}))},
	{"a token that may only read sees another webhook", contract.CheckEcho, changed(both(readsOne, readOnly), good(func(_ *http.Request, a *altered) { a.fields["enabled"] = a.fields["enabled"] != true }))},
	{"a wrong castBuffersAs is reported before isWebsocket", contract.CheckError, changed(writes, reportsFirst("isWebsocket", "castBuffersAs"))},
	{"a wrong responseCode is reported behind the next property", contract.CheckError, changed(writes, reportsFirst("responseCode", "verificationType"))},
	{"a wrong sortDirection is reported before sortField", contract.CheckError, changed(listing, func(r *http.Request, a *altered) {
		if a.status == 400 && r.URL.Query().Get("sortDirection") == "no-such-value" {
			a.fields["message"] = "sortDirection must be an enum value"
		}
	})},
	{"a preflight allows the one method that was asked for", contract.CheckCORS, changed(preflights, func(r *http.Request, a *altered) {
		if asked := r.Header.Get("Access-Control-Request-Method"); asked != "" {
			a.header.Set("Access-Control-Allow-Methods", asked)
		}
	})},

	// forms of bodies
	{"POST of gzip is 415", contract.CheckPositive, fails(both(creates, has("Content-Encoding", "gzip")), 415)},
	{"POST with a charset is 415", contract.CheckPositive, fails(both(creates, has("Content-Type", "application/json; charset=utf-8")), 415)},
	{"POST of another type of JSON is 415", contract.CheckPositive, fails(both(creates, has("Content-Type", "application/vnd.api+json")), 415)},
	{"POST reads a number in a form", contract.CheckNegative, before(both(creates, contentType("application/x-www-form-urlencoded")), readsNumber)},
	{"PATCH reads a number in a form", contract.CheckNegative, before(both(changes, contentType("application/x-www-form-urlencoded")), readsNumber)},
	{"PATCH reads true in a form", contract.CheckNegative, before(both(changes, contentType("application/x-www-form-urlencoded")), readsTrue)},
	{"a form in parts is 415", contract.CheckPositive, fails(both(writes, contentType("multipart/")), 415)},
	{"PATCH reads JSON that is said to be text", contract.CheckNegative, readsAsJSON(both(changes, has("Content-Type", "text/plain")))},
	{"PATCH reads JSON of no type", contract.CheckNegative, readsAsJSON(both(changes, has("Content-Type", "")))},
	{"POST reads JSON of no type", contract.CheckNegative, readsAsJSON(both(creates, has("Content-Type", "")))},
	{"PATCH reads JSON that is said to be bytes", contract.CheckNegative, readsAsJSON(both(changes, has("Content-Type", "application/octet-stream")))},
	{"PATCH ignores a digest", contract.CheckNegative, before(changes, func(r *http.Request) { r.Header.Del("Content-Md5") })},
	{"PATCH reads an encoding that is none", contract.CheckNegative, before(both(changes, has("Content-Encoding", "identity")), func(r *http.Request) { r.Header.Del("Content-Encoding") })},
	{"a right digest is refused", contract.CheckPositive, changed(func(r *http.Request) bool { return r.Header.Get("Content-Md5") != "" }, func(_ *http.Request, a *altered) {
		a.fail(400, "", "")
		a.fields = object{"code": "BadDigest", "message": "wrong"}
	})},

	// what Losant's clients send
	{"DELETE with a body is 400", contract.CheckPositive, changed(deletes, func(_ *http.Request, a *altered) {
		if string(a.sent) == "{}" {
			a.fail(400, "Validation", "has additional properties")
		}
	})},
	{"_embedded is 400", contract.CheckPositive, fails(asks("_embedded", ""), 400)},
	{"the switches are 400 on POST", contract.CheckPositive, fails(both(creates, asks("_links", "")), 400)},
	{"the switches are 400 on PATCH", contract.CheckPositive, fails(both(changes, asks("_actions", "")), 400)},
	{"losantdomain is 400", contract.CheckPositive, fails(func(r *http.Request) bool { return r.Header.Get("losantdomain") != "" }, 400)},
	{"includeWorkflows=false is 400", contract.CheckPositive, fails(asks("includeWorkflows", "false"), 400)},

	// tokens
	{"access_token can't create", contract.CheckIgnoredAuth, withoutToken(both(creates, asks("access_token", "")))},
	{"access_token can't change", contract.CheckIgnoredAuth, withoutToken(both(changes, asks("access_token", "")))},
	{"access_token can't delete", contract.CheckIgnoredAuth, withoutToken(both(deletes, asks("access_token", "")))},
	{"no JWT scheme to create", contract.CheckIgnoredAuth, withoutToken(both(creates, scheme("JWT ")))},
	{"no JWT scheme to delete", contract.CheckIgnoredAuth, withoutToken(both(deletes, scheme("JWT ")))},
	{"a token without a signature reads", contract.CheckIgnoredAuth, trusts(scheme("Bearer eyJ"))},
	{"a tab before the token", contract.CheckIgnoredAuth, trusts(scheme("Bearer\t"))},
	{"a list of one token", contract.CheckNegative, before(asks("access_token[]", ""), func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) { q.Set("access_token", q.Get("access_token[]")); q.Del("access_token[]") })
	})},
	{"no token needed to change an application", contract.CheckIgnoredAuth, trusts(both(both(method("PATCH"), ofApplication), has("Authorization", "")))},
	{"no token needed to delete an application", contract.CheckIgnoredAuth, trusts(both(both(method("DELETE"), ofApplication), has("Authorization", "")))},
	{"any token changes an application", contract.CheckIgnoredAuth, trusts(both(both(method("PATCH"), ofApplication), unknownBearer))},
	{"a read-only token changes an application", contract.CheckIgnoredAuth, trusts(both(both(method("PATCH"), ofApplication), readOnly))},
	{"a read-only token sees how to change what is listed", contract.CheckHAL, changed(both(listing, readOnly), good(func(_ *http.Request, a *altered) {
		for _, item := range a.items() {
			path := hooks + "/" + item.(object)["id"].(string)
			setIn(item.(object), "_actions", "patch", object{"href": path, "method": "PATCH", "params": []any{"0"}})
		}
	}))},
	{"a read-only token sees how to change an application", contract.CheckHAL, trusts(both(showsApplication, readOnly))},
	{"the token before the id", contract.CheckIgnoredAuth, changed(both(method("GET"), has("Authorization", "")), func(_ *http.Request, a *altered) {
		if message, _ := a.fields["message"].(string); a.status == 400 && strings.Contains(message, "pattern") {
			a.fail(403, "Forbidden", "Access is forbidden")
		}
	})},
	{"a wrong token before the request", contract.CheckNegative, changed(unknownBearer, func(_ *http.Request, a *altered) {
		if a.status == 400 {
			a.fail(401, "Unauthorized", "Invalid access token")
		}
	})},
	{"no token before the body", contract.CheckNegative, changed(both(writes, has("Authorization", "")), func(_ *http.Request, a *altered) {
		if a.status == 400 {
			a.fail(403, "Forbidden", "Access is forbidden")
		}
	})},
	{"what is there to change before the token", contract.CheckIgnoredAuth, changed(both(both(changes, nowhere), has("Authorization", "")), func(_ *http.Request, a *altered) {
		if a.status == 403 {
			a.fail(404, "NotFound", "Webhook was not found")
		}
	})},

	// log-ins
	{"no credentials are wrong ones", contract.CheckNegative, changed(logsIn, func(_ *http.Request, a *altered) {
		if len(a.sent) == 0 {
			a.fail(401, "Unauthorized", "Invalid email or password")
		}
	})},
	{"a tokenTTL of -1", contract.CheckNegative, takes(logsIn, "tokenTTL", func(value any) any { return 5 })},
	{"a tokenTTL that is no whole number", contract.CheckNegative, takes(logsIn, "tokenTTL", func(value any) any {
		if n, ok := value.(float64); ok && n == -1 {
			return n
		}
		return 5
	})},
	{"any scope may be requested", contract.CheckNegative, takes(logsIn, "requestedScopes", func(value any) any {
		if scopes, ok := value.([]any); ok && len(scopes) == 1 {
			return []any{}
		}
		return value
	})},
	{"a scope may be requested twice", contract.CheckNegative, takes(logsIn, "requestedScopes", func(value any) any {
		if scopes, ok := value.([]any); ok && len(scopes) == 2 {
			return scopes[:1]
		}
		return value
	})},
	{"a property too many logs in", contract.CheckNegative, forgets(logsIn, "noSuchProperty")},
	{"a password of 2049", contract.CheckNegative, shortens(logsIn, "password", 2048)},
	{"a password of 7", contract.CheckNegative, texts(logsIn, "password", func(text string) string { return (text + "12345678")[:max(8, len(text))] })},
	{"no password logs in", contract.CheckNegative, adds(logsIn, "password", "password")},
	{"a twoFactorCode of another type", contract.CheckNegative, takes(logsIn, "twoFactorCode", func(value any) any {
		if _, ok := value.(string); !ok {
			return "1"
		}
		return value
	})},
	{"a twoFactorCode of 2049", contract.CheckNegative, shortens(logsIn, "twoFactorCode", 2048)},

	// methods, paths and preflights
	{"a preflight of an unknown path is 404", contract.CheckCORS, changed(both(preflights, unknownPath), func(_ *http.Request, a *altered) { a.fail(404, "NotFound", "Not found") })},
	{"a preflight of a log-in is 405", contract.CheckCORS, becomes(both(preflights, logsInAt), 204, 405)},
	{"a preflight of applications is 405", contract.CheckCORS, becomes(both(preflights, at("/applications")), 204, 405)},
	{"OPTIONS without an origin is 400", contract.CheckCORS, becomes(both(preflights, has("Origin", "")), 204, 400)},
	{"a preflight without X-Amz-Date", contract.CheckCORS, head(preflights, "Access-Control-Allow-Headers", "Accept,Content-Type,Authorization,Accept-Version,losantdomain")},
	{"a preflight without PUT and HEAD", contract.CheckCORS, head(preflights, "Access-Control-Allow-Methods", "DELETE,GET,OPTIONS,PATCH,POST")},
	{"GET of the log-in is 404", contract.CheckMethod, becomes(logsInAt, 405, 404)},
	{"the Allow of the log-in lacks POST", contract.CheckMethod, head(both(method("GET"), logsInAt), "Allow", "OPTIONS")},
	{"PATCH of applications is 404", contract.CheckMethod, becomes(both(method("PATCH"), at("/applications")), 405, 404)},
	{"POST to an application is 404", contract.CheckMethod, becomes(both(method("POST"), at("/applications/"+app)), 405, 404)},
	{"DELETE of a list is 404", contract.CheckMethod, becomes(both(method("DELETE"), onList), 405, 404)},
	{"POST to an unknown path is 404", contract.CheckMethod, becomes(both(method("POST"), unknownPath), 405, 404)},
	{"a 405 in HTML", contract.CheckContentType, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 405 {
			a.header.Set("Content-Type", "text/html")
		}
	})},
	{"PUT reads its body first", contract.CheckMethod, changed(method("PUT"), func(_ *http.Request, a *altered) {
		if string(a.sent) == "{" {
			a.fail(400, "Validation", "Invalid JSON")
		}
	})},
	{"the rest of a path in any case", contract.CheckMethod, before(all, func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "/Webhooks", "/webhooks", 1) })},
	{"a path that is no text is 400", contract.CheckStatus, changed(func(r *http.Request) bool {
		return strings.Contains(r.URL.EscapedPath(), "%") || strings.Contains(r.URL.Path, "\xff")
	}, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			a.fail(400, "BadRequest", "Malformed path")
		}
	})},
	{"DELETE of a malformed id is 404", contract.CheckNegative, becomes(both(method("DELETE"), ofOneOrOdd), 400, 404)},
	{"POST to a malformed application is 404", contract.CheckNegative, becomes(both(method("POST"), at("/applications/x/webhooks")), 400, 404)},

	// the description
	{"a description without info", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "info") })},
	{"a description of version 2", contract.CheckSelfDescribed, redefines(func(o object) { o["version"] = "2.0.0" }, "info")},
	{"a description in another bravado", contract.CheckSelfDescribed, redefines(func(o object) { o["bravado"] = "2.0" })},
	{"parameters without examples", contract.CheckSelfDescribed, redefinesParams(func(o object) { delete(o, "example") })},
	{"parameters without descriptions", contract.CheckSelfDescribed, redefinesParams(func(o object) { delete(o, "description") })},
	{"definitions without titles", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "title") }, "definitions", "webhook")},
	{"responses without descriptions", contract.CheckSelfDescribed, redefines(func(o object) { delete(o, "description") }, "resources", "webhooks", "actions", "get", "responses", "200")},
	{"an example of another schema", contract.CheckSelfDescribed, redefines(func(o object) { o["webhook"] = object{"id": 5} }, "examples")},
	{"a default that is null", contract.CheckSelfDescribed, redefinesParams(func(o object) { o["default"] = nil })},
	{"a description in plain text", contract.CheckContentType, head(atRoot, "Content-Type", "text/plain")},
	{"a description without CORS", contract.CheckCORS, head(atRoot, "Access-Control-Allow-Origin", "")},

	// the inside of applications
	{"a global without json", contract.CheckNegative, overlooks("application.globals.0.json is required")},
	{"a global with an extra property", contract.CheckNegative, overlooks("application.globals.0 has additional properties")},
	{"101 globals", contract.CheckNegative, overlooks("application.globals has more items than allowed")},
	{"a key of a global that is none", contract.CheckNegative, overlooks("application.globals.0.key pattern mismatch")},
	{"delayDays of 0", contract.CheckNegative, changed(ofApplication, func(_ *http.Request, a *altered) {
		if a.status == 400 && bytes.Contains(a.sent, []byte(`"delayDays":0`)) {
			a.fail(404, "NotFound", "Application was not found")
		}
	})},
	{"delayDays of 0 in POST", contract.CheckNegative, overlooks("application.archiveConfig.delayDays is less than minimum")},
	{"a tour of another status", contract.CheckNegative, overlooks("application.ftueTracking.0.status must be an enum value")},
	{"a template that is no id", contract.CheckNegative, overlooks("application.appliedTemplateIds.0 pattern mismatch")},
	{"a short key of S3", contract.CheckNegative, overlooks("application.archiveConfig.s3.accessKeyId has less length than allowed")},
	{"all applications for an organization", contract.CheckFiltering, before(both(listsApplications, asks("orgId", "")), func(r *http.Request) { r.URL.RawQuery = "" })},
}

func nameIn(body []byte) string {
	var fields object
	_ = json.Unmarshal(body, &fields) // or none
	name, _ := fields["name"].(string)
	return name
}

// at matches a path.
func at(path string) condition { return func(r *http.Request) bool { return r.URL.Path == path } }

var logsInAt = at("/auth/user")

func unknownPath(r *http.Request) bool { return r.URL.Path == "/no-such-path" }

// ofApplication matches requests of one application, or of one that is not there.
func ofApplication(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/applications") && !strings.Contains(r.URL.Path, "webhooks")
}

// acrossBorder matches paths of one webhook below another application.
func acrossBorder(r *http.Request) bool {
	steps := strings.Split(r.URL.Path, "/")
	return len(steps) == 5 && steps[2] != app && len(steps[2]) == 24 && len(steps[4]) == 24 && !nowhere(r)
}

// homePath is the path of a webhook below the application that it is of.
func homePath(r *http.Request) string { return hooks + "/" + strings.Split(r.URL.Path, "/")[4] }

func listsOthers(r *http.Request) bool {
	steps := strings.Split(r.URL.Path, "/")
	return r.Method == "GET" && len(steps) == 4 && steps[2] != app
}

// readsNumber makes a form with a number JSON.
func readsNumber(r *http.Request) { readsForm(r, "responseCode", "201") }

// readsTrue makes a form with true JSON.
func readsTrue(r *http.Request) { readsForm(r, "waitForReply", "true") }

func readsForm(r *http.Request, field, value string) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	if form.Get(field) == value {
		body = fmt.Appendf(nil, `{"name":%q,%q:%s}`, form.Get("name"), field, value)
		r.Header.Set("Content-Type", "application/json")
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// reportsFirst lets a server report the wrong type of one property in place of another's.
func reportsFirst(right, wrong string) func(*http.Request, *altered) {
	return func(_ *http.Request, a *altered) {
		var sent map[string]any
		_ = json.Unmarshal(a.sent, &sent)
		message, _ := a.fields["message"].(string)
		if _, both := sent[wrong]; both && a.status == 400 && strings.HasPrefix(message, "webhook."+right+" ") {
			a.fields["message"] = strings.Replace(message, right, wrong, 1)
		}
	}
}

func contentType(prefix string) condition {
	return func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Content-Type"), prefix) }
}

// fails lets a server refuse what it should accept.
func fails(when condition, status int) wrapper {
	return changed(when, func(_ *http.Request, a *altered) { a.fail(status, "Validation", "is not known") })
}

// readsAsJSON lets a server read a body as JSON that is not said to be JSON.
func readsAsJSON(when condition) wrapper {
	return before(when, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
}

// withoutToken lets a server overlook a token.
func withoutToken(when condition) wrapper {
	return before(when, func(r *http.Request) { r.Header.Del("Authorization"); r.URL.RawQuery = "" })
}

// overlooks lets a server accept a body of an application in spite of a violation.
func overlooks(message string) wrapper {
	return changed(ofApplication, func(r *http.Request, a *altered) {
		switch {
		case a.status != 400 || a.fields["message"] != message:
		case r.Method == "POST":
			a.fail(403, "Forbidden", "Access is forbidden")
		default:
			a.fail(404, "NotFound", "Application was not found")
		}
	})
}

// redefinesParams lies about the parameters of the list in the API's description.
func redefinesParams(change func(param object)) wrapper {
	return redefines(func(action object) {
		for _, param := range action["params"].([]any) {
			change(param.(object))
		}
	}, "resources", "webhooks", "actions", "get")
}
