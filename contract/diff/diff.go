// Package diff says what changed between two versions of the API.
package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// Kind is how something changed.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// Change is one thing that differs between two versions.
type Change struct {
	Kind Kind `json:"change"`
	// Resource is the one whose operations, or the bodies of whose operations, differ;
	// blank for what belongs to none.
	Resource string `json:"-"`
	// Place leads to it in the API's own definition:
	// "resources.webhooks.actions.get.params.perPage.default".
	Place string `json:"place"`
	// Before is what it was; nil where it was added.
	Before any `json:"before,omitempty"`
	// After is what it became; nil where it was removed.
	After any `json:"after,omitempty"`
}

// String returns the change as a line for people.
func (c Change) String() string {
	switch c.Kind {
	case Added:
		return fmt.Sprintf("added    %s: %s", c.Place, brief(c.After))
	case Removed:
		return fmt.Sprintf("removed  %s: %s", c.Place, brief(c.Before))
	default:
		return fmt.Sprintf("changed  %s: %s -> %s", c.Place, contract.Brief(c.Before), contract.Brief(c.After))
	}
}

// brief returns a value in short: an operation by its method and path, a resource by its
// path and its actions, and anything else as JSON.
func brief(value any) string {
	fields, _ := value.(map[string]any)
	actions, isResource := fields["actions"].(map[string]any)
	path, hasPath := fields["path"].(string)
	method, isOperation := fields["method"].(string)
	switch {
	case isResource && hasPath:
		return path + ": " + strings.Join(slices.Sorted(maps.Keys(actions)), ", ")
	case isOperation:
		return strings.TrimSuffix(method+" "+path, " ")
	default:
		return contract.Brief(value)
	}
}

// Of returns what changed from one version of the API to another in its groups of
// scopes, its operations and its schemas; none where they are the same. Changes of one
// resource stand together: those of its operations, and those of their bodies. What is for
// people, such as descriptions and examples, is not compared, and the items of a
// collection are compared where they are defined.
func Of(before, after *contract.API) ([]Change, error) {
	was, err := parts(before)
	if err != nil {
		return nil, err
	}
	is, err := parts(after)
	if err != nil {
		return nil, err
	}
	var d differ
	for _, part := range []string{"resources", "definitions", "params", "authGroups"} {
		d.compare(part, was[part], is[part])
	}
	resources := resourcesOf(before, after)
	for i := range d.changes {
		d.changes[i].Resource = resources[topOf(d.changes[i].Place)]
	}
	slices.SortStableFunc(d.changes, func(a, b Change) int {
		if a.Resource == "" || b.Resource == "" {
			return strings.Compare(b.Resource, a.Resource) // what belongs to none is last
		}
		return strings.Compare(a.Resource, b.Resource)
	})
	return d.changes, nil
}

// topOf returns the first two steps of a place: "definitions.webhook".
func topOf(place string) string {
	steps := strings.SplitN(place, ".", 3)
	return strings.Join(steps[:min(len(steps), 2)], ".")
}

// resourcesOf returns the resource of each resource and schema, by its place. A schema
// belongs to the resource of its name, and else to the first one that has a body of it.
func resourcesOf(apis ...*contract.API) map[string]string {
	all := map[string]string{}
	own := func(schema, resource string) {
		if place := "definitions." + schema; all[place] == "" || schema == resource {
			all[place] = resource
		}
	}
	for _, api := range apis {
		for _, resource := range api.Resources {
			all["resources."+resource.Name] = resource.Name
			for _, op := range resource.Actions {
				for i := range op.Params {
					own(op.Params[i].Schema, resource.Name)
				}
				for i := range op.Responses {
					own(op.Responses[i].Schema, resource.Name)
				}
			}
		}
	}
	return all
}

// parts returns the definition of an API.
func parts(api *contract.API) (map[string]any, error) {
	var definition map[string]any
	if err := json.Unmarshal(api.Definition(), &definition); err != nil {
		return nil, err
	}
	definitions, _ := definition["definitions"].(map[string]any)
	for name, schema := range definitions {
		if api.Schema(name).ItemsOf() != "" {
			delete(schema.(map[string]any)["properties"].(map[string]any), "items")
		}
	}
	return definition, nil
}

// words are the keys of a definition that are for people, or for the service alone.
var words = []string{"title", "description", "summary", "example", "audit", "instanceAudit"}

type differ struct{ changes []Change }

func (d *differ) add(kind Kind, place string, before, after any) {
	d.changes = append(d.changes, Change{Kind: kind, Place: place, Before: before, After: after})
}

func (d *differ) compare(place string, before, after any) {
	was, isObject := before.(map[string]any)
	is, staysObject := after.(map[string]any)
	listBefore, isList := before.([]any)
	listAfter, staysList := after.([]any)
	switch {
	case isObject && staysObject:
		d.compareObjects(place, was, is)
	case isList && staysList:
		d.compareLists(place, listBefore, listAfter)
	case !reflect.DeepEqual(before, after):
		d.add(Changed, place, before, after)
	}
}

func (d *differ) compareObjects(place string, before, after map[string]any) {
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		was, wasThere := before[key]
		is, isThere := after[key]
		_, isProperty := all[key].(map[string]any) // of that name
		switch inner := place + "." + key; {
		case slices.Contains(words, key) && !isProperty:
		case !wasThere:
			d.add(Added, inner, nil, is)
		case !isThere:
			d.add(Removed, inner, was, nil)
		default:
			d.compare(inner, was, is)
		}
	}
}

// compareLists compares lists whose order means nothing: parameters by their names,
// as many schemas as before by their places, and anything else by its value.
func (d *differ) compareLists(place string, before, after []any) {
	was, named := byKey(before, len(after))
	is, alsoNamed := byKey(after, len(before))
	if named && alsoNamed {
		d.compareObjects(place, was, is)
		return
	}
	for _, item := range before {
		if !contains(after, item) {
			d.add(Removed, place, item, nil)
		}
	}
	for _, item := range after {
		if !contains(before, item) {
			d.add(Added, place, nil, item)
		}
	}
}

func contains(list []any, item any) bool {
	return slices.ContainsFunc(list, func(other any) bool { return reflect.DeepEqual(other, item) })
}

// byKey returns objects by their names, or by their places where the other list has
// as many, and whether that is possible.
func byKey(list []any, others int) (map[string]any, bool) {
	fields := map[string]any{}
	for i, item := range list {
		named, isObject := item.(map[string]any)
		name, ok := named["name"].(string)
		if !ok {
			name, ok = strconv.Itoa(i), isObject && len(list) == others
		}
		if !ok {
			return nil, false
		}
		fields[name] = named
	}
	return fields, true
}
