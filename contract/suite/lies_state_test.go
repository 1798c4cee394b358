package suite_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/losantmock/losantmock/contract"
)

// liesOfTheState are about what lists and counts have after something was written, and about
// what is refused first.
var liesOfTheState = []lie{
	{"what an unknown application has is looked for before the body", contract.CheckNegative, changed(ofNobody, func(r *http.Request, a *altered) {
		if a.status == 400 && r.Method != "GET" {
			a.fail(404, "NotFound", "Application was not found")
		}
	})},
	{"an order is refused before the id of the application", contract.CheckError, changed(asks("sortField", ""), func(r *http.Request, a *altered) {
		if a.status == 400 && strings.HasPrefix(r.URL.Path, "/applications/x/") {
			a.fields["message"] = "sortField must be an enum value"
		}
	})},
	{"a new application takes a tour", contract.CheckNegative, acceptsToo("POST", "ftueTracking")},
	{"an application takes an organization", contract.CheckNegative, acceptsToo("PATCH", "orgId")},
	{"a list leaves out enabled", contract.CheckSchema, items(listing, func(item object) { delete(item, "enabled") })},
	{"a list leaves out passwords", contract.CheckSchema, items(listing, func(item object) { delete(item, "basicAuthPassword") })},
	{"what was deleted is in the list of all", contract.CheckUseAfterFree, func(next http.Handler) http.Handler {
		var last object
		return changed(all, good(func(r *http.Request, a *altered) {
			if ofOne(r) && a.fields["id"] != nil {
				last = a.fields
			}
			newest := r.URL.RawQuery == "perPage=100&sortField=creationDate&sortDirection=desc"
			if newest && !slices.ContainsFunc(a.items(), func(i any) bool { return i.(object)["id"] == last["id"] }) {
				a.setItems(append([]any{last}, a.items()...))
				a.fields["totalCount"] = a.fields["totalCount"].(float64) + 1
			}
		}))(next)
	}},
	{"what was deleted counts among all", contract.CheckPagination, func(next http.Handler) http.Handler {
		deleted := 0.0
		return changed(all, good(func(r *http.Request, a *altered) {
			if deletes(r) {
				deleted++
			}
			if total, ok := a.fields["totalCount"].(float64); ok && listing(r) && a.fields["filter"] == nil {
				a.fields["totalCount"] = total + deleted
			}
		}))(next)
	}},
	{"summaryExclude has no effect", contract.CheckAvailability, unseen(both(showsApplication, asks("summaryExclude", "")), func(q url.Values) { q.Del("summaryExclude") })},
	{"summaryInclude has no effect", contract.CheckAvailability, unseen(both(showsApplication, asks("summaryInclude", "")), func(q url.Values) { q.Del("summaryInclude") })},
	{"an application counts no webhooks", contract.CheckAvailability, within(showsApplication, "summary", func(counts object) {
		if counts["webhookCount"] != nil {
			counts["webhookCount"] = 0
		}
	})},
	{"names are composed", contract.CheckEcho, texts(writes, "name", norm.NFC.String)},
	{"a star does not match a slash", contract.CheckFiltering, filtered(func(glob, name string) bool {
		return matches(glob, name) && strings.Count(glob, "/") == strings.Count(name, "/")
	})},
	{"a switch of DELETE twice", contract.CheckNegative, changed(both(deletes, nowhere), func(r *http.Request, a *altered) {
		if a.status == 400 && len(r.URL.Query()["includeWorkflows"]) > 1 {
			a.fail(404, "NotFound", "Webhook was not found")
		}
	})},
	{"a limit is reported before a property too many", contract.CheckError, changed(writes, func(_ *http.Request, a *altered) {
		var sent object
		_ = json.Unmarshal(a.sent, &sent)
		if a.status == 400 && sent["name"] == "" && sent["noSuchProperty"] != nil {
			a.fields["message"] = "webhook.name does not meet minimum length of 1"
		}
	})},
	{"a token with something behind it", contract.CheckIgnoredAuth, before(all, func(r *http.Request) {
		if token, longer := strings.CutSuffix(r.Header.Get("Authorization"), "x"); longer {
			r.Header.Set("Authorization", token)
		}
	})},
}

// ofNobody chooses what is about an application that is not there.
func ofNobody(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/applications/000000000000000000000000/")
}

// acceptsToo lets a server accept a body of an application that has a property too many.
func acceptsToo(method, name string) wrapper {
	return changed(ofApplication, func(r *http.Request, a *altered) {
		var sent object
		if json.Unmarshal(a.sent, &sent) != nil || a.status != 400 || r.Method != method || len(sent) != 2 || sent[name] == nil {
			return
		}
		if method == "POST" {
			a.fail(403, "Forbidden", "Access is forbidden")
		} else {
			a.fail(404, "NotFound", "Application was not found")
		}
	})
}
