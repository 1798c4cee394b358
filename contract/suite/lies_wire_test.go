package suite_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// What a server may do wrong with requests that are written in other ways than usual.
var liesOfTheWire = []lie{
	// paths
	{"a blank id lists", contract.CheckNegative, before(at(hooks+"//"), func(r *http.Request) { r.URL.Path = hooks })},
	{"POST with a slash behind the path is 405", contract.CheckPositive, changed(both(method("POST"), endsInSlash), notAllowed)},
	{"PATCH with a slash behind the path is 405", contract.CheckPositive, changed(both(method("PATCH"), endsInSlash), notAllowed)},
	{"DELETE with a slash behind the path is 405", contract.CheckPositive, changed(both(method("DELETE"), endsInSlash), notAllowed)},
	{"PATCH of an id in capitals is 404", contract.CheckPositive, changed(both(changes, inCapitals), notFound)},
	{"DELETE of an id in capitals is 404", contract.CheckPositive, changed(both(deletes, inCapitals), notFound)},
	{"DELETE of an id in capitals does nothing", contract.CheckPositive, before(both(deletes, inCapitals), func(r *http.Request) {
		r.URL.Path = hooks + "/000000000000000000000000"
	})},
	{"an id of more than 100 characters is 400", contract.CheckMethod, changed(long100, func(_ *http.Request, a *altered) {
		if a.status == 405 {
			a.fail(400, "Validation", "webhookId pattern mismatch")
		}
	})},
	{"an id of 100 characters is 405", contract.CheckNegative, changed(long100, func(r *http.Request, a *altered) {
		if a.status == 400 {
			notAllowed(r, a)
		}
	})},
	{"an escaped slash splits the path", contract.CheckNegative, changed(escaped("%2F"), notAllowed)},
	{"an escaped digit is none", contract.CheckPositive, changed(escaped("/%3"), notFound)},
	{"a doubled slash is one", contract.CheckMethod, before(all, func(r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, "/applications//", "/applications/", 1)
	})},
	{"OPTIONS of a path that is no text is 204", contract.CheckStatus, changed(both(preflights, escaped("%ff")), func(_ *http.Request, a *altered) { a.status, a.raw, a.fields = 204, nil, nil })},

	// bodies
	{"GET reads its body", contract.CheckPositive, changed(method("GET"), func(_ *http.Request, a *altered) {
		if string(a.sent) == "{" {
			invalidContent(a)
		}
	})},
	{"GET decodes its body", contract.CheckPositive, fails(both(method("GET"), has("Content-Encoding", "deflate")), 400)},
	{"OPTIONS ignores a broken body", contract.CheckNegative, changed(preflights, func(_ *http.Request, a *altered) {
		if a.status == 400 {
			a.status, a.raw, a.fields = 204, nil, nil
		}
	})},
	{"OPTIONS ignores an encoding", contract.CheckNegative, before(preflights, func(r *http.Request) { r.Header.Del("Content-Encoding") })},
	{"DELETE ignores an encoding", contract.CheckNegative, before(method("DELETE"), func(r *http.Request) { r.Header.Del("Content-Encoding") })},
	{"the path before the body", contract.CheckError, changed(at("/applications/x/webhooks"), func(_ *http.Request, a *altered) {
		if a.fields["code"] != nil {
			a.fail(400, "Validation", "applicationId pattern mismatch")
		}
	})},
	{"the path before a body that is missing", contract.CheckError, changed(at("/applications/x/webhooks"), func(_ *http.Request, a *altered) {
		if len(a.sent) == 0 {
			a.fail(400, "Validation", "applicationId pattern mismatch")
		}
	})},
	{"the token before a body that is no JSON", contract.CheckNegative, changed(both(changesAny, has("Authorization", "")), func(_ *http.Request, a *altered) {
		if a.fields["code"] != nil {
			a.fail(403, "Forbidden", "Access is forbidden")
		}
	})},
	{"broken gzip is 400", contract.CheckNegative, becomes(changesAny, 500, 400)},
	{"bytes that are no UTF-8 are lost", contract.CheckEcho, before(writes, func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		body = bytes.ReplaceAll(body, []byte("\xff"), nil)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})},

	// content types and encodings
	{"JSON in capitals is 415", contract.CheckPositive, fails(both(writes, contentType("APPLICATION/JSON")), 415)},
	{"a form in capitals is 415", contract.CheckPositive, fails(both(writes, contentType("APPLICATION/X-")), 415)},
	{"a type with more behind JSON is none", contract.CheckPositive, before(both(writes, contentType("application/foo+jsonx")), func(r *http.Request) { r.Header.Set("Content-Type", "image/png") })},
	{"a blank encoding is 415", contract.CheckPositive, fails(func(r *http.Request) bool {
		_, there := r.Header["Content-Encoding"]
		return there && has("Content-Encoding", "")(r)
	}, 415)},
	{"JSON with a blank before the semicolon", contract.CheckNegative, readsAsJSON(both(writes, contentType("application/json ")))},
	{"JSON of two types", contract.CheckNegative, readsAsJSON(both(writes, contentType("application/json,")))},
	{"JSON of a blank type", contract.CheckNegative, readsAsJSON(both(writes, has("Content-Type", "")))},
	{"text/json is JSON", contract.CheckNegative, readsAsJSON(both(writes, contentType("text/json")))},
	{"a patch of JSON is JSON", contract.CheckNegative, readsAsJSON(both(writes, contentType("application/json-patch+json")))},
	{"a type with a digit is JSON", contract.CheckNegative, readsAsJSON(both(writes, contentType("application/vnd.a2+json")))},
	{"a type with an underscore is JSON", contract.CheckNegative, readsAsJSON(both(writes, contentType("application/a_b+json")))},
	{"a type with nothing before JSON", contract.CheckNegative, readsAsJSON(both(writes, contentType("application/+json")))},
	{"deflate is taken", contract.CheckNegative, before(both(writes, has("Content-Encoding", "deflate")), func(r *http.Request) { r.Header.Del("Content-Encoding") })},
	{"gzip in capitals is taken", contract.CheckNegative, before(both(writes, has("Content-Encoding", "GZIP")), func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })},
	{"the last of two fields of a form", contract.CheckNegative, rewritesForm(func(fields url.Values) {
		if names := fields["name"]; len(names) > 1 {
			fields.Set("name", names[1])
		}
	})},

	// tokens
	{"the header wins over jwt", contract.CheckIgnoredAuth, before(func(r *http.Request) bool { return r.Header.Get("Authorization") != "" }, withoutParam("jwt"))},
	{"jwt wins over access_token", contract.CheckIgnoredAuth, before(asks("jwt", ""), withoutParam("access_token"))},
	{"a word behind the token is too much", contract.CheckIgnoredAuth, before(func(r *http.Request) bool { return strings.Count(r.Header.Get("Authorization"), " ") > 1 }, func(r *http.Request) { r.Header.Del("Authorization") })},
	{"a blank jwt is a token", contract.CheckIgnoredAuth, changed(func(r *http.Request) bool { q := r.URL.Query(); return q.Has("jwt") && q.Get("jwt") == "" }, func(_ *http.Request, a *altered) { a.fail(401, "Unauthorized", "Invalid access token") })},
	{"a list of one jwt", contract.CheckNegative, unlisted("jwt", "[]")},

	// queries
	{"sortField[] is sortField", contract.CheckNegative, unlisted("sortField", "[]")},
	{"perPage[0] is perPage", contract.CheckNegative, unlisted("perPage", "[0]")},
	{"filter[a] is filter", contract.CheckNegative, unlisted("filter", "[a]")},
	{"an escape that is none is 400", contract.CheckPositive, fails(func(r *http.Request) bool { return strings.Contains(r.URL.RawQuery, "%zz") }, 400)},
	{"%20 stays in a filter", contract.CheckFiltering, before(all, func(r *http.Request) { r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "%20", "%2520") })},
	{"a newer version is 400", contract.CheckPositive, fails(has("Accept-Version", "^99.0.0"), 400)},
	{"a version that is none is 400", contract.CheckPositive, fails(has("Accept-Version", "newest"), 400)},
}

