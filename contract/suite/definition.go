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
	if a.Status != http.StatusOK || a.fields["resources"] == nil {
		r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.News, Message: "GET / does not describe the API: " + contract.StatusText(a.Status)})
		return
	}
	decoded, err := decode.JSON(r.API.Definition())
	if err != nil {
		panic(err) // a test decodes it
	}
	ours, _ := decoded.(map[string]any)
	for _, part := range []string{"resources", "definitions"} {
		known, _ := ours[part].(map[string]any)
		theirs, _ := a.fields[part].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if theirs[name] == nil {
				r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.Breaks, Field: part + "." + name, Message: "is not described"})
				continue
			}
			r.compareDefinition(part+"."+name, known[name], theirs[name])
		}
	}
}

// words are the keys of a definition that are for people.
var words = []string{"title", "description", "summary", "example", "examples", "$schema"}

func (r *run) compareDefinition(place string, ours, theirs any) {
	differs := func() {
		r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.Breaks, Field: place, Message: fmt.Sprintf("want %s, got %s", contract.Brief(ours), contract.Brief(theirs))})
	}
	switch known := ours.(type) {
	case map[string]any:
		described, ok := theirs.(map[string]any)
		if !ok {
			differs()
			return
		}
		for _, key := range slices.Sorted(maps.Keys(described)) {
			if known[key] == nil && !slices.Contains(words, key) {
				r.add(contract.Finding{Check: contract.CheckSelfDescribed, Verdict: contract.News, Field: place + "." + key, Message: "is not in the contract: " + contract.Brief(described[key])})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(known)) {
			if !slices.Contains(words, key) {
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
