package generic

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/tidwall/gjson"
)

// byQuery matches the query, a document in the manner of MongoDB. What stands deep in
// it is not checked by the API: an operator that is not understood is refused here.
func (c *Call) byQuery(*pairs.Pair) (func(*resources.Item) bool, *wire.Response) {
	text := c.text("query")
	if pairs.In(c.Operation, "query") == "body" {
		text = c.Values.Body.JSON
	}
	if text == "" {
		return nil, nil
	}
	q := query{}
	matches := q.all(gjson.ParseBytes(wire.AppendJSON(nil, json.RawMessage(text))), 1) // of a key that stands twice the last value counts
	if q.problem != "" {
		return nil, wire.Invalid(&contract.Violation{Field: "query", What: q.problem})
	}
	return func(item *resources.Item) bool { return matches(gjson.ParseBytes(item.JSON)) }, nil
}

// query reads a query. What the matchers do for one item is bounded by how many
// conditions they were read of, and how deep these stand.
type query struct {
	conditions int
	problem    string // blank for none
}

// add adds a condition at a depth, and reports whether the query may have it.
func (q *query) add(depth int) bool {
	q.conditions++
	switch {
	case q.conditions > pairs.MostConditions:
		q.problem = fmt.Sprintf("has more than %d conditions", pairs.MostConditions)
	case depth > pairs.DeepestQuery:
		q.problem = fmt.Sprintf("is more than %d deep", pairs.DeepestQuery)
	}
	return q.problem == ""
}

// matcher reports whether a value matches: an item, or a property of it.
type matcher func(gjson.Result) bool

// all returns what matches every member of a document, which stands at a depth.
func (q *query) all(document gjson.Result, depth int) matcher {
	var list []matcher
	document.ForEach(func(name, value gjson.Result) bool {
		if !q.add(depth) {
			return false
		}
		switch name.String() {
		case "$and":
			list = append(list, allOf(q.each(value, depth)))
		case "$or":
			list = append(list, anyOf(q.each(value, depth)))
		case "$nor":
			list = append(list, not(anyOf(q.each(value, depth))))
		default:
			list = append(list, q.property(name.String(), value, depth))
		}
		return true
	})
	return allOf(list)
}

// each returns what matches each document of a list.
func (q *query) each(documents gjson.Result, depth int) (list []matcher) {
	if !documents.IsArray() {
		q.problem = "has an operator without a list of queries"
	}
	for _, document := range documents.Array() {
		if !q.add(depth) {
			break
		}
		list = append(list, q.all(document, depth+1))
	}
	return list
}

func allOf(list []matcher) matcher {
	return func(v gjson.Result) bool { return !slices.ContainsFunc(list, func(m matcher) bool { return !m(v) }) }
}

func anyOf(list []matcher) matcher {
	return func(v gjson.Result) bool { return slices.ContainsFunc(list, func(m matcher) bool { return m(v) }) }
}

func not(m matcher) matcher { return func(v gjson.Result) bool { return !m(v) } }

// property returns what matches a property of an item: a value that it has, or an
// object of operators.
func (q *query) property(name string, wanted gjson.Result, depth int) matcher {
	var list []matcher
	if strings.HasPrefix(name, "$") {
		q.problem = fmt.Sprintf("has %s, which is not understood", name)
	}
	operators := wanted.Map()
	for range operators {
		if !q.add(depth) {
			return nil
		}
	}
	if !wanted.IsObject() || !hasOperator(operators) {
		list = []matcher{has(wanted, false)}
	} else {
		ignoreCase := operators["$ci"].Bool()
		for operator, operand := range operators {
			if operator != "$ci" {
				list = append(list, q.operator(operator, operand, ignoreCase))
			}
		}
	}
	matches := allOf(list)
	return func(item gjson.Result) bool { return matches(item.Get(gjson.Escape(name))) }
}

// hasOperator reports whether an object is one of operators. One that describes a tag
// is a value.
func hasOperator(members map[string]gjson.Result) bool {
	for name := range members {
		if strings.HasPrefix(name, "$") && name != "$tagKey" && name != "$tagValue" {
			return true
		}
	}
	return false
}

func (q *query) operator(name string, wanted gjson.Result, ignoreCase bool) matcher {
	texts := func(test func(text, part string) bool) matcher {
		return func(v gjson.Result) bool {
			if ignoreCase {
				return v.Type == gjson.String && test(strings.ToLower(v.Str), strings.ToLower(wanted.String()))
			}
			return v.Type == gjson.String && test(v.Str, wanted.String())
		}
	}
	order := func(test func(order int) bool) matcher {
		return func(v gjson.Result) bool { return v.Type == wanted.Type && test(compare(v, wanted)) }
	}
	among := func() (list []matcher) {
		for _, one := range wanted.Array() {
			if !q.add(1) {
				break
			}
			list = append(list, has(one, ignoreCase))
		}
		return list
	}
	switch name {
	case "$eq":
		return has(wanted, ignoreCase)
	case "$ne":
		return not(has(wanted, ignoreCase))
	case "$gt":
		return order(func(order int) bool { return order > 0 })
	case "$gte":
		return order(func(order int) bool { return order >= 0 })
	case "$lt":
		return order(func(order int) bool { return order < 0 })
	case "$lte":
		return order(func(order int) bool { return order <= 0 })
	case "$in":
		return anyOf(among())
	case "$nin":
		return not(anyOf(among()))
	case "$startsWith":
		return texts(strings.HasPrefix)
	case "$endsWith":
		return texts(strings.HasSuffix)
	case "$contains":
		return texts(strings.Contains)
	default:
		q.problem = fmt.Sprintf("has %s, which is not understood", name)
		return nil
	}
}

// compare compares two texts or two numbers.
func compare(a, b gjson.Result) int {
	return cmp.Or(cmp.Compare(a.Num, b.Num), strings.Compare(a.Str, b.Str))
}

// has returns what matches a value, or a list that has it. A property that is missing
// is null.
func has(wanted gjson.Result, ignoreCase bool) matcher {
	same := func(v gjson.Result) bool {
		switch {
		case wanted.IsObject():
			return isTag(v, wanted)
		case wanted.Type == gjson.Null:
			return v.Type == gjson.Null
		case ignoreCase && wanted.Type == gjson.String:
			return v.Type == gjson.String && strings.EqualFold(v.Str, wanted.Str)
		default:
			return v.Type == wanted.Type && v.String() == wanted.String()
		}
	}
	return func(v gjson.Result) bool {
		return same(v) || v.IsArray() && slices.ContainsFunc(v.Array(), same)
	}
}

// isTag reports whether a value is the tag that an object describes: by $tagKey and
// $tagValue, or as its only member.
func isTag(v, wanted gjson.Result) bool {
	key, text := v.Get("key").String(), v.Get("value").String()
	members := wanted.Map()
	for name, value := range members {
		switch {
		case name == "$tagKey" && key != value.String(), name == "$tagValue" && text != value.String():
			return false
		case !strings.HasPrefix(name, "$") && (key != name || text != value.String()):
			return false
		}
	}
	return len(members) > 0
}
