package pairs

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
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
			if names := t.unapplied(op); len(names) > 0 {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: "checked and not applied: " + strings.Join(names, ", ")})
			}
		}
	}
	return limits
}

func (t *Table) limit(api *contract.API, op *contract.Operation) string {
	role := t.Role(op)
	_, isItem := role.Responding(api.Schema(ResponseOf(op).Schema))
	switch {
	case role.Kind == Job:
		return "no job runs"
	case role.Kind == Success:
		return "responds with success, and changes nothing"
	case role.Kind == Upload && isItem, role.Kind != Reading && role.Kind != Other && role.Kind != Upload, role.RespondsWithList(op):
		return ""
	case isItem:
		return "responds with the item, and does not change it"
	default:
		return "responds with the published example"
	}
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
