package suite

import (
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

func (r *run) readWithoutToken() {
	for _, op := range r.reading() {
		r.wantRefused(live.Call{Method: op.Method, Target: r.path(op, r.hookID(op)), Auth: new("")}, http.StatusForbidden)
	}
	// What is malformed is reported before the token is looked at.
	r.wantRefused(live.Call{Method: http.MethodGet, Target: r.hooks() + "?sortField=none", Auth: new("")}, http.StatusBadRequest)
}

func (r *run) readWithWrongToken() {
	if r.AnyToken {
		return
	}
	for _, op := range r.reading() {
		r.wantRefused(live.Call{Method: op.Method, Target: r.path(op, r.hookID(op)), Auth: new(unknownToken)}, http.StatusUnauthorized)
	}
}

func (r *run) wantRefused(call live.Call, status int) {
	a := r.call(call)
	r.want(a.Status == status, "", fmt.Sprintf("want %s, got %s", contract.StatusText(status), contract.StatusText(a.Status)))
}

func (r *run) writeWithoutToken() {
	mine := r.mineToChange()
	before := r.get(r.hook(mine))
	body := []byte(`{"name":"` + r.prefix + `stolen"}`)
	r.wantRefused(live.Call{Method: http.MethodPost, Target: r.hooks(), Body: body, Auth: new("")}, http.StatusForbidden)
	r.wantRefused(live.Call{Method: http.MethodPatch, Target: r.hook(mine), Body: body, Auth: new("")}, http.StatusForbidden)
	r.wantRefused(live.Call{Method: http.MethodDelete, Target: r.hook(mine), Auth: new("")}, http.StatusForbidden)
	after := r.get(r.hook(mine))
	r.want(after.Status == http.StatusOK, "", "the webhook is gone, though no request with a token deleted it")
	r.wantSame(before.fields, after.fields, "though no request with a token changed it")
}

func (r *run) logInAsUnknownUser() {
	a := r.call(live.Call{
		Method: http.MethodPost, Target: "/auth/user", Auth: new(""),
		Body: []byte(`{"email":"nobody@` + r.RunID + `.example.com","password":"no such password"}`),
	})
	r.want(a.Status == http.StatusUnauthorized, "", "want 401, got "+contract.StatusText(a.Status))
}

func (r *run) logInInvalid() {
	valid := map[string]any{"email": "nobody@" + r.RunID + ".example.com", "password": "no such password"}
	for _, made := range r.samples(r.API.Operation(contract.OperationAuthAuthenticateUser), valid, false) {
		r.send(http.MethodPost, "/auth/user", made.Body)
	}
}
