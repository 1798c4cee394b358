package pairs

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/tidwall/gjson"
)

// What a query may be: how many conditions it may have, operands of lists included, and
// how deep they may stand in one another. The limits are ours.
const (
	MostConditions = 1000
	DeepestQuery   = 32
)

// Limits returns what a stand-in does not do for the operations of a definition, in the
// order of the API: what the contract says of them, and what they leave out beside it.
func (t *Table) Limits(api *contract.API) []contract.Partial {
	limits := slices.Clone(api.Partial())
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			if !op.FromDefinition {
				continue
			}
			if reason := t.limit(op); reason != "" {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: reason})
			}
			if role := t.Role(op); Has(op, "query") && role.Shown == Items {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: fmt.Sprintf("query: at most %d conditions, %d deep", MostConditions, DeepestQuery)})
			}
			if names := t.dropped(api, op); len(names) > 0 {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: "checked and not kept: " + strings.Join(names, ", ")})
			}
			if names := t.refused(api, op); len(names) > 0 {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: "refused, though the schema of the body is open: " + strings.Join(names, ", ")})
			}
			if names := t.references(api, op); len(names) > 0 {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: "whether these are there is not looked up: " + strings.Join(names, ", ")})
			}
			if names := t.unapplied(api, op); len(names) > 0 {
				limits = append(limits, contract.Partial{Operation: op.Name, Reason: "checked and not applied: " + strings.Join(names, ", ")})
			}
		}
	}
	return limits
}

// limit returns what an operation does not do; blank for one that does all of it.
func (t *Table) limit(op *contract.Operation) string {
	role := t.Role(op)
	switch {
	case ResponseOf(op).Status == http.StatusNoContent && !slices.ContainsFunc(op.Responses, func(r contract.Response) bool { return r.Status == http.StatusNoContent }):
		return "no success is documented"
	case role.Kind == Job:
		return "no job runs"
	case role.Kind == Success:
		return "responds with success, and changes nothing"
	case role.Kind == List:
		return t.apart(role.Pair)
	case role.Kind == Create && role.Pair.Grants():
		return "a token that is made reaches what its owner does not own, too"
	case role.Kind == Read && role.Pair.Schema == nil:
		return "no schema of the item is documented: it has what was sent"
	case slices.Contains([]Kind{Create, Read, Change, Delete, Stream}, role.Kind), role.Shown == Items, role.Shown == First:
		return ""
	case role.Shown == Item && role.Kind == Upload:
		return "" // it takes the file
	case role.Shown == Item:
		return "responds with the item, and does not change it"
	default:
		return "responds with the published example"
	}
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

// dropped returns the members of a body that no item shows in any way, and the one that an
// item is known by, which does not change.
func (t *Table) dropped(api *contract.API, op *contract.Operation) []string {
	role := t.Role(op)
	if role.Kind != Create && role.Kind != Change {
		return nil
	}
	body, items := PropertiesOf(BodySchema(api, op)), PropertiesOf(role.Pair.Schema)
	names := slices.DeleteFunc(Hidden(body, items), func(member string) bool { return len(Becomes(items, member)) > 0 })
	if role.Kind == Change && body.Has(role.Pair.Key) {
		names = append(names, role.Pair.Key)
	}
	return names
}

// refused returns what a client may not send, since the server alone sets it, where the
// schema of the body is open and accepts it.
func (t *Table) refused(api *contract.API, op *contract.Operation) []string {
	role, schema := t.Role(op), BodySchema(api, op)
	if role.Kind != Create && role.Kind != Change || schema == nil || !isOpen(schemaText(schema)) {
		return nil
	}
	return role.Pair.Owned(api)
}

// Owned returns the members of items that the server alone sets: what its responses have
// beside the properties of items, and the properties that no schema of a body has.
func (p *Pair) Owned(api *contract.API) []string {
	var sendable []string
	for _, op := range []*contract.Operation{p.Create, p.Change} {
		if op != nil {
			sendable = append(sendable, PropertiesOf(BodySchema(api, op)).Names...)
		}
	}
	return slices.DeleteFunc(append(Named(Beside), PropertiesOf(p.Schema).Names...), func(name string) bool {
		return slices.Contains(sendable, name)
	})
}

// references returns the members of a body that have the ids of other items.
func (t *Table) references(api *contract.API, op *contract.Operation) []string {
	body := PropertiesOf(BodySchema(api, op))
	return slices.DeleteFunc(slices.Clone(body.Names), func(member string) bool {
		return !isID(body.Schema(member)) &&
			!slices.ContainsFunc(t.Pairs, func(p *Pair) bool { return p.HasIDs() && (member == p.Param || member == p.Param+"s") })
	})
}

// isID reports whether a schema, or one of its forms, is that of an id.
func isID(schema gjson.Result) bool {
	return schema.Get("pattern").Str == contract.IDPattern || slices.ContainsFunc(schema.Get("oneOf").Array(), isID)
}

// unapplied returns the parameters in an operation's query that are checked, and change
// nothing in its response.
func (t *Table) unapplied(api *contract.API, op *contract.Operation) []string {
	role := t.Role(op)
	var names []string
	for _, param := range op.Params {
		switch {
		case param.In != "query":
		case role.Shown == First && slices.Contains(paging, param.Name):
		case role.Shown == Items && (slices.Contains(paging, param.Name) || role.Pair.Filters()[param.Name] != ""):
		case role.Kind == Stream && param.Name == keepAlive:
		case slices.Contains(ofSummary, param.Name) && hasSummary(api, op, role):
		default:
			names = append(names, param.Name)
		}
	}
	return names
}

// ofSummary are the parameters that say which counts a summary has.
var ofSummary = []string{"summaryInclude", "summaryExclude"}

// hasSummary reports whether what the response of an operation shows has a summary.
func hasSummary(api *contract.API, op *contract.Operation, role Role) bool {
	if p := role.Of.Pair; p != nil {
		return p.Counts()
	}
	schema := api.Schema(ResponseOf(op).Schema)
	return schema != nil && len(schema.Counts(Summary)) > 0
}
