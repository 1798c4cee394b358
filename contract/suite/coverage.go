package suite

import (
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// isOfApplications reports whether an operation reads or changes applications.
func isOfApplications(op *contract.Operation) bool {
	return strings.HasPrefix(op.Resource.Name, "application")
}

// reason returns why the run has not sent a request of an operation, or the other
// reason where it could have.
func (r *run) reason(op *contract.Operation, other string) string {
	switch {
	case r.unreachable:
		return "the application was not reached"
	case r.stopped != nil:
		return "the run ended early"
	case op.FromDefinition && r.defined.Reason(op) != "":
		return r.defined.Reason(op)
	case isOfApplications(op) && r.noApplication:
		return "the token may not read the application"
	case isOfApplications(op) && op.Method != http.MethodGet:
		return "applications are only read"
	case op.Method != http.MethodGet && !r.Write:
		return "the run only reads"
	case len(r.Only)+len(r.Except) > 0:
		return "left out with its check"
	default:
		return other
	}
}
