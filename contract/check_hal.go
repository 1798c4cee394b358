package contract

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/routes"
)

// checkHAL checks that the extras of a response belong to it.
func (c *checking) checkHAL() bool {
	if c.resource() == "" {
		for _, name := range []string{"_type", "_links", "_actions"} {
			if c.fields[name] != nil {
				c.breaks(Observed, CheckHAL, c.schema.Name+"."+name, "is there, though the response describes no resource")
			}
		}
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
		c.breaks(Observed, CheckHAL, place+"._type", "want %q, got %s", resource, Brief(fields["_type"]))
	}
	for _, name := range []string{"_links", "_actions"} {
		switch _, there := fields[name].(map[string]any); {
		case there && !query.On(name):
			c.breaks(Observed, CheckHAL, place+"."+name, "is there, though switched off")
		case !there && query.On(name):
			c.breaks(Observed, CheckHAL, place+"."+name, "is missing, though not switched off")
		}
	}
	links, _ := fields["_links"].(map[string]any)
	actions, _ := fields["_actions"].(map[string]any)
	c.checkGranted(place, c.api.Resource(resource), links, actions)
	for _, rel := range slices.Sorted(maps.Keys(links)) {
		c.checkLink(place+"._links."+rel, resource, rel, links[rel], fields)
	}
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		action, _ := actions[name].(map[string]any)
		op := c.api.Operation(resource + "." + name)
		if op == nil {
			c.add(CheckHAL, News, place+"._actions."+name, "is not in the contract")
			continue
		}
		if method, _ := action["method"].(string); method != op.Method {
			c.breaks(Observed, CheckHAL, place+"._actions."+name+".method", "want %s, got %q", op.Method, method)
		}
		c.checkHref(place+"._actions."+name+".href", op.Path, action["href"], fields)
		c.checkParams(place+"._actions."+name+".params", op, action["params"])
	}
}

// checkParams checks that an action has a number for each of its own parameters, as a
// text; nothing where it has none.
func (c *checking) checkParams(place string, op *Operation, got any) {
	var numbers []any
	for i := range op.Params {
		numbers = append(numbers, strconv.Itoa(i))
	}
	var want any
	if numbers != nil {
		want = numbers
	}
	if !reflect.DeepEqual(got, want) {
		c.breaks(Observed, CheckHAL, place, "want %s, got %s", Brief(want), Brief(got))
	}
}

// checkGranted checks that what the token may do is among the extras. Every token
// sees the link to self and the action that it has just used. Another link of the
// contract shows that it holds all of the resource, and so sees all links and actions.
func (c *checking) checkGranted(place string, resource *Resource, links, actions map[string]any) {
	holdsAll := slices.ContainsFunc(resource.Links, func(link Link) bool { return links[link.Rel] != nil })
	if links != nil {
		c.checkThere(place+"._links", links, "self")
		for _, link := range resource.Links {
			if holdsAll {
				c.checkThere(place+"._links", links, link.Rel)
			}
		}
	}
	if actions == nil {
		return
	}
	for _, op := range resource.Actions {
		if holdsAll || op == c.op && place == c.schema.Name {
			c.checkThere(place+"._actions", actions, op.Action)
		}
	}
}

func (c *checking) checkThere(place string, extras map[string]any, name string) {
	if extras[name] == nil {
		c.breaks(Observed, CheckHAL, place+"."+name, "is missing, though the token may use it")
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
		id, _ := fields[name].(string)
		own, _ := fields["id"].(string)
		want = strings.ReplaceAll(want, "{"+name+"}", cmp.Or(id, c.path[name], own))
	}
	if got, _ := href.(string); !routes.Same(got, want) {
		c.breaks(Observed, CheckHAL, place, "want %q, got %q", want, got)
	}
}
