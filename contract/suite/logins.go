package suite

import (
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/sample"
	"github.com/losantmock/losantmock/contract/live"
)

// credentials are those of nobody. The password has no word in it, which reports would hide.
func (r *run) credentials() map[string]any {
	return map[string]any{"email": "nobody@" + r.RunID + ".example.com", "password": "zW4-kq7-Xv2-Jm9"}
}

func (r *run) logInAsUnknownUser() {
	a := r.call(live.Call{Method: http.MethodPost, Target: "/auth/user", Auth: new(""), Body: encoded(r.credentials())})
	r.wantStatus(a, http.StatusUnauthorized, "logging in")
}

// logInInvalid sends what the schema refuses, for each property and rule. The API refuses it before it
// looks for the user, so that it is no attempt to log in. To a server that responds
// otherwise it may be one.
func (r *run) logInInvalid() {
	op := r.API.Operation(contract.OperationAuthAuthenticateUser)
	r.call(live.Call{Method: op.Method, Target: op.Path})
	attempts := 0
	for _, made := range sample.OneOfEachType(r.samples(op, r.credentials(), false)) {
		if a := r.send(op.Method, op.Path, made.Body); !a.Lost() && a.Status != http.StatusBadRequest {
			attempts++
		}
		if attempts > r.LogInAttempts {
			r.couldNot(fmt.Sprintf("the rest of the bodies was not sent: the server took %d that are invalid for attempts to log in", attempts))
		}
	}
}
