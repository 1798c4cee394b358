package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/scenarios/internal/document"
	"github.com/losantmock/losantmock/scenarios/internal/itemcheck"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// owner is what a list of items stands in, with the parameter of paths that has its id.
type owner struct {
	cursor
	param string
	key   string // that has the id
}

// resourceCheck checks the resources of a file.
type resourceCheck struct {
	api   *contract.API
	table *pairs.Table
	taken map[string]string // the ids of items and where each stands, by collection and id
	// anywhere is true where collections may stand where they do not belong.
	anywhere bool
}

// newResourceCheck returns nil without a definition of the API.
func newResourceCheck(l Limits, api *contract.API, taken map[string]string, anywhere bool) *resourceCheck {
	if l.Definition == nil {
		return nil
	}
	return &resourceCheck{api: api, taken: taken, anywhere: anywhere}
}

// check checks the resources in the last of the owners; at the top of the file there is
// none, and at is the whole document.
func (r *resourceCheck) check(at cursor, below *pairs.Pair, owners ...owner) {
	resources, ok := at.get("resources")
	switch {
	case !ok:
		return
	case r == nil:
		at.WrongKey("resources", "needs a definition of the API: name one with --definition, such as --definition node_modules/losant-rest")
		return
	case r.table == nil: // it reads many schemas
		r.table = pairs.Of(r.api)
	}
	if below == nil && len(owners) > 0 {
		below = r.table.Pair("applications")
	}
	for key := range nodes.Pairs(resources.Node) {
		pair := r.table.Pair(key.Value)
		if problem := r.misplaced(key.Value, pair, below); problem != "" {
			resources.WrongKey(key.Value, problem)
			continue
		}
		list, _ := resources.get(key.Value)
		for _, entry := range resources.items(key.Value) {
			r.checkEntry(list, entry, pair, owners)
		}
	}
}

// misplaced returns why a collection can't stand below a thing; blank if it can.
func (r *resourceCheck) misplaced(name string, pair, below *pairs.Pair) string {
	switch {
	case pair == nil:
		var known []string
		for _, p := range r.table.Pairs {
			if p.List.FromDefinition {
				known = append(known, p.Name)
			}
		}
		return "is not a collection of API " + r.api.Version.String() + nearest.DidYouMean(name, known)
	case !pair.List.FromDefinition:
		return "is not a key of resources: " + name + " have a key of their own"
	case pair.Parent() == below, r.anywhere:
		return ""
	case pair.Parent() == nil:
		return "belongs at the top of a scenario: put it into resources there"
	default:
		return "belongs below " + pair.Parent().Name + ": put it into resources of one of them"
	}
}

// checkEntry checks an entry of a list: an item with what is below it, or a pattern.
func (r *resourceCheck) checkEntry(list, entry cursor, pair *pairs.Pair, owners []owner) {
	item, number, suffix := entry, 0, ""
	pattern, isPattern := entry.get("generate")
	if isPattern {
		item, number = pattern, pattern.Number("count")
		suffix = " at n = " + strconv.Itoa(number)
		if pattern.Has("resources") {
			pattern.WrongKey("resources", "can't be in generate: list the items that have something below them")
		}
		for key := range nodes.Pairs(entry.Node) {
			if key.Value != "generate" {
				entry.WrongKey(key.Value, "can't be used with generate: put what all items have into generate")
			}
		}
	}
	r.checkItem(item, pair, isPattern, number, suffix)
	for _, twin := range pair.Twins {
		item.checkSame(twin, item, pair.Key)
	}
	for _, o := range owners {
		if o.param != pair.Key && !slices.Contains(pair.Twins, o.param) {
			item.checkSame(o.param, o.cursor, o.key)
		}
	}
	for _, key := range []string{pair.Key, pair.Alias} {
		if key != "" {
			r.checkUnique(list, item, key, number)
		}
	}
	r.check(item, pair, append(slices.Clip(owners), owner{item, pair.Param, pair.Key})...)
}

// checkItem holds an item, or the one of a number that a pattern makes, against the API.
func (r *resourceCheck) checkItem(item cursor, pair *pairs.Pair, isPattern bool, n int, suffix string) {
	own := ownKeys(isPattern)
	object, _ := document.Value(nodes.Members(item.Node, own)).(map[string]any)
	if isPattern {
		object, _ = withNumber(object, n).(map[string]any)
	}
	found, known := itemcheck.Check(r.api, pair, object)
	for _, v := range found {
		if r.anywhere && v.What == contract.AdditionalProperties && len(v.Path) == 0 && slices.Contains(own, v.Detail) {
			item.WrongKey(v.Detail, "is a key of scenarios: here, add each item by itself, and what is below it after that")
			continue
		}
		if len(v.Path) > 0 {
			v.Path[0] = nodes.Escaped(v.Path[0], own)
		}
		item.violates(v, known, suffix)
	}
}

// violates reports where a value breaks a schema of the API, which knows some keys.
func (c cursor) violates(v contract.Violation, known []string, suffix string) {
	at := c.at(v.Path)
	switch v.What {
	case contract.IsRequired:
		at.WrongKey(v.Detail, v.What)
	case contract.AdditionalProperties:
		suggestion := ""
		if len(v.Path) == 0 {
			suggestion = nearest.DidYouMean(v.Detail, known)
		}
		at.WrongKey(v.Detail, "is not a known key"+suggestion)
	default:
		at.Wrong(at.Doc.Describe(at.Node, v.What, v.Detail) + suffix)
	}
}

// checkUnique adds the ids that an item or a pattern has under a key, up to the first
// that is not new in its collection.
func (r *resourceCheck) checkUnique(list, item cursor, key string, count int) {
	text := item.Text(key)
	if text == "" {
		return
	}
	id, _ := item.get(key)
	if count > 1 && !strings.Contains(text, number) {
		id.Wrong("would be the same for each: put {{n}} in it")
		return
	}
	place, collection := id.Place(), list.collection()
	for n := range max(count, 1) {
		name := strings.ReplaceAll(text, number, strconv.Itoa(n+1))
		folded := collection + pairs.FoldID(name)
		if first, ok := r.taken[folded]; ok {
			id.Wrong(fmt.Sprintf("%q is already at %s", item.Doc.Shown(id.Node), first))
			return
		}
		r.taken[folded] = place
	}
}

// collection returns what the ids of a list have before them: lists at the top of
// several files are one collection.
func (c cursor) collection() string {
	if len(c.Path) == 2 {
		return c.Path[1] + "/"
	}
	return c.Place() + "/"
}

// withNumber returns a value with a number in place of {{n}} in its texts.
func withNumber(value any, n int) any {
	switch value := value.(type) {
	case string:
		return strings.ReplaceAll(value, number, strconv.Itoa(n))
	case []any:
		return cloneEach(value, func(inner any) any { return withNumber(inner, n) })
	case map[string]any:
		object := make(map[string]any, len(value))
		for name, inner := range value {
			object[name] = withNumber(inner, n)
		}
		return object
	default:
		return value
	}
}
