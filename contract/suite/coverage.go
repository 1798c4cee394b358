package suite

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// coverage counts the responses of a run by operation, parameter and status.
type coverage map[counted]int

// counted is what coverage counts: all requests of an operation, or with a
// parameter those that have it.
type counted struct {
	operation, parameter string
	status               int
}

// add counts an exchange.
func (c coverage) add(api *contract.API, e *contract.Exchange) {
	op := api.Operation(operationOf(api, e))
	if op == nil {
		return
	}
	c[counted{op.Name, "", e.Status}]++
	for _, p := range parametersOf(api, op) {
		if hasParameter(e, p) {
			c[counted{op.Name, p.Name, e.Status}]++
		}
	}
}

// parametersOf returns the parameters that a request of an operation may have
// beside those of its path, which it always has.
func parametersOf(api *contract.API, op *contract.Operation) []contract.Param {
	all := slices.Concat(op.Params, op.Resource.Params, api.Params)
	return slices.DeleteFunc(all, func(p contract.Param) bool { return p.In == "path" })
}

func hasParameter(e *contract.Exchange, p contract.Param) bool {
	switch p.In {
	case "query":
		return e.URL.Query().Has(p.Name)
	case "header":
		return e.RequestHeader.Get(p.Name) != ""
	default:
		return e.RequestBody != nil
	}
}

// coverageRows returns the coverage of every operation of the API.
func (r *run) coverageRows() []report.Coverage {
	var rows []report.Coverage
	for _, resource := range r.API.Resources {
		for _, op := range resource.Actions {
			whole := r.coverageRow(op, "")
			if whole.Reason == "" {
				whole.Reason = r.reasonForStatuses(op, whole.Responses)
			}
			rows = append(rows, whole)
			for _, p := range parametersOf(r.API, op) {
				rows = append(rows, r.coverageRow(op, p.Name))
			}
		}
	}
	return rows
}

// coverageRow returns the coverage of an operation, or of one of its parameters.
func (r *run) coverageRow(op *contract.Operation, parameter string) report.Coverage {
	row := report.Coverage{Operation: op.Name, Parameter: parameter, Responses: map[int]int{}}
	for _, response := range op.Responses {
		row.Responses[response.Status] = 0
	}
	total := 0
	for c, count := range r.covered {
		if c.operation == op.Name && c.parameter == parameter {
			row.Responses[c.status] = count
			total += count
		}
	}
	if total == 0 {
		row.Reason = r.reason(op, "no case of the suite sends it")
	}
	return row
}

// reasonForStatuses returns why no response to an operation had some of its
// documented statuses; blank where each of them was received.
func (r *run) reasonForStatuses(op *contract.Operation, received map[int]int) string {
	var reasons []string
	for _, response := range op.Responses {
		if received[response.Status] > 0 {
			continue
		}
		other := "no response had it"
		if op.Resource.Public && response.Status < http.StatusBadRequest {
			other = "the suite has no credentials of a user"
		}
		reasons = append(reasons, fmt.Sprintf("%d: %s", response.Status, r.reason(op, other)))
	}
	return strings.Join(reasons, "; ")
}

const onlyRead = "applications are only read"

// isOfApplications reports whether an operation changes applications.
func isOfApplications(op *contract.Operation) bool {
	return strings.HasPrefix(op.Resource.Name, "application") && op.Method != http.MethodGet
}

// reason returns why the run has not sent a request of an operation, or the other
// reason where it could have.
func (r *run) reason(op *contract.Operation, other string) string {
	switch {
	case r.unreachable:
		return "the application was not reached"
	case r.ctx.Err() != nil:
		return "the run ended early"
	case isOfApplications(op):
		return onlyRead
	case op.Method != http.MethodGet && !r.Write:
		return "the run only reads"
	case len(r.Only)+len(r.Except) > 0:
		return "left out with its check"
	default:
		return other
	}
}
