package suite_test

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// What a server may do wrong with rare values, with several properties at once, and with
// webhooks that a request is not about.
var liesOfValues = []lie{
	{"U+0000 is lost", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.ReplaceAll(text, "\x00", "") })},
	{"U+2028 is a line feed", contract.CheckEcho, texts(writes, "verificationCode", func(text string) string { return strings.ReplaceAll(text, "\u2028", "\n") })},
	{"accents are composed", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.ReplaceAll(text, "e\u0301", "é") })},
	{"backslashes are doubled", contract.CheckEcho, texts(writes, "basicAuthPassword", func(text string) string { return strings.ReplaceAll(text, `\`, `\\`) })},
	{"a text of digits is a number", contract.CheckSchema, changed(ofOne, good(func(_ *http.Request, a *altered) {
		if a.fields["description"] == "0123" {
			a.fields["description"] = 123
		}
	}))},
	{"a text of null is none", contract.CheckEcho, texts(writes, "verificationCode", func(text string) string { return strings.TrimPrefix(text, "null") })},
	{"templates are filled in", contract.CheckEcho, texts(writes, "description", func(text string) string { return strings.ReplaceAll(text, "${a}", "") })},
	{"418 is kept as 400", contract.CheckEcho, accepts(writes, "responseCode", 418.0, 400.0)},
	{"511 is kept as 500", contract.CheckEcho, accepts(writes, "responseCode", 511.0, 500.0)},
	{"__proto__ is no extra property", contract.CheckNegative, forgets(writes, "__proto__")},
	{"constructor is no extra property", contract.CheckNegative, forgets(writes, "constructor")},

	{"_type is no extra property", contract.CheckNegative, forgets(changes, "_type")},
	{"_actions is no extra property", contract.CheckNegative, forgets(changes, "_actions")},

	// long lists
	{"a page of 50 unless it is told otherwise", contract.CheckPagination, changed(listing, good(func(r *http.Request, a *altered) {
		if !r.URL.Query().Has("perPage") && len(a.items()) > 50 {
			a.setItems(a.items()[:50])
		}
	}))},
	{"a page of 100 at the most", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) {
		if len(a.items()) > 100 {
			a.setItems(a.items()[:100])
		}
	}))},
	{"no totalCount behind the last page", contract.CheckPagination, changed(listing, good(func(r *http.Request, a *altered) {
		if len(a.items()) == 0 && r.URL.Query().Has("page") {
			a.fields["totalCount"] = 0
		}
	}))},
	{"filters of more than 60 characters are ignored", contract.CheckFiltering, before(listing, func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) {
			if len(q.Get("filter")) > 60 {
				q.Set("filter", "*")
			}
		})
	})},

	// several properties at once
	{"PATCH of two switches takes the first alone", contract.CheckEcho, before(changes, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if fields["waitForReply"] != nil {
				delete(fields, "annotateMultipart")
			}
		})
	})},
	{"waitForReply is refused for WebSockets", contract.CheckPositive, refuses(creates, func(sent object) bool { return sent["isWebsocket"] == true && sent["waitForReply"] == true }, "webhook.waitForReply is not allowed")},
	{"isWebsocket drops verificationCode", contract.CheckEcho, before(creates, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if fields["isWebsocket"] == true {
				delete(fields, "verificationCode")
			}
		})
	})},
	{"PATCH says that isWebsocket is changed", contract.CheckEcho, changed(both(changes, sendsWebsocket), func(r *http.Request, a *altered) {
		if a.status == http.StatusBadRequest {
			a.replay("GET", r.URL.Path, "")
			was, _ := a.fields["isWebsocket"].(bool)
			a.fields["isWebsocket"] = !was
		}
	})},

	// other webhooks and other pages
	{"DELETE moves lastUpdated of the others", contract.CheckEcho, changed(deletes, good(func(_ *http.Request, a *altered) {
		was := *a
		a.replay("GET", hooks+"?perPage=1000&filterField=name&filter=losantmock-*", "")
		for _, item := range a.items() {
			a.beside("PATCH", hooks+"/"+item.(object)["id"].(string), `{}`)
		}
		*a = was
	}))},
	{"a page that holds all lacks the last", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) {
		if items := a.items(); len(items) > 1 && a.fields["perPage"] == a.fields["totalCount"] {
			a.setItems(items[:len(items)-1])
		}
	}))},
	{"pages of one are all the first", contract.CheckPagination, unseen(both(listing, asks("perPage", "1")), func(q url.Values) { q.Del("page") })},
	{"the filter finds by id", contract.CheckFiltering, unseen(both(listing, func(r *http.Request) bool { return len(r.URL.Query().Get("filter")) == 24 }), func(q url.Values) { q.Del("filter") })},
	{"a read-only token lists nothing", contract.CheckIgnoredAuth, changed(both(listing, readOnly), good(func(_ *http.Request, a *altered) {
		a.setItems([]any{})
		a.fields["totalCount"] = 0
	}))},
}
