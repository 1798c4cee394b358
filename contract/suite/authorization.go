package suite

import (
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
)

func (r *run) readWithoutToken() {
	for _, op := range r.reading() {
		r.wantRefused(live.Call{Method: op.Method, Target: r.path(op, r.hookID(op)), Auth: new("")}, http.StatusForbidden)
	}
	// What is malformed is reported before the token is looked at, and what is not
	// there after it.
	r.wantRefused(live.Call{Method: http.MethodGet, Target: r.hooks() + "?sortField=none", Auth: new("")}, http.StatusBadRequest)
	r.wantRefused(live.Call{Method: http.MethodGet, Target: r.hooks() + "/x", Auth: new("")}, http.StatusBadRequest)
	r.wantRefused(live.Call{Method: http.MethodGet, Target: r.hooks() + "/" + nowhereID, Auth: new("")}, http.StatusForbidden)
}

func (r *run) readWithWrongToken() {
	if r.AnyToken {
		return
	}
	for _, op := range r.reading() {
		a := r.wantRefused(live.Call{Method: op.Method, Target: r.path(op, r.hookID(op)), Auth: new(unknownToken)}, http.StatusUnauthorized)
		r.wantError(a, http.StatusUnauthorized, "message", "Invalid access token", "a token that nobody issued")
	}
	r.wantRefused(live.Call{Method: http.MethodGet, Target: r.hooks() + "?perPage=1", Auth: new("Bearer " + r.Client.Token().Reveal() + "x")}, http.StatusUnauthorized)
	r.wantRefused(live.Call{Method: http.MethodGet, Target: r.hooks() + "?sortField=none", Auth: new(unknownToken)}, http.StatusBadRequest)
}

func (r *run) wantRefused(call live.Call, status int) reply.Reply {
	a := r.call(call)
	r.want(a.Lost() || a.Status == status, "", fmt.Sprintf("want %s, got %s", contract.StatusText(status), contract.StatusText(a.Status)))
	return a
}
