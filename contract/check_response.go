package contract

import (
	"cmp"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/filter"
	"github.com/losantmock/losantmock/contract/secret"
)

// resource returns the name of what the response describes: "webhook",
// "webhooks", or blank for a response that describes none.
func (c *checking) resource() string {
	switch name := c.schema.Name; name {
	case "webhook", "webhooks", "application", "applications":
		return name
	default:
		return ""
	}
}

// things calls visit with the fields of each webhook or application in the
// response, and with their place.
func (c *checking) things(visit func(place string, fields map[string]any)) {
	items, isList := c.fields["items"].([]any)
	if !isList {
		visit(c.schema.Name, c.fields)
		return
	}
	for i, item := range items {
		if fields, ok := item.(map[string]any); ok {
			visit(c.schema.Name+".items."+strconv.Itoa(i), fields)
		}
	}
}

// checkIdentity checks that ids agree, and that dates are in order.
func (c *checking) checkIdentity() bool {
	if c.resource() == "" {
		return true
	}
	c.checkSame(c.schema.Name+".applicationId", c.fields["applicationId"], c.path["applicationId"])
	c.things(func(place string, fields map[string]any) {
		own := "applicationId"
		if strings.HasPrefix(c.schema.Name, "webhook") {
			own = "webhookId"
			c.checkSame(place+".applicationId", fields["applicationId"], c.path["applicationId"])
		}
		if id, second := fields["id"], fields[own]; id != nil && second != nil && !reflect.DeepEqual(id, second) {
			c.breaks(CheckIdentity, place+"."+own, "want the id, %s, got %s", Brief(id), Brief(second))
		}
		if place == c.schema.Name {
			c.checkSame(place+".id", fields["id"], c.path[own])
		}
		c.checkDates(place, fields)
	})
	return true
}

// checkSame holds an id against the path. Ids are the same in either case.
func (c *checking) checkSame(place string, got any, want string) {
	if text, ok := got.(string); ok && want != "" && !strings.EqualFold(text, want) {
		c.breaks(CheckIdentity, place, "want the path's %q, got %q", want, text)
	}
}

var wireDate = regexp.MustCompile(DatePattern)

func (c *checking) checkDates(place string, fields map[string]any) {
	var dates [2]time.Time
	for i, name := range []string{"creationDate", "lastUpdated"} {
		text, _ := fields[name].(string)
		var err error
		if dates[i], err = time.Parse(time.RFC3339, text); err != nil {
			return // the schema reports it
		}
		if !wireDate.MatchString(text) {
			c.breaks(CheckSchema, place+"."+name, "want it written as 2016-06-13T04:00:00.000Z, got %q", text)
		}
	}
	if dates[1].Before(dates[0]) {
		c.breaks(CheckIdentity, place+".lastUpdated", "is before creationDate")
	}
}

// checkEcho checks that what was written comes back, and that each property of a
// new webhook that was not written has its default.
func (c *checking) checkEcho() bool {
	sent := c.sent()
	if c.resource() == "" || sent == nil {
		return true
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if c.comesBack(name) {
			c.checkValue(name, sent[name])
		}
	}
	if owner := sent["orgId"]; owner != nil {
		c.checkValue("ownerId", owner)
	}
	if c.op.Name != OperationWebhooksPost {
		return true
	}
	for _, name := range slices.Sorted(maps.Keys(webhookDefaults)) {
		_, given := sent[name]
		_, returned := c.fields[name]
		if !given && returned {
			c.checkValue(name, webhookDefaults[name])
		}
	}
	return true
}

// comesBack reports whether a response has a property as it was written. How the
// API completes objects and lists, and writes other instants than its own, is not
// public.
func (c *checking) comesBack(name string) bool {
	property := c.schema.tree.object("properties").object(name)
	switch property.text("type") {
	case "string", "integer", "number", "boolean":
		return property.text("format") == ""
	default:
		return false
	}
}

func (c *checking) checkValue(name string, want any) {
	got, there := c.fields[name]
	_, hidden := secret.KindOf(name)
	switch place := c.schema.Name + "." + name; {
	case there && reflect.DeepEqual(got, want):
	case hidden:
		c.breaks(CheckEcho, place, "is not what was written, or not the default")
	default:
		c.breaks(CheckEcho, place, "want %s, got %s", Brief(want), Brief(got))
	}
}

// checkList checks that a list is the one that was requested: its parameters,
// its counts, its order and its filter.
func (c *checking) checkList() bool {
	items, isList := c.fields["items"].([]any)
	if !isList {
		return true
	}
	perPage, page := c.number("perPage"), c.number("page")
	c.checkText(CheckSorting, "sortField")
	c.checkText(CheckSorting, "sortDirection")
	if c.text("filterField") != "" {
		c.checkText(CheckFiltering, "filterField")
	}
	if c.text("filter") != "" {
		c.checkText(CheckFiltering, "filter")
	}

	count, total := float64(len(items)), c.count("totalCount")
	place := c.schema.Name + "."
	if got := c.count("count"); got != count {
		c.breaks(CheckPagination, place+"count", "want %v, the number of items, got %v", count, got)
	}
	if count > perPage {
		c.breaks(CheckPagination, place+"items", "want at most perPage, %v, got %v", perPage, count)
	}
	switch least := page*perPage + count; {
	case count > 0 && total < least:
		c.breaks(CheckPagination, place+"totalCount", "want at least %v, what came so far, got %v", least, total)
	case count > 0 && count < perPage && total != least:
		c.breaks(CheckPagination, place+"totalCount", "want %v, since this page is the last, got %v", least, total)
	case count == 0 && total > page*perPage:
		c.breaks(CheckPagination, place+"items", "want items up to %v, got none", total)
	}
	c.checkOrder(items)
	c.checkFiltered()
	return true
}

