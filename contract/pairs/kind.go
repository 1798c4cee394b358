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

// Shown is what a response shows.
type Shown int

// What responses show.
const (
	Example Shown = iota // the published example
	Item                 // an item, with all that it has
	ItemAs               // an item, with the members of another schema than its own
	Items                // the items of a collection, as a list
	First                // the first item of a collection, beside a count
)

func (t *Table) role(api *contract.API, op *contract.Operation) Role {
	role := t.doing(op)
	if role.Pair != nil {
		role.First = role.Pair.foremost(op, api.Schema(ResponseOf(op).Schema))
	}
	role.Shown, role.Of = role.shown(api, op)
	return role
}

// doing returns what an operation does.
func (t *Table) doing(op *contract.Operation) Role {
	role := Role{Kind: kindOf(op), Steps: t.steps(op.Path)}
	for _, p := range t.Pairs {
		switch op {
		case p.List:
			return Role{Kind: List, Pair: p, Steps: p.Parents}
		case p.Create:
			return Role{Kind: Create, Pair: p, Steps: p.Parents}
		case p.Read, p.Change, p.Delete:
			kinds := map[*contract.Operation]Kind{p.Read: Read, p.Change: Change, p.Delete: Delete}
			return Role{Kind: kinds[op], Pair: p, Steps: append(slices.Clone(p.Parents), Step{p.Param, p})}
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
		if r.Status < 200 || r.Status >= 300 || strconv.Itoa(r.Status) == Is(dryRun, op.Name) {
			continue
		}
		if best.Schema == "" && len(best.Events) == 0 || r.Status < best.Status && r.Schema != "" {
			best = r
		}
	}
	return best
}

// shown returns what the response to an operation shows, and of which thing: of the item
// that the operation makes, reads or changes, or else of the last thing on its path that
// has the schema of the response.
func (r Role) shown(api *contract.API, op *contract.Operation) (Shown, Step) {
	name := ResponseOf(op).Schema
	schema := api.Schema(name)
	isList := r.Pair != nil && r.Pair.Collection == op.Resource && ResponseOf(r.Pair.List).Schema == name
	switch r.Kind {
	case List:
		return Items, Step{Pair: r.Pair}
	case Create, Read, Change:
		own := Step{r.Pair.Param, r.Pair}
		switch {
		case schema == nil || schema == r.Pair.Schema:
			return Item, own
		case isList || name == ResponseOf(r.Pair.List).Schema:
			return Items, own
		case len(PropertiesOf(schema).Names) == 0 || hasForms(schema):
			return Item, own
		default:
			return ItemAs, own
		}
	}
	if r.First != nil {
		return First, Step{Pair: r.Pair}
	}
	for _, step := range slices.Backward(r.Steps) {
		if schema != nil && step.Pair.Schema == schema {
			return Item, step
		}
	}
	if isList && r.Pair.List.FromDefinition {
		return Items, Step{Pair: r.Pair}
	}
	return Example, Step{}
}