func changesAny(r *http.Request) bool  { return r.Method == "PATCH" }
func endsInSlash(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/") }
func inCapitals(r *http.Request) bool  { return strings.ToLower(r.URL.Path) != r.URL.Path }
func long100(r *http.Request) bool     { return len(path.Base(r.URL.Path)) >= 100 }

// escaped matches paths as they were sent.
func escaped(part string) condition {
	return func(r *http.Request) bool { return strings.Contains(r.URL.EscapedPath(), part) }
}

func notAllowed(r *http.Request, a *altered) {
	a.fail(405, "MethodNotAllowed", r.Method+" is not allowed")
}

func notFound(_ *http.Request, a *altered) { a.fail(404, "NotFound", "Webhook was not found") }

func invalidContent(a *altered) {
	a.fail(400, "", "")
	a.fields = object{"code": "InvalidContent", "message": "Invalid JSON: Unexpected end of JSON input"}
}

// withoutParam takes a parameter out of the query.
func withoutParam(name string) func(*http.Request) {
	return func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del(name) }) }
}

// unlisted lets a server take a list of one value for the value.
func unlisted(name, brackets string) wrapper {
	return before(asks(name+brackets, ""), func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) { q.Set(name, q.Get(name+brackets)); q.Del(name + brackets) })
	})
}

// rewritesForm lets a server see other fields of a form.
func rewritesForm(change func(url.Values)) wrapper {
	return before(both(writes, has("Content-Type", "application/x-www-form-urlencoded")), func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fields, _ := url.ParseQuery(string(body))
		change(fields)
		text := fields.Encode()
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	})
}