// number returns a number of the request, which the response has to repeat.
func (c *checking) number(name string) float64 {
	want, _ := strconv.ParseFloat(c.text(name), 64)
	if got := c.count(name); got != want {
		c.breaks(CheckPagination, c.schema.Name+"."+name, "want %v, as requested, got %v", want, got)
	}
	return want
}

// count returns a number of the response; 0 where there is none.
func (c *checking) count(name string) float64 {
	n, _ := c.fields[name].(float64)
	return n
}

// checkText checks that the response repeats a text of the request.
func (c *checking) checkText(check CheckName, name string) {
	if got, _ := c.fields[name].(string); !strings.EqualFold(got, c.text(name)) {
		c.breaks(check, c.schema.Name+"."+name, "want %q, as requested, got %s", c.text(name), Brief(c.fields[name]))
	}
}

// orders are the ways in which texts may be sorted. Which one the real API
// uses for names is not public.
var orders = []func(a, b string) int{
	strings.Compare,
	func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) },
}

func (c *checking) checkOrder(items []any) {
	field := c.text("sortField")
	var keys []string
	for _, item := range items {
		fields, _ := item.(map[string]any)
		key, ok := fields[field].(string)
		if !ok {
			return // the schema reports it
		}
		keys = append(keys, key)
	}
	if c.text("sortDirection") == "desc" {
		slices.Reverse(keys)
	}
	for _, order := range orders {
		if slices.IsSortedFunc(keys, order) {
			return
		}
	}
	at := 1
	for cmp.Compare(keys[at-1], keys[at]) <= 0 {
		at++
	}
	c.breaks(CheckSorting, c.schema.Name+".items", "want them by %s %s, but %q and %q are the wrong way round",
		field, c.text("sortDirection"), keys[at-1], keys[at])
}

func (c *checking) checkFiltered() {
	field := c.text("filterField")
	wanted, problem := filter.Compile(c.text("filter"))
	if field == "" || c.text("filter") == "" || problem != nil {
		return
	}
	c.things(func(place string, fields map[string]any) {
		if text, ok := fields[field].(string); ok && !wanted.Match(strings.ToLower(text)) {
			c.breaks(CheckFiltering, place+"."+field, "%q does not match the filter %q", text, c.text("filter"))
		}
	})
}

// checkHAL checks that the extras of a response belong to it.
func (c *checking) checkHAL() bool {
	if c.resource() == "" {
		return true
	}
	query := c.request.Query
	c.checkExtras(query, c.schema.Name, c.schema.Name, c.fields)
	if c.schema.itemsOf != "" {
		c.things(func(place string, fields map[string]any) { c.checkExtras(query, place, c.schema.itemsOf, fields) })
	}
	return true
}

func (c *checking) checkExtras(query decode.Query, place, resource string, fields map[string]any) {
	if fields["_type"] != resource {
		c.breaks(CheckHAL, place+"._type", "want %q, got %s", resource, Brief(fields["_type"]))
	}
	for _, name := range []string{"_links", "_actions"} {
		switch _, there := fields[name].(map[string]any); {
		case there && !query.On(name):
			c.breaks(CheckHAL, place+"."+name, "is there, though switched off")
		case !there && query.On(name):
			c.breaks(CheckHAL, place+"."+name, "is missing, though not switched off")
		}
	}
	links, _ := fields["_links"].(map[string]any)
	for _, rel := range slices.Sorted(maps.Keys(links)) {
		c.checkLink(place+"._links."+rel, resource, rel, links[rel], fields)
	}
	actions, _ := fields["_actions"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		action, _ := actions[name].(map[string]any)
		op := c.api.Operation(resource + "." + name)
		if op == nil {
			c.add(CheckHAL, News, place+"._actions."+name, "is not in the contract")
			continue
		}
		if method, _ := action["method"].(string); method != op.Method {
			c.breaks(CheckHAL, place+"._actions."+name+".method", "want %s, got %q", op.Method, method)
		}
		c.checkHref(place+"._actions."+name+".href", op.Path, action["href"], fields)
	}
}

func (c *checking) checkLink(place, resource, rel string, link any, fields map[string]any) {
	target, _ := link.(map[string]any)
	if rel == "self" {
		c.checkHref(place, c.api.Resource(resource).Path, target["href"], fields)
		return
	}
	for _, known := range c.api.Resource(resource).Links {
		if known.Rel == rel {
			c.checkHref(place, known.Path, target["href"], fields)
			return
		}
	}
	c.add(CheckHAL, News, place, "is not in the contract")
}

// checkHref holds a link against its path in the table, with the ids of the
// thing that it belongs to.
func (c *checking) checkHref(place, path string, href any, fields map[string]any) {
	want := path
	for _, name := range []string{"applicationId", "webhookId"} {
		id, ok := fields[name].(string)
		if !ok {
			id = c.path[name]
		}
		want = strings.ReplaceAll(want, "{"+name+"}", id)
	}
	if got, _ := href.(string); !strings.EqualFold(got, want) {
		c.breaks(CheckHAL, place, "want %q, got %q", want, got)
	}
}
