package pairs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// What a query may be: how many conditions it may have, operands of lists included, and
// how deep they may stand in one another. The limits are ours.
const (
	MostConditions = 1000
	DeepestQuery   = 32
)

// Responding returns the last of the things on the way to an operation that has the
// schema of a response; ok is false where the response is none of them.
func (r Role) Responding(schema *contract.Schema) (step Step, ok bool) {
	for _, step := range slices.Backward(r.Steps) {
		if schema != nil && step.Pair.Schema == schema {
			return step, true
		}
	}
	return Step{}, false
}

// RespondsWithList reports whether the response to an operation of a collection is a
// list of its items.
func (r Role) RespondsWithList(op *contract.Operation) bool {
	return r.Pair != nil && r.Pair.Collection == op.Resource && ResponseOf(r.Pair.List).Schema == ResponseOf(op).Schema
}

// Limits returns what a stand-in does not do for the operations of a definition, in the
// order of the API: what the contract says of them, and what they leave out beside it.
func (t *Table) Limits(api *contract.API) []contract.Partial {
	limits := slices.Clone(api.Partial())
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			if !op.FromDefinition {
				continue
			}
			if reason := t.limit(api, op); reason != "" {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: reason})
			}
			if role := t.Role(op); Has(op, "query") && (role.Kind == List || role.RespondsWithList(op)) {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: fmt.Sprintf("query: at most %d conditions, %d deep", MostConditions, DeepestQuery)})
			}
			if names := t.unapplied(op); len(names) > 0 {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: "checked and not applied: " + strings.Join(names, ", ")})
			}
		}
	}
	return limits
}

// limit returns what an operation does not do; blank for one that does all of it.
func (t *Table) limit(api *contract.API, op *contract.Operation) string {
	role := t.Role(op)
	_, isItem := role.Responding(api.Schema(ResponseOf(op).Schema))
	switch role.Kind {
	case Job:
		return "no job runs"
	case Success:
		return "responds with success, and changes nothing"
	case List:
		return t.apart(role.Pair)
	case Create, Read, Change, Delete, Stream:
		return ""
	case Upload:
		if isItem {
			return "" // it takes the file
		}
	case Reading, Other:
		if role.RespondsWithList(op) {
			return ""
		}
	}
	if isItem {
		return "responds with the item, and does not change it"
	}
	return "responds with the published example"
}

// apart returns that a list lacks items of other collections which it is to have: those
// of the same schema below a thing that the list can be filtered by. Each collection
// keeps what was created in it.
func (t *Table) apart(p *Pair) string {
	for _, other := range t.Pairs {
		parent := other.Parents
		if other == p || other.Schema == nil || other.Schema != p.Schema || len(parent) == 0 {
			continue
		}
		if _, filtered := p.Filters()[parent[len(parent)-1].Param]; filtered {
			return "lacks the items of " + other.Name + ", which are a collection of their own"
		}
	}
	return ""
}

// unapplied returns the parameters in an operation's query that are checked, and change
// nothing in its response.
func (t *Table) unapplied(op *contract.Operation) []string {
	role := t.Role(op)
	isList := role.Kind == List || role.RespondsWithList(op)
	var names []string
	for _, param := range op.Params {
		switch {
		case param.In != "query":
		case isList && (slices.Contains(paging, param.Name) || role.Pair.Filters()[param.Name] != ""):
		case role.Kind == Stream && param.Name == "keepAliveInterval":
		default:
			names = append(names, param.Name)
		}
	}
	return names
}
