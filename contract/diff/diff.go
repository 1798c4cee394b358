// Package diff says what changed between two versions of the API.
package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

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
		return fmt.Sprintf("added    %s: %s", c.Place, contract.Brief(c.After))
	case Removed:
		return fmt.Sprintf("removed  %s: %s", c.Place, contract.Brief(c.Before))
	default:
		return fmt.Sprintf("changed  %s: %s -> %s", c.Place, contract.Brief(c.Before), contract.Brief(c.After))
	}
}

// Of returns what changed from one version of the API to another in its groups of
// scopes, its operations and its schemas; none where they are the same. What is for
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
	for _, part := range []string{"authGroups", "params", "resources", "definitions"} {
		d.compare(part, was[part], is[part])
	}
	return d.changes, nil
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

// words are the keys of a definition that are for people.
var words = []string{"title", "description", "summary", "example"}

type differ struct{ changes []Change }

func (d *differ) add(kind Kind, place string, before, after any) {
	d.changes = append(d.changes, Change{kind, place, before, after})
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
