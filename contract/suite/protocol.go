package suite

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

func (r *run) unsupportedMethods() {
	for _, op := range r.reading() {
		for _, method := range []string{http.MethodPut, http.MethodHead} {
			r.wantNotAllowed(live.Call{Method: method, Target: r.path(op, r.hookID(op))})
		}
	}
	for _, path := range []string{
		"/no-such-path", "/Applications/" + r.ApplicationID + "/webhooks", "/applications/" + r.ApplicationID + "/Webhooks",
		r.hooks() + "/" + nowhereID + "/no-such-path", "/auth/user",
	} {
		r.wantNotAllowed(live.Call{Method: http.MethodGet, Target: path})
	}
	r.wantNotAllowed(live.Call{Method: http.MethodPut, Target: r.hooks(), Body: []byte("{")}) // the route comes before the body
}

// unsupportedWrites sends methods that write to paths that have other ones. None
// could do harm if the path had it.
func (r *run) unsupportedWrites() {
	r.wantNotAllowed(live.Call{Method: http.MethodPost, Target: r.hook(r.mineToChange()), Body: []byte("{}")})
	for _, path := range []string{r.hooks(), "/applications"} {
		r.wantNotAllowed(live.Call{Method: http.MethodPatch, Target: path, Body: []byte("{}")})
	}
	for _, path := range []string{"/applications/" + r.ApplicationID, "/no-such-path"} {
		r.wantNotAllowed(live.Call{Method: http.MethodPost, Target: path, Body: []byte("{}")})
	}
	// The route comes before the token too, and a server that deletes a list needs one.
	r.wantNotAllowed(live.Call{Method: http.MethodDelete, Target: r.hooks(), Auth: new("")})
}

// wantNotAllowed checks that a path does not support a method, and says what it
// supports. An unknown path supports OPTIONS alone.
func (r *run) wantNotAllowed(call live.Call) {
	a := r.ask(call)
	if a.lost() {
		return
	}
	doing := call.Method + " " + call.Target
	allow := http.MethodOptions
	endpoint, _ := r.API.Find(http.MethodGet, a.URL)
	if endpoint != nil {
		allow = endpoint.Allow
	}
	r.wantStatusBy(contract.Observed, a, http.StatusMethodNotAllowed, doing)
	if a.Status != http.StatusMethodNotAllowed {
		return
	}
	text := strings.Join(a.Header.Values("Allow"), ",")
	got := slices.Sorted(strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ' ' }))
	r.wantBy(contract.Observed, slices.Equal(got, strings.Split(allow, ", ")), "Allow", fmt.Sprintf("%s: want %q, got %q", doing, allow, text))
	if call.Method != http.MethodHead {
		kind := a.Header.Get("Content-Type")
		r.wantOf(contract.CheckContentType, contract.Observed, strings.HasPrefix(kind, "application/json"), "Content-Type", fmt.Sprintf("%s: want application/json, got %q", doing, kind))
		r.wantError(a, http.StatusMethodNotAllowed, "type", "MethodNotAllowed", doing)
		r.wantError(a, http.StatusMethodNotAllowed, "message", call.Method+" is not allowed", doing)
	}
}

// otherPaths reads a webhook by other ways to write its path.
func (r *run) otherPaths() {
	path := r.hook(r.webhook())
	for _, c := range []struct {
		path   string
		source contract.Source
	}{
		{path + "/", contract.Observed},
		{strings.Replace(path, "/webhooks", "/%77ebhooks", 1), contract.Observed},
		{"/applications/" + strings.ToUpper(strings.TrimPrefix(r.hooks(), "/applications/")[:len(r.ApplicationID)]) + "/webhooks", contract.Inferred},
		{path[:len(path)-len(nowhereID)] + strings.ToUpper(path[len(path)-len(nowhereID):]), contract.Inferred},
	} {
		r.wantStatusBy(c.source, r.get(c.path), http.StatusOK, c.path)
	}
}

// origin is that of a page that sends requests.
const origin = "https://example.com"

func (r *run) otherOrigin() {
	header := http.Header{"Origin": {origin}}
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: header})
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=0", Header: header})
	allowed := []string{"Accept", "Content-Type", "X-Amz-Date", "Authorization", "Accept-Version"}
	for i := range r.API.Params {
		allowed = append(allowed, r.API.Params[i].Name)
	}
	without := r.ask(live.Call{Method: http.MethodOptions, Target: r.hooks(), Auth: new("")})
	r.wantStatusBy(contract.Observed, without, http.StatusNoContent, "OPTIONS without an origin")
	for _, path := range []string{r.hooks(), r.hook(r.webhook()), "/applications/" + r.ApplicationID, "/applications", "/auth/user", "/no-such-path"} {
		a := r.ask(live.Call{Method: http.MethodOptions, Target: path, Header: header, Auth: new("")})
		r.wantStatusBy(contract.Observed, a, http.StatusNoContent, "a preflight of "+path)
		if a.Status != http.StatusNoContent {
			continue
		}
		r.wantListed(a, "Access-Control-Allow-Headers", allowed)
		r.wantListed(a, "Access-Control-Allow-Methods", []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPatch, http.MethodPost, http.MethodPut})
		got := a.Header.Get("Access-Control-Allow-Origin")
		r.wantBy(contract.Observed, got == "*" || got == origin, "Access-Control-Allow-Origin", fmt.Sprintf("a preflight: want %q or *, got %q", origin, got))
		age := a.Header.Get("Access-Control-Max-Age")
		r.wantBy(contract.Observed, age == "86400", "Access-Control-Max-Age", fmt.Sprintf("a preflight: want 86400, got %q", age))
	}
}

// wantListed checks that a header's list has words, in any case, or the star, which
// stands for all but Authorization.
func (r *run) wantListed(a response, header string, words []string) {
	got := strings.Join(a.Header.Values(header), ",")
	for _, word := range words {
		listed := slices.ContainsFunc(strings.Split(got, ","), func(item string) bool {
			item = strings.TrimSpace(item)
			return strings.EqualFold(item, word) || item == "*" && word != "Authorization"
		})
		r.wantBy(contract.Observed, listed, header, fmt.Sprintf("a preflight: want %s in it, got %q", word, got))
	}
}

func (r *run) acceptHTML() {
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Header: http.Header{"Accept": {"text/html"}}})
	r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=0", Header: http.Header{"Accept": {"text/html"}}})
}
