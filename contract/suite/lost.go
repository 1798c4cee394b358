package suite

import (
	"fmt"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
)

// The limits of a run.
const (
	defaultMaxTime = 5 * time.Minute
	requestsInTime = 3600 // at the pace of the client, beside defaultMaxTime

	mostFailures   = 5           // calls in a row without a response
	longestSilence = time.Minute // before the run gives up, once a call fails

	defaultLogInAttempts = 2
)

// fieldOfRun is the field of a finding that ends a run.
const fieldOfRun = "run"

// loss returns why a call has no response of the API; blank where it has one.
func (r *run) loss(call live.Call, e *contract.Exchange, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case contract.Unavailable(e.Status):
		return call.Method + " " + call.Target + ": the response is " + contract.StatusText(e.Status)
	case e.IsPage() && call.Target != "/": // where the API need not describe itself
		return call.Method + " " + call.Target + ": the response is HTML, as of a proxy, and not that of Losant's API: " + contract.StatusText(e.Status)
	case r.unreachable && (e.Status/100 == 3 || e.Status == http.StatusMethodNotAllowed): // later, it is a response of the API
		return call.Method + " " + call.Target + ": the server leads elsewhere, or the base URL has another path than the API's: " + contract.StatusText(e.Status)
	default:
		return ""
	}
}

// lose adds a finding that a call has no response. The case goes on with its other
// steps, unless there are too many such calls in a row.
func (r *run) lose(responds bool, reason string) {
	r.failures++
	r.stopWhenEnded()
	f := contract.Finding{Check: r.current.check, Verdict: contract.CouldNotCheck, Case: r.current.title, Message: reason}
	r.add(f)
	r.missing = true
	if r.cause == nil {
		r.cause = &f
	}
	if r.failures >= mostFailures || !responds && time.Since(r.lastResponse) > longestSilence {
		r.stop(fmt.Sprintf("gave up: %d call(s) in a row have no response", r.failures))
	}
}

// stopWhenEnded ends the case where the run has ended.
func (r *run) stopWhenEnded() {
	switch {
	case r.stopped != nil:
		r.addFound(found{Finding: contract.Finding{Check: r.current.check, Verdict: contract.CouldNotCheck, Message: "was not tried"}, cause: r.stopped})
		panic(abandoned{})
	case r.ctx.Err() == nil:
	case time.Since(r.report.Started) >= r.MaxTime:
		r.stop(fmt.Sprintf("the run took longer than %s", r.MaxTime))
	default:
		r.stop("the run was ended")
	}
}

// stop ends the run with a finding that all other cases follow from.
func (r *run) stop(reason string) {
	r.last = nil
	r.stopped = &contract.Finding{Check: r.current.check, Verdict: contract.CouldNotCheck, Field: fieldOfRun, Message: reason}
	r.add(*r.stopped)
	panic(abandoned{})
}

// mayLogIn reports whether a call may be sent, as far as log-in attempts go. A body
// that the schema refuses is none: the API refuses it before it looks for the user.
func (r *run) mayLogIn(call live.Call) bool {
	op := r.API.Operation(contract.OperationAuthAuthenticateUser)
	if op == nil || call.Method != op.Method || call.Target != op.Path {
		return true
	}
	body, err := decode.JSON(call.Body)
	if err != nil || op.CheckBody(body) != nil {
		return true
	}
	r.logIns++
	return r.logIns <= r.LogInAttempts
}
