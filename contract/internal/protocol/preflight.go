package protocol

import (
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// Origin is that of a page that sends requests.
const Origin = "https://example.com"

// Preflights returns what a browser sends before a page of [Origin] changes something at
// some paths.
func Preflights(paths []string) (calls []live.Call) {
	asked := http.Header{"Origin": {Origin}, "Access-Control-Request-Method": {http.MethodPatch}, "Access-Control-Request-Headers": {"authorization"}}
	for _, path := range paths {
		calls = append(calls, live.Call{Method: http.MethodOptions, Target: path, Header: asked, Auth: new("")})
	}
	return calls
}

// Preflight returns what is wrong with the response to a preflight from [Origin], which
// any path has.
func Preflight(api *contract.API, e *contract.Exchange) []contract.Finding {
	f := found{api: api, e: e, doing: "a preflight of " + e.URL.Path}
	want := func(holds bool, field, words, got string) { f.want(contract.CheckCORS, holds, field, words, got) }
	want(e.Status == http.StatusNoContent, "", "204 No Content", contract.StatusText(e.Status))
	if e.Status != http.StatusNoContent {
		return f.all
	}
	allowed := []string{"Accept", "Content-Type", "X-Amz-Date", "Authorization", "Accept-Version"}
	for i := range api.Params {
		allowed = append(allowed, api.Params[i].Name)
	}
	f.wantListed("Access-Control-Allow-Headers", allowed)
	f.wantListed("Access-Control-Allow-Methods", []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPatch, http.MethodPost, http.MethodPut})
	got := e.Header.Get("Access-Control-Allow-Origin")
	want(got == "*" || got == Origin, "Access-Control-Allow-Origin", Origin+" or *", got)
	age := e.Header.Get("Access-Control-Max-Age")
	want(age == "86400", "Access-Control-Max-Age", "86400", age)
	return f.all
}

// wantListed checks that a header's list has words, in any case, or the star, which
// stands for all but Authorization.
func (f *found) wantListed(header string, words []string) {
	got := strings.Join(f.e.Header.Values(header), ",")
	for _, word := range words {
		listed := slices.ContainsFunc(strings.Split(got, ","), func(item string) bool {
			item = strings.TrimSpace(item)
			return strings.EqualFold(item, word) || item == "*" && word != "Authorization"
		})
		f.want(contract.CheckCORS, listed, header, word+" in it", got)
	}
}
