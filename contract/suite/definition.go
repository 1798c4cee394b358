package suite

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
)

// describeItself checks the API's description of itself, which its clients are
// made from, against the contract.
func (r *run) describeItself() {
	a := r.ask(live.Call{Method: http.MethodGet, Target: "/"})
	open := r.ask(live.Call{Method: http.MethodGet, Target: "/", Auth: new("")})
	if !a.came() {
		return
	}
	r.wantBy(contract.Observed, !open.came() || open.Status == a.Status, "", "want the same without a token, got "+contract.StatusText(open.Status))
	if a.Status != http.StatusOK || a.fields["resources"] == nil {
		r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.News, Message: "GET / does not describe the API: " + contract.StatusText(a.Status)})
		return
	}
	decoded, err := decode.JSON(r.API.Definition())
	if err != nil {
		panic(err) // a test decodes it
	}
	ours, _ := decoded.(map[string]any)
	for _, part := range []string{"basePath", "params", "deprecatedAuthScopes"} {
		r.compareDefinition(part, ours[part], a.fields[part])
	}
	for _, part := range []string{"resources", "definitions", "examples"} {
		known, _ := ours[part].(map[string]any)
		theirs, _ := a.fields[part].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(known)) {
			switch {
			case theirs[name] == nil:
				r.want(false, part+"."+name, "is not described")
			case part != "examples": // which are for people
				r.compareDefinition(part+"."+name, known[name], theirs[name])
			}
		}
	}
	known, _ := ours["authGroups"].(map[string]any)
	theirs, _ := a.fields["authGroups"].(map[string]any)
	r.compareGroups(known, theirs)
}

// compareGroups compares which groups of scopes grant what the contract knows. The
// real groups grant much more.
func (r *run) compareGroups(known, theirs map[string]any) {
	scopes := map[string]bool{}
	for _, group := range known {
		for scope := range named(list(group)) {
			scopes[scope] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		want, got := named(list(known[name])), named(list(theirs[name]))
		for _, scope := range slices.Sorted(maps.Keys(scopes)) {
			r.want(want[scope] == got[scope], "authGroups."+name, fmt.Sprintf("%s: want %t, got %t", scope, want[scope] != nil, got[scope] != nil))
		}
	}
}

func list(value any) []any { items, _ := value.([]any); return items }

// words are the keys of a definition that are for people.
var words = []string{"title", "description", "summary", "example", "examples", "$schema"}

func (r *run) compareDefinition(place string, ours, theirs any) {
	differs := func() {
		r.want(false, place, fmt.Sprintf("want %s, got %s", contract.Brief(ours), contract.Brief(theirs)))
	}
	// Where names are the keys, "description" is a property, and not for people.
	forPeople := func(key string) bool { return slices.Contains(words, key) && !strings.HasSuffix(place, ".properties") }
	switch known := ours.(type) {
	case map[string]any:
		described, ok := theirs.(map[string]any)
		if !ok {
			differs()
			return
		}
		for _, key := range slices.Sorted(maps.Keys(described)) {
			if known[key] == nil && !forPeople(key) {
				r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.News, Field: place + "." + key, Message: "is not in the contract: " + contract.Brief(described[key])})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(known)) {
			if !forPeople(key) {
				r.compareDefinition(place+"."+key, known[key], described[key])
			}
		}
	case []any:
		described, ok := theirs.([]any)
		if !ok {
			differs()
			return
		}
		r.compareDefinition(place, named(known), named(described))
	default:
		if ours != theirs {
			differs()
		}
	}
}

// named returns a list as an object: of parameters by their names, of texts by
// themselves. Their order means nothing.
func named(list []any) map[string]any {
	fields := map[string]any{}
	for i, item := range list {
		switch item := item.(type) {
		case map[string]any:
			name, ok := item["name"].(string)
			if !ok {
				name = fmt.Sprint(i)
			}
			fields[name] = item
		default:
			fields[strings.ReplaceAll(fmt.Sprint(item), ".", "_")] = true
		}
	}
	return fields
}
