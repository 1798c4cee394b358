package generic

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Refusal returns the response of an operation that fails with a status, in the API's own
// words: those that every operation has for the status, or else what is documented for
// this one. Where the documented body is not that of errors, it is the published example.
func (s *Server) Refusal(op *contract.Operation, status int) *wire.Response {
	documented := &contract.Response{Status: status}
	if i := slices.IndexFunc(op.Responses, func(r contract.Response) bool { return r.Status == status }); i >= 0 {
		documented = &op.Responses[i]
	}
	if schema := s.state.API.Schema(documented.Schema); schema != nil && schema.Name != "error" {
		return &wire.Response{Status: status, Body: s.example(schema).JSON()}
	}
	words := cmp.Or(reason(documented), http.StatusText(status))
	switch status {
	case http.StatusBadRequest:
		return wire.Error(status, "Validation", words)
	case http.StatusUnauthorized:
		if op.Public {
			return wire.Unauthorized(words)
		}
		return wire.Unauthorized("Invalid access token")
	case http.StatusForbidden:
		return wire.Forbidden()
	case http.StatusNotFound:
		return wire.Error(status, "NotFound", cmp.Or(s.missing(op, documented), words))
	case http.StatusTooManyRequests:
		r := wire.RateLimited(0)
		if reason(documented) != "" {
			r.Body = wire.Error(status, "RateLimited", words).Body
		}
		return r
	case http.StatusInternalServerError:
		return wire.ServerError()
	case http.StatusMethodNotAllowed:
		return wire.MethodNotAllowed(op.Method, "")
	case http.StatusServiceUnavailable:
		return wire.Maintenance()
	default:
		return wire.Error(status, strings.ReplaceAll(http.StatusText(status), " ", ""), words)
	}
}

// missing returns the message of a 404 of an operation: of the last thing that its path
// leads through, or else of what its documentation names; blank for neither.
func (s *Server) missing(op *contract.Operation, documented *contract.Response) string {
	switch steps := s.table().Role(op).Steps; {
	case len(steps) > 0:
		return steps[len(steps)-1].Pair.Title + " was not found"
	case documented.Missing != "":
		return documented.MissingMessage()
	default:
		return ""
	}
}

// condition matches the description of a response that is an error: "Error if invite has
// expired".
var condition = regexp.MustCompile(`(?i)\berror if (.)(.*)$`)

// reason returns why an operation fails, as its documentation says it: "Invite has
// expired"; blank where it says nothing.
func reason(documented *contract.Response) string {
	found := condition.FindStringSubmatch(documented.Description)
	if found == nil {
		return ""
	}
	return strings.ToUpper(found[1]) + found[2]
}
