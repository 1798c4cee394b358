package suite_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// What a server may do wrong with lists and with what is read.
var liesOfReading = []lie{
	// order
	{"by creationDate is by name", contract.CheckSorting, unseen(asks("sortField", "creationDate"), func(q url.Values) { q.Set("sortField", "name") })},
	{"by lastUpdated is by creationDate", contract.CheckSorting, unseen(asks("sortField", "lastUpdated"), func(q url.Values) { q.Set("sortField", "creationDate") })},
	{"by id is by name", contract.CheckSorting, unseen(asks("sortField", "id"), func(q url.Values) { q.Set("sortField", "name") })},
	{"by name is by id", contract.CheckSorting, unseen(asks("sortField", "name"), func(q url.Values) { q.Set("sortField", "id") })},
	{"names by their length", contract.CheckSorting, changed(both(listing, asks("sortField", "name")), good(func(_ *http.Request, a *altered) {
		slices.SortStableFunc(a.items(), func(x, y any) int { return len(x.(object)["name"].(string)) - len(y.(object)["name"].(string)) })
	}))},
	{"descending by name is ascending", contract.CheckSorting, unseen(both(asks("sortDirection", "desc"), asks("sortField", "name")), func(q url.Values) { q.Set("sortDirection", "asc") })},
	{"descending by lastUpdated is ascending", contract.CheckSorting, unseen(both(asks("sortDirection", "desc"), asks("sortField", "lastUpdated")), func(q url.Values) { q.Set("sortDirection", "asc") })},
	{"ascending by id is descending", contract.CheckSorting, unseen(both(asks("sortDirection", "asc"), asks("sortField", "id")), func(q url.Values) { q.Set("sortDirection", "desc") })},
	{"the default order is by creationDate", contract.CheckSorting, unseen(func(r *http.Request) bool { return listing(r) && !r.URL.Query().Has("sortField") }, func(q url.Values) { q.Set("sortField", "creationDate") })},
	{"the default direction is descending", contract.CheckSorting, unseen(func(r *http.Request) bool { return listing(r) && !r.URL.Query().Has("sortDirection") }, func(q url.Values) { q.Set("sortDirection", "desc") })},
	{"the first two are the wrong way round", contract.CheckSorting, changed(listing, good(func(_ *http.Request, a *altered) {
		if items := a.items(); len(items) > 1 {
			items[0], items[1] = items[1], items[0]
		}
	}))},
	{"the last two are the wrong way round", contract.CheckSorting, changed(listing, good(func(_ *http.Request, a *altered) {
		if items := a.items(); len(items) > 5 {
			slices.Reverse(items[len(items)-2:])
		}
	}))},
	{"each page has an order of its own", contract.CheckPagination, changed(both(listing, asks("page", "")), good(func(r *http.Request, a *altered) {
		if r.URL.Query().Get("sortDirection") != "desc" {
			return
		}
		q := r.URL.Query()
		q.Set("sortDirection", "asc")
		was := a.fields
		a.replay("GET", hooks+"?"+q.Encode(), "")
		slices.Reverse(a.items())
		was["items"] = a.items()
		a.fields = was
	}))},
	{"pages whose order ignores the field", contract.CheckPagination, changed(both(listing, both(asks("page", ""), asks("sortField", "lastUpdated"))), good(func(r *http.Request, a *altered) {
		q, was := r.URL.Query(), a.fields
		q.Set("sortField", "name")
		a.replay("GET", hooks+"?"+q.Encode(), "")
		slices.SortFunc(a.items(), func(x, y any) int {
			order := strings.Compare(x.(object)["lastUpdated"].(string), y.(object)["lastUpdated"].(string))
			if q.Get("sortDirection") == "desc" {
				order = -order
			}
			return order
		})
		was["items"] = a.items()
		a.fields = was
	}))},
	{"a list that says another sortField", contract.CheckSorting, shows(listing, "sortField", "creationDate")},
	{"a list that says another direction", contract.CheckSorting, shows(both(listing, asks("sortDirection", "desc")), "sortDirection", "asc")},

	// pages
	{"the next page in place of the page", contract.CheckPagination, unseen(both(listing, asks("page", "1")), func(q url.Values) { q.Set("page", "2") })},
	{"pages are counted from 1", contract.CheckPagination, unseen(both(listing, asks("page", "1")), func(q url.Values) { q.Set("page", "0") })},
	{"page is ignored", contract.CheckPagination, unseen(both(listing, asks("page", "")), func(q url.Values) { q.Del("page") })},
	{"perPage is ignored", contract.CheckPagination, unseen(both(listing, asks("perPage", "")), func(q url.Values) { q.Set("perPage", "1000") })},
	{"a page of one too many", contract.CheckPagination, unseen(both(listing, asks("perPage", "3")), func(q url.Values) { q.Set("perPage", "4") })},
	{"a page of one too few", contract.CheckPagination, changed(both(listing, asks("perPage", "3")), good(func(_ *http.Request, a *altered) {
		if len(a.items()) == 3 {
			a.setItems(a.items()[:2])
		}
	}))},
	{"behind the last page is the last page", contract.CheckPagination, changed(listing, good(func(r *http.Request, a *altered) {
		if q := r.URL.Query(); len(a.items()) == 0 && q.Get("page") != "0" && q.Has("page") && a.fields["totalCount"].(float64) > 0 {
			page := a.fields["page"]
			q.Set("page", "0")
			a.replay("GET", hooks+"?"+q.Encode(), "")
			a.fields["page"] = page
		}
	}))},
	{"behind the last page is 404", contract.CheckPagination, changed(listing, good(func(r *http.Request, a *altered) {
		if len(a.items()) == 0 && r.URL.Query().Has("page") {
			a.fail(404, "NotFound", "Application was not found")
		}
	}))},
	{"a default of 5 items", contract.CheckPagination, changed(func(r *http.Request) bool { return listing(r) && !r.URL.Query().Has("perPage") }, good(func(_ *http.Request, a *altered) { a.setItems(a.items()[:min(5, len(a.items()))]) }))},
	{"another default of perPage", contract.CheckPagination, unseenButSaid(func(r *http.Request) bool { return listing(r) && !r.URL.Query().Has("perPage") }, func(q url.Values) { q.Set("perPage", "50") })},
	{"a count of all", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) { a.fields["count"] = a.fields["totalCount"] }))},
	{"a totalCount of the page", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) { a.fields["totalCount"] = a.fields["count"] }))},
	{"a totalCount of one too many", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) { a.fields["totalCount"] = a.fields["totalCount"].(float64) + 1 }))},
	{"a totalCount that ignores the filter", contract.CheckPagination, changed(both(listing, asks("filter", "")), good(func(_ *http.Request, a *altered) {
		was := a.fields
		a.replay("GET", hooks, "")
		was["totalCount"] = a.fields["totalCount"]
		a.fields = was
	}))},
	{"a list that says another page", contract.CheckPagination, shows(both(listing, asks("page", "1")), "page", 0)},
	{"a list that says another perPage", contract.CheckPagination, shows(both(listing, asks("perPage", "3")), "perPage", 100)},
	{"a number that is text", contract.CheckSchema, shows(listing, "perPage", "100")},
	{"a page that lacks its last", contract.CheckPagination, loses(asks("page", "1"), func(items []any) int { return len(items) - 1 })},
	{"a page that has one twice", contract.CheckPagination, changed(both(listing, asks("page", "")), good(func(_ *http.Request, a *altered) {
		if items := a.items(); len(items) > 1 {
			items[1] = items[0]
		}
	}))},
	{"a sorted list that lacks its first", contract.CheckSorting, loses(both(asks("sortField", "lastUpdated"), asks("sortDirection", "desc")), func([]any) int { return 0 })},
	{"a perPage of 0", contract.CheckNegative, replaced("perPage", "0", "100")},
	{"a page of -1", contract.CheckNegative, replaced("page", "-1", "0")},
	{"a sortField that is anything", contract.CheckNegative, replaced("sortField", "no-such-value", "name")},
	{"a sortDirection in capitals", contract.CheckNegative, replaced("sortDirection", "ASC", "asc")},
	{"a sortField in capitals", contract.CheckNegative, replaced("sortField", "NAME", "name")},
	{"a blank sortField", contract.CheckNegative, before(func(r *http.Request) bool {
		return r.URL.Query().Has("sortField") && r.URL.Query().Get("sortField") == ""
	}, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("sortField") }) })},
	{"a sortField given twice", contract.CheckNegative, before(func(r *http.Request) bool { return len(r.URL.Query()["sortField"]) > 1 }, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Set("sortField", q.Get("sortField")) }) })},
	{"sortField by description", contract.CheckNegative, replaced("sortField", "description", "name")},
	{"an unknown parameter refused", contract.CheckPositive, changed(asks("noSuchParameter", ""), func(_ *http.Request, a *altered) { a.fail(400, "Validation", "has additional properties") })},

	// filters
	{"a filter that depends on the case", contract.CheckFiltering, filtered(matches)},
	{"a filter that matches parts", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", "*"+q.Get("filter")+"*") })},
	{"a filter that matches beginnings", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", q.Get("filter")+"*") })},
	{"a filter that matches ends", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", "*"+q.Get("filter")) })},
	{"no filter at all", contract.CheckFiltering, unseen(listing, func(q url.Values) { q.Del("filter") })},
	{"a star that needs a character", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "*", "?*")) })},
	{"a star that stops at a blank", contract.CheckFiltering, filtered(func(glob, name string) bool {
		return matches(strings.ToLower(glob), strings.ToLower(name)) && (!strings.Contains(glob, "*") || strings.Count(glob, " ") == strings.Count(name, " "))
	})},
	{"a question mark that is a star", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "?", "*")) })},
	{"a question mark that is itself", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "?", `\?`)) })},
	{"brackets that are themselves", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "[", `\[`)) })},
	{"a negation that is none", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), "[!", "[")) })},
	{"a dot that is any character", contract.CheckFiltering, unseen(both(listing, asks("filter", "")), func(q url.Values) { q.Set("filter", strings.ReplaceAll(q.Get("filter"), ".", "?")) })},
	{"a plus that repeats", contract.CheckFiltering, filtered(func(glob, name string) bool {
		return matches(strings.ToLower(glob), strings.ToLower(name)) && !strings.Contains(glob, "+")
	})},
	{"parentheses that group", contract.CheckFiltering, filtered(func(glob, name string) bool {
		return matches(strings.ToLower(strings.NewReplacer("(", "", ")", "").Replace(glob)), strings.ToLower(name))
	})},
	{"case of ASCII alone", contract.CheckFiltering, filtered(func(glob, name string) bool { return matches(asciiLower(glob), asciiLower(name)) })},
	{"a filter without a field filters", contract.CheckFiltering, unseen(both(listing, func(r *http.Request) bool { return r.URL.Query().Has("filter") && !r.URL.Query().Has("filterField") }), func(q url.Values) { q.Set("filterField", "name") })},
	{"a field without a filter lists nothing", contract.CheckFiltering, changed(both(listing, func(r *http.Request) bool { return r.URL.Query().Has("filterField") && !r.URL.Query().Has("filter") }), good(func(_ *http.Request, a *altered) {
		a.setItems([]any{})
		a.fields["totalCount"] = 0
	}))},
	{"a blank filter lists nothing", contract.CheckFiltering, changed(both(listing, func(r *http.Request) bool { return r.URL.Query().Has("filter") && r.URL.Query().Get("filter") == "" }), good(func(_ *http.Request, a *altered) {
		a.setItems([]any{})
		a.fields["totalCount"] = 0
	}))},
	{"a blank filter refused", contract.CheckPositive, changed(listing, func(r *http.Request, a *altered) {
		if q := r.URL.Query(); q.Has("filter") && q.Get("filter") == "" {
			a.fail(400, "Validation", "filter has less length than allowed")
		}
	})},
	{"filterField by description", contract.CheckNegative, replaced("filterField", "description", "name")},
	{"a list that says another filter", contract.CheckFiltering, shows(both(listing, asks("filter", "")), "filter", "*")},
	{"a list of another application", contract.CheckIdentity, shows(listing, "applicationId", aHook)},

	// single webhooks, and lists
	{"a number that is text in one", contract.CheckSchema, shows(readsOne, "responseCode", "200")},
	{"an enum value that is none", contract.CheckSchema, shows(readsOne, "castBuffersAs", "ascii")},
	{"a date without milliseconds", contract.CheckSchema, shows(readsOne, "creationDate", "2016-06-13T04:00:00Z")},
	{"a date with another offset", contract.CheckSchema, shows(readsOne, "lastUpdated", "2099-06-13T04:00:00.000+02:00")},
	{"a date as a number", contract.CheckSchema, shows(readsOne, "creationDate", 1465790400000)},
	{"an id of 23 digits", contract.CheckSchema, shows(readsOne, "id", "575ed78e7ae143cd83dc4aa")},
	{"null in place of a text", contract.CheckSchema, shows(readsOne, "description", nil)},
	{"a blank token", contract.CheckSchema, shows(readsOne, "token", "")},
	{"JSON that is cut off", contract.CheckSchema, changed(readsOne, good(func(_ *http.Request, a *altered) { a.raw = []byte(`{"id":`) }))},
	{"a list that is bare", contract.CheckSchema, changed(listing, good(func(_ *http.Request, a *altered) { a.raw, _ = json.Marshal(a.items()) }))},
	{"a webhookId that is another", contract.CheckIdentity, shows(readsOne, "webhookId", app)},
	{"another webhook than was requested", contract.CheckIdentity, shows(readsOne, "id", app)},
	{"items of another application", contract.CheckIdentity, items(listing, func(item object) { item["applicationId"] = aHook })},
	{"changed before it was made", contract.CheckIdentity, shows(readsOne, "lastUpdated", "2001-01-01T00:00:00.000Z")},
	{"a list without its descriptions", contract.CheckEcho, items(listing, func(item object) { item["description"] = "" })},
	{"a list with the defaults", contract.CheckEcho, items(listing, func(item object) { item["responseCode"], item["enabled"] = 200, true })},
	{"a list with other tokens", contract.CheckEcho, items(listing, func(item object) { item["token"] = "hidden" })},
	{"a list with older dates", contract.CheckEcho, items(listing, func(item object) { item["lastUpdated"] = item["creationDate"] })},
	{"a descending list with the defaults", contract.CheckEcho, items(both(listing, asks("sortDirection", "desc")), func(item object) { item["castBuffersAs"] = "array" })},
	{"one that is not as listed", contract.CheckEcho, shows(readsOne, "responseCode", 418)},
	{"one that is read as it was", contract.CheckEcho, staleRead},
	{"reading changes lastUpdated", contract.CheckIdempotence, changed(readsOne, good(func(r *http.Request, a *altered) { a.beside("PATCH", r.URL.Path, `{}`) }))},
	{"two responses to one request", contract.CheckIdempotence, func(next http.Handler) http.Handler {
		n := 0
		return changed(readsOne, good(func(_ *http.Request, a *altered) { n++; a.fields["description"] = fmt.Sprint(n) }))(next)
	}},
	{"what was created can't be read yet", contract.CheckAvailability, func(next http.Handler) http.Handler {
		seen := map[string]bool{}
		return changed(readsOne, func(r *http.Request, a *altered) {
			if !seen[r.URL.Path] && a.status == 200 {
				a.fail(404, "NotFound", "Webhook was not found")
			}
			seen[r.URL.Path] = true
		})(next)
	}},
	{"what was created is not listed", contract.CheckAvailability, changed(listing, good(func(_ *http.Request, a *altered) {
		a.setItems([]any{})
		a.fields["totalCount"] = 0
	}))},
	{"the newest is not listed", contract.CheckAvailability, changed(listing, good(func(_ *http.Request, a *altered) {
		list := a.items()
		newest := slices.MaxFunc(append(list, object{"id": ""}), func(x, y any) int { return strings.Compare(x.(object)["id"].(string), y.(object)["id"].(string)) })
		kept := slices.DeleteFunc(slices.Clone(list), func(item any) bool { return item.(object)["id"] == newest.(object)["id"] })
		a.setItems(kept)
		a.fields["totalCount"] = a.fields["totalCount"].(float64) - float64(len(list)-len(kept))
	}))},

	// deleting
	{"what was deleted can be read", contract.CheckUseAfterFree, func(next http.Handler) http.Handler {
		known := map[string]object{}
		return changed(readsOne, func(r *http.Request, a *altered) {
			if was := known[r.URL.Path]; a.status == 404 && was != nil {
				a.status, a.fields = 200, was
			}
			known[r.URL.Path] = maps.Clone(a.fields)
		})(next)
	}},
	{"DELETE that does nothing", contract.CheckUseAfterFree, before(deletes, func(r *http.Request) { r.Method = "GET" })},
	{"deleting twice", contract.CheckUseAfterFree, changed(deletes, func(r *http.Request, a *altered) {
		if a.status == 404 && !nowhere(r) {
			a.status, a.fields = 200, object{"success": true}
		}
	})},
	{"DELETE that deletes another too", contract.CheckUseAfterFree, changed(deletes, good(func(_ *http.Request, a *altered) {
		was := *a
		a.replay("GET", hooks+"?perPage=1&sortField=creationDate&sortDirection=desc", "")
		for _, item := range a.items() {
			a.replay("DELETE", hooks+"/"+item.(object)["id"].(string), "")
		}
		*a = was
	}))},
	{"what was deleted is listed", contract.CheckUseAfterFree, func(next http.Handler) http.Handler {
		gone := map[string]object{}
		return changed(all, good(func(r *http.Request, a *altered) {
			if id, ok := a.fields["id"].(string); ok && ofOne(r) {
				gone[id] = maps.Clone(a.fields)
			}
			if q := r.URL.Query(); listing(r) && q.Get("perPage") == "100" && q.Get("sortField") == "" {
				for _, hook := range gone {
					if strings.Contains(hook["name"].(string), "deleted") && !slices.ContainsFunc(a.items(), func(i any) bool { return i.(object)["id"] == hook["id"] }) {
						a.setItems(append(a.items(), hook))
						a.fields["totalCount"] = a.fields["totalCount"].(float64) + 1
					}
				}
			}
		}))(next)
	}},
	{"PATCH brings back what was deleted", contract.CheckUseAfterFree, changed(changes, func(r *http.Request, a *altered) {
		if a.status == 404 && !nowhere(r) {
			a.replay("GET", hooks+"?perPage=1", "")
			a.fields = a.items()[0].(object)
		}
	})},
	{"a switch of DELETE refused", contract.CheckPositive, changed(asks("includeWorkflows", ""), func(_ *http.Request, a *altered) { a.fail(400, "Validation", "includeWorkflows is the wrong type") })},

	// applications
	{"another application than was requested", contract.CheckIdentity, shows(showsApplication, "id", aHook)},
	{"an application that is not as listed", contract.CheckEcho, shows(showsApplication, "name", "Another name")},
	{"an application without its type", contract.CheckHAL, shows(showsApplication, "_type", "app")},
	{"applications whose count is wrong", contract.CheckPagination, shows(listsApplications, "count", 7)},
	{"applications that lack the one", contract.CheckAvailability, changed(listsApplications, good(func(_ *http.Request, a *altered) {
		a.setItems([]any{})
		a.fields["totalCount"] = 0
	}))},
	{"applications by any organization", contract.CheckNegative, before(asks("orgId", "x"), func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("orgId") }) })},
	{"a slug of an application with capitals", contract.CheckNegative, accepts(all, "endpointSlug", "no such pattern", "slug")},
	{"the second page of applications is the first", contract.CheckPagination, before(both(listsApplications, asks("page", "1")), func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) { q.Del("page") })
	})},
	{"the second page of applications is blank", contract.CheckPagination, before(both(listsApplications, asks("page", "1")), func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) { q.Set("page", "9") })
	})},
	{"a long name of an application", contract.CheckNegative, shortens(func(r *http.Request) bool { return r.URL.Path == "/applications" }, "name", 255)},
	{"a blobUrlTTL of 3599", contract.CheckNegative, accepts(all, "blobUrlTTL", 3599.0, 3600)},
	{"a blobUrlTTL of 604800 refused", contract.CheckPositive, refuses(all, is("blobUrlTTL", 604800.0), "application.blobUrlTTL is more than maximum")},
	{"archiveConfig is an object alone", contract.CheckPositive, refuses(all, func(sent object) bool { value, ok := sent["archiveConfig"]; return ok && value == nil }, "application.archiveConfig is the wrong type")},

	// logging in
	{"a log-in that is not found", contract.CheckStatus, becomes(logsIn, 401, 404)},
	{"an email without an at", contract.CheckNegative, accepts(logsIn, "email", "no such format", "nobody@example.com")},
	{"a password of 7", contract.CheckNegative, texts(logsIn, "password", func(text string) string {
		if len(text) == 7 {
			return text + "x"
		}
		return text
	})},
}

func logsIn(r *http.Request) bool { return r.URL.Path == "/auth/user" }

// staleRead lets a webhook be read as it was before its last change.
func staleRead(next http.Handler) http.Handler {
	now, before := map[string]object{}, map[string]object{}
	return changed(ofOne, good(func(r *http.Request, a *altered) {
		switch id := r.URL.Path; {
		case r.Method == "PATCH":
			before[id], now[id] = now[id], maps.Clone(a.fields)
		case before[id] != nil:
			a.fields = before[id]
		default:
			now[id] = maps.Clone(a.fields)
		}
	}))(next)
}

// unseenButSaid lets a server see another query, and say so.
func unseenButSaid(when condition, change func(url.Values)) wrapper {
	return before(when, func(r *http.Request) { rewriteQuery(r, change) })
}

func asciiLower(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, text)
}
