package suite

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// tokenPlaces reads with the token in each place where it can stand, and in some
// where it is none.
func (r *run) tokenPlaces() {
	token := r.Client.Token().Reveal()
	inQuery := url.QueryEscape(token)
	read := func(status int, query, authorization, doing string) response {
		a := r.call(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1" + query, Auth: new(authorization)})
		r.wantStatusBy(contract.Observed, a, status, "a token "+doing)
		return a
	}
	for _, scheme := range []string{"JWT ", "bearer ", "jwt "} {
		read(http.StatusOK, "", scheme+token, "behind "+scheme)
	}
	read(http.StatusOK, "&access_token="+inQuery, "", "in access_token")
	read(http.StatusOK, "&jwt="+inQuery, "", "in jwt")
	read(http.StatusOK, "&access_token=", "Bearer "+token, "beside a blank access_token")
	for _, none := range []string{
		"Token " + token, token, "Bearer  " + token, "Basic " + base64.StdEncoding.EncodeToString([]byte(token+":")),
	} {
		read(http.StatusForbidden, "", none, "in another form")
	}
	twice := read(http.StatusBadRequest, "&access_token="+inQuery+"&access_token="+inQuery, "", "that is given twice")
	r.wantOf(contract.CheckNegative, contract.Observed, !twice.came() || twice.Status == http.StatusBadRequest, "accessToken", "want 400 for two tokens")
	if r.AnyToken {
		return
	}
	read(http.StatusOK, "&access_token="+inQuery, unknownToken, "in access_token, which wins over the header")
	read(http.StatusOK, "&access_token="+inQuery+"&jwt=losantmock-nobody-issued", "", "in access_token, which wins over jwt")
	read(http.StatusUnauthorized, "&access_token=losantmock-nobody-issued", "Bearer "+token, "in access_token, which wins over the header")
}

// writeWith tries to write with another token, which must be refused, and checks
// that nothing was written.
func (r *run) writeWith(authorization string, status int) {
	r.mineToChange()
	mine := len(r.own) - 1
	body := []byte(`{"name":"` + r.prefix + `stolen"}`)
	for _, call := range []live.Call{
		{Method: http.MethodPost, Target: r.hooks(), Body: body},
		{Method: http.MethodPatch, Target: r.hook(r.own[mine]), Body: body},
		{Method: http.MethodDelete, Target: r.hook(r.own[mine])},
	} {
		call.Auth = new(authorization)
		r.wantStatus(r.call(call), status, call.Method+" without a token that allows it")
	}
	after := r.get(r.hook(r.own[mine]))
	if after.Status == http.StatusNotFound {
		r.want(false, "", "the webhook is gone, though no request with a token deleted it")
		r.own = r.own[:mine]
		return
	}
	r.wantSame(r.own[mine], after.fields, "though no request with a token changed it")
}

func (r *run) writeWithoutToken() { r.writeWith("", http.StatusForbidden) }

func (r *run) writeWithOtherScheme() {
	r.writeWith("Basic "+base64.StdEncoding.EncodeToString([]byte("user:password")), http.StatusForbidden)
}

func (r *run) writeWithWrongToken() {
	if r.AnyToken {
		return
	}
	r.writeWith(unknownToken, http.StatusUnauthorized)
	a := r.call(live.Call{
		Method: http.MethodPost, Target: "/auth/user", Auth: new(unknownToken),
		Body: []byte(`{"email":"nobody@` + r.RunID + `.example.com","password":"no such password"}`),
	})
	r.wantError(a, http.StatusUnauthorized, "message", "Invalid access token", "logging in with a token that nobody issued")
}

// readOnly uses a token that may read and not write, where the suite has one.
func (r *run) readOnly() {
	if r.ReadOnlyToken.IsZero() || r.AnyToken {
		return
	}
	authorization := "Bearer " + r.ReadOnlyToken.Reveal()
	for _, path := range []string{r.hooks() + "?perPage=1&" + r.mine(), r.hook(r.mineToChange())} {
		a := r.call(live.Call{Method: http.MethodGet, Target: path, Auth: &authorization})
		r.wantStatus(a, http.StatusOK, "reading with a token that may only read")
		actions, _ := a.fields["_actions"].(map[string]any)
		for _, action := range []string{"post", "patch", "delete"} {
			r.wantOf(contract.CheckHAL, contract.Observed, actions[action] == nil, "_actions."+action, "is there, though the token may only read")
		}
	}
	r.writeWith(authorization, http.StatusForbidden)
}

// borders reaches for a webhook by the path of another application.
func (r *run) borders() {
	other := r.OtherApplicationID
	if other == "" {
		other = nowhereID
	}
	mine := r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "border"})
	if !anyID.MatchString(mine.text("id")) {
		r.couldNot("no webhook could be created")
	}
	path := "/applications/" + other + "/webhooks/" + mine.text("id")
	for _, call := range []live.Call{
		{Method: http.MethodGet, Target: path},
		{Method: http.MethodPatch, Target: path, Body: encoded(map[string]any{"name": r.prefix + "across the border"})},
		{Method: http.MethodDelete, Target: path},
	} {
		a := r.call(call)
		refused := a.Status == http.StatusNotFound || a.Status == http.StatusForbidden
		r.want(!a.came() || refused, "", fmt.Sprintf("%s through another application: want 404 or 403, got %s", call.Method, contract.StatusText(a.Status)))
	}
	r.wantReadBack(mine.fields, "though only another application's path was used")
	r.call(live.Call{Method: http.MethodDelete, Target: r.hook(mine.fields)})
}
