// Package coverage counts what a run of a suite has tried of each operation.
package coverage

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// Counts are the responses of a run by operation, parameter and status.
type Counts map[counted]int

// counted is what is counted: all requests of an operation, or with a parameter those
// that have it.
type counted struct {
	operation, parameter string
	status               int
}

// Reason returns why the run has not sent a request of an operation, or the other
// reason where it could have.
type Reason func(op *contract.Operation, other string) string

// Add counts an exchange.
func (c Counts) Add(api *contract.API, e *contract.Exchange) {
	op, _ := api.OperationAt(e.Method, e.URL)
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

// Rows returns the coverage of every operation of an API.
func (c Counts) Rows(api *contract.API, reason Reason) []report.Coverage {
	var rows []report.Coverage
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			whole := c.row(op, "", reason)
			if whole.Reason == "" {
				whole.Reason = reasonForStatuses(op, whole.Responses, reason)
			}
			rows = append(rows, whole)
			for _, p := range parametersOf(api, op) {
				rows = append(rows, c.row(op, p.Name, reason))
			}
		}
	}
	return rows
}

// row returns the coverage of an operation, or of one of its parameters.
func (c Counts) row(op *contract.Operation, parameter string, reason Reason) report.Coverage {
	row := report.Coverage{Operation: op.Name, Parameter: parameter, Responses: map[int]int{}}
	for _, response := range op.Responses {
		row.Responses[response.Status] = 0
	}
	total := 0
	for what, count := range c {
		if what.operation == op.Name && what.parameter == parameter {
			row.Responses[what.status] = count
			total += count
		}
	}
	if total == 0 {
		row.Reason = reason(op, "no case of the suite sends it")
	}
	return row
}

// reasonForStatuses returns why no response to an operation had some of its
// documented statuses; blank where each of them was received.
func reasonForStatuses(op *contract.Operation, received map[int]int, reason Reason) string {
	var reasons []string
	for _, response := range op.Responses {
		if received[response.Status] > 0 {
			continue
		}
		other := "no response had it"
		if op.Public && response.Status < http.StatusBadRequest {
			other = "the suite has no credentials of a user"
		}
		reasons = append(reasons, fmt.Sprintf("%d: %s", response.Status, reason(op, other)))
	}
	return strings.Join(reasons, "; ")
}
