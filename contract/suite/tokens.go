package suite

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// unsigned is a JSON Web Token with all rights and no signature: {"alg":"none"} and
// {"scope":["all.User"]}.
const unsigned = "eyJhbGciOiJub25lIn0.eyJzY29wZSI6WyJhbGwuVXNlciJdfQ."

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
		"Token " + token, token, "Bearer  " + token, "Bearer\t" + token, "Basic " + base64.StdEncoding.EncodeToString([]byte(token+":")),
	} {
		read(http.StatusForbidden, "", none, "in another form")
	}
	for _, query := range []string{"&access_token=" + inQuery + "&access_token=" + inQuery, "&access_token[]=" + inQuery} {
		listed := read(http.StatusBadRequest, query, "", "in a list")
		r.wantOf(contract.CheckNegative, contract.Observed, listed.lost() || listed.Status == http.StatusBadRequest, "accessToken", "want 400 for a list of tokens")
	}
	if r.AnyToken {
		return
	}
	read(http.StatusOK, "&access_token="+inQuery, unknownToken, "in access_token, which wins over the header")
	read(http.StatusOK, "&access_token="+inQuery+"&jwt=losantmock-nobody-issued", "", "in access_token, which wins over jwt")
	read(http.StatusUnauthorized, "&access_token=losantmock-nobody-issued", "Bearer "+token, "in access_token, which wins over the header")
	read(http.StatusUnauthorized, "", "Bearer "+unsigned, "without a signature")
}

// writeByTokenPlaces writes with the token in places other than the usual one.
func (r *run) writeByTokenPlaces() {
	token := r.Client.Token().Reveal()
	r.writeBy("?access_token="+url.QueryEscape(token), new(""), "a token in access_token")
	r.writeBy("?", new("JWT "+token), "a token behind JWT")
}

// writeBy creates, changes and deletes a webhook with a query and an authorization.
func (r *run) writeBy(query string, authorization *string, doing string) {
	by := func(method, path string, status int, body map[string]any) response {
		a := r.call(live.Call{Method: method, Target: path + query, Auth: authorization, Body: encoded(body)})
		r.wantStatusBy(contract.Observed, a, status, method+" with "+doing)
		return a
	}
	a := by(http.MethodPost, r.hooks(), http.StatusCreated, map[string]any{"name": r.prefix + "written"})
	if a.text("id") == "" {
		a = r.send(http.MethodPost, r.hooks(), map[string]any{"name": r.prefix + "written"})
	}
	path := r.hook(a.fields)
	by(http.MethodPatch, path, http.StatusOK, map[string]any{"name": r.prefix + "changed"})
	if len(r.API.Operation(contract.OperationWebhookDelete).Params) > 0 {
		query += "&includeWorkflows=false"
	}
	by(http.MethodDelete, path, http.StatusOK, map[string]any{}) // which Losant's clients send
}

// writeWith tries to write with another token, which must be refused, and checks
// that nothing was written.
func (r *run) writeWith(authorization string, status int) {
	r.mineToChange()
	mine := len(r.own) - 1
	r.refresh(mine)
	path, nowhere := r.hook(r.own[mine]), "/applications/"+nowhereID
	stolen, invalid := map[string]any{"name": r.prefix + "stolen"}, map[string]any{"name": r.prefix + "stolen", "responseCode": "x"}
	for _, c := range []struct {
		method, target string
		body           map[string]any
		status         int
	}{
		{http.MethodPost, r.hooks(), stolen, status},
		{http.MethodPatch, path, stolen, status},
		{http.MethodDelete, path, nil, status},
		// What is malformed is reported before the token is looked at, and what is not
		// there after it.
		{http.MethodPost, r.hooks(), invalid, http.StatusBadRequest},
		{http.MethodPatch, path, invalid, http.StatusBadRequest},
		{http.MethodPatch, r.hooks() + "/" + nowhereID, stolen, status},
		{http.MethodDelete, r.hooks() + "/" + nowhereID, nil, status},
		{http.MethodPatch, nowhere, stolen, status},
		{http.MethodDelete, nowhere, nil, status},
	} {
		call := live.Call{Method: c.method, Target: c.target, Auth: &authorization}
		if c.body != nil {
			call.Body = encoded(c.body)
		}
		r.wantStatus(r.call(call), c.status, c.method+" without a token that allows it")
	}
	r.wantNoEffect(mine, "though no request with a token that allows it was sent")
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
		Body: encoded(r.credentials()),
	})
	r.wantError(a, http.StatusUnauthorized, "message", "Invalid access token", "logging in with a token that nobody issued")
}

// readOnly uses a token that may read and not write, where the suite has one.
func (r *run) readOnly() {
	if r.ReadOnlyToken.IsZero() || r.AnyToken {
		return
	}
	authorization := "Bearer " + r.ReadOnlyToken.Reveal()
	for _, path := range []string{r.hooks() + "?perPage=1&" + r.mine(), r.hook(r.mineToChange()), "/applications/" + r.ApplicationID} {
		a := r.call(live.Call{Method: http.MethodGet, Target: path, Auth: &authorization})
		r.wantStatus(a, http.StatusOK, "reading with a token that may only read")
		for _, thing := range append(a.items(), a.fields) {
			actions, _ := thing["_actions"].(map[string]any)
			for _, action := range []string{"post", "patch", "delete"} {
				r.wantOf(contract.CheckHAL, contract.Observed, actions[action] == nil, "_actions."+action, "is there, though the token may only read")
			}
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
	r.mineToChange()
	mine := len(r.own) - 1
	r.refresh(mine)
	list := "/applications/" + other + "/webhooks"
	path := list + "/" + idOf(r.own[mine])
	r.made[strings.ToLower(path)] = true // by another path
	for _, call := range []live.Call{
		{Method: http.MethodGet, Target: list + "?perPage=100&" + r.mine()},
		{Method: http.MethodGet, Target: path},
		{Method: http.MethodPatch, Target: path, Body: encoded(map[string]any{"name": r.prefix + "across the border"})},
		{Method: http.MethodDelete, Target: path},
	} {
		a := r.call(call)
		if a.Status == http.StatusOK && call.Target != path {
			r.want(len(a.items()) == 0, "webhooks.items", "the list of another application has webhooks of this one")
			continue
		}
		refused := a.Status == http.StatusNotFound || a.Status == http.StatusForbidden
		r.want(a.lost() || refused, "", fmt.Sprintf("%s through another application: want 404 or 403, got %s", call.Method, contract.StatusText(a.Status)))
	}
	r.wantNoEffect(mine, "though only another application's path was used")
}
