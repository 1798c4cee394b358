package pairs

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract"
)

// Kind is what an operation does.
type Kind int

// The kinds of operations.
const (
	Other   Kind = iota
	List         // the items of a collection
	Create       // an item
	Read         // an item
	Change       // an item
	Delete       // an item
	Job          // enqueues a job
	Upload       // takes a file
	Stream       // sends events until the client closes it
	Success      // responds that it succeeded, and nothing else
	Reading      // reads something else
)

// names are those of the kinds, by their numbers.
var names = []string{"other", "list", "create", "read", "change", "delete", "job", "upload", "stream", "success", "reading"}

// String returns the name of the kind, such as "list".
func (k Kind) String() string { return names[k] }

func (t *Table) role(op *contract.Operation) Role {
	role := Role{Kind: kindOf(op), Steps: t.steps(op.Path)}
	for _, p := range t.Pairs {
		switch op {
		case p.List:
			return Role{List, p, p.Parents}
		case p.Create:
			return Role{Create, p, p.Parents}
		case p.Read, p.Change, p.Delete:
			kinds := map[*contract.Operation]Kind{p.Read: Read, p.Change: Change, p.Delete: Delete}
			return Role{kinds[op], p, append(slices.Clone(p.Parents), Step{p.Param, p})}
		}
		if p.Collection == op.Resource || p.Item == op.Resource {
			role.Pair = p
		}
	}
	return role
}

func kindOf(op *contract.Operation) Kind {
	isUpload := slices.ContainsFunc(op.Params, func(p contract.Param) bool { return p.In == "multipart" })
	switch response := ResponseOf(op); {
	case isUpload:
		return Upload
	case len(response.Events) > 0:
		return Stream
	case response.Status == http.StatusAccepted:
		return Job
	case response.Schema == "success":
		return Success
	case op.Method == http.MethodGet:
		return Reading
	default:
		return Other
	}
}

// ResponseOf returns the response to an operation that succeeds: of several, the one of
// the lowest status that has a body and no alternative by another parameter.
func ResponseOf(op *contract.Operation) *contract.Response {
	best := &contract.Response{Status: http.StatusNoContent}
	for i := range op.Responses {
		r := &op.Responses[i]
		if r.Status < 200 || r.Status >= 300 || strconv.Itoa(r.Status) == known(dryRun, op.Name) {
			continue
		}
		if best.Schema == "" && len(best.Events) == 0 || r.Status < best.Status && r.Schema != "" {
			best = r
		}
	}
	return best
}
