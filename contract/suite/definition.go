package suite

import (
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/definition"
	"github.com/losantmock/losantmock/contract/live"
)

// describeItself checks the API's description of itself, which its clients are
// made from, against the contract.
func (r *run) describeItself() {
	a := r.ask(live.Call{Method: http.MethodGet, Target: "/"})
	open := r.ask(live.Call{Method: http.MethodGet, Target: "/", Auth: new("")})
	if a.Lost() {
		return
	}
	r.wantBy(contract.Observed, open.Lost() || open.Status == a.Status, "", "want the same without a token, got "+contract.StatusText(open.Status))
	if a.Status != http.StatusOK || a.Fields["resources"] == nil {
		r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.News, Message: "GET / does not describe the API: " + contract.StatusText(a.Status)})
		return
	}
	r.wantJSON(a, "GET /")
	r.wantOf(contract.CheckCORS, contract.Observed, a.Header.Get("Access-Control-Allow-Origin") != "", "Access-Control-Allow-Origin", "GET /: want * or the origin, got none")
	for _, f := range definition.Compare(r.API, a.Fields) {
		r.add(f)
	}
}
