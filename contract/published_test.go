package contract

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// published are the facts of API 1.30.0 as Losant's client publishes them:
// resources, schemas, examples, and the scopes that grant each operation. The
// file has no descriptions.
func published(t *testing.T) ordered.Object {
	t.Helper()
	text, err := os.ReadFile("testdata/published-1.30.0.json")
	if err != nil {
		t.Fatal(err)
	}
	facts, err := ordered.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// The definition at GET / differs from the published one in its wording alone.
func TestTheDefinitionIsThePublishedOne(t *testing.T) {
	t.Parallel()
	facts := published(t)
	ours, err := ordered.Parse(AtNewest().Definition())
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"resources", "definitions", "examples"} {
		for _, fact := range facts.Object(part) {
			want, got := withoutWords(fact.Value), withoutWords(ours.Object(part).Get(fact.Key))
			if got != want {
				t.Errorf("%s.%s\n got %s\nwant %s", part, fact.Key, got, want)
			}
		}
		if len(ours.Object(part)) != len(facts.Object(part)) {
			t.Errorf("%d %s, want %d", len(ours.Object(part)), part, len(facts.Object(part)))
		}
	}
	if text := string(AtNewest().Definition()); strings.Contains(text, "$schema") {
		t.Error("a definition has $schema, which the generator adds")
	}
}

// withoutWords returns a part of a definition as JSON, without the words. Keys are
// sorted but for those of properties, whose order means something.
func withoutWords(value any) string {
	text, _ := json.MarshalIndent(wordless("", value), "", " ") // it was parsed from JSON
	return string(text)
}

func wordless(name string, value any) any {
	switch value := value.(type) {
	case ordered.Object:
		var kept ordered.Object
		for _, m := range value {
			_, text := m.Value.(string)
			words := text && slices.Contains([]string{"title", "description", "summary"}, m.Key)
			if !words {
				kept = kept.With(m.Key, wordless(m.Key, m.Value))
			}
		}
		if name != "properties" {
			slices.SortFunc(kept, func(a, b ordered.Member) int { return strings.Compare(a.Key, b.Key) })
		}
		return kept
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = wordless("", value[i])
		}
		return list
	default:
		return value
	}
}

// Each scope grants what it grants in the published API, and no group but the
// full ones holds wildcards.
func TestScopesGrantWhatIsPublished(t *testing.T) {
	t.Parallel()
	api := AtNewest()
	grantedBy := published(t).Object("scopes")
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			for _, scope := range api.Scopes() {
				want := slices.Contains(grantedBy.Get(op.Name).([]any), any(scope))
				if got := api.Grants([]string{scope}).Allows(op); got != want && !op.Public {
					t.Errorf("%s grants %s: %t", scope, op.Name, got)
				}
			}
			for _, scope := range grantedBy.Get(op.Name).([]any) {
				if !slices.Contains(api.Scopes(), scope.(string)) {
					t.Errorf("%s grants nothing", scope)
				}
			}
		}
	}
}

// Every scope that can be requested is one that a token can have.
func TestScopesThatCanBeRequestedAreKnown(t *testing.T) {
	t.Parallel()
	properties := published(t).Object("definitions").Object("userCredentials").Object("properties")
	requestable := validate.Enums(properties.Get("requestedScopes"))
	if len(requestable) != 500 {
		t.Fatalf("%d scopes can be requested", len(requestable))
	}
	for _, scope := range requestable {
		if !AtNewest().KnowsScope(scope) {
			t.Errorf("%s is not known", scope)
		}
	}
	if known := AtNewest().KnownScopes(); len(known) != 500 || !slices.IsSorted(known) {
		t.Errorf("%d scopes are known", len(known))
	}
}

// What the generator of Losant's clients needs of a definition, at every version.
func TestTheGeneratorFindsWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, version := range []Version{Oldest, {1, 18, 1}, {1, 20, 1}, Newest} {
		api, err := At(version)
		if err != nil {
			t.Fatal(err)
		}
		var definition struct {
			DeprecatedAuthScopes []string
			AuthGroups           map[string][]string
			Params               []param
			Resources            map[string]struct {
				Params  []param
				Actions map[string]struct {
					Method    string
					Params    []param
					Responses map[string]struct{ Description string }
				}
			}
		}
		if err := json.Unmarshal(api.Definition(), &definition); err != nil {
			t.Fatal(err)
		}
		if definition.DeprecatedAuthScopes == nil || len(definition.AuthGroups) == 0 {
			t.Errorf("%s: deprecatedAuthScopes are %v, authGroups %v", version, definition.DeprecatedAuthScopes, definition.AuthGroups)
		}
		all := definition.Params
		for name, resource := range definition.Resources {
			all = append(all, resource.Params...)
			for action, a := range resource.Actions {
				all = append(all, a.Params...)
				if a.Method == "" || len(a.Responses) == 0 {
					t.Errorf("%s: %s.%s has method %q and %d responses", version, name, action, a.Method, len(a.Responses))
				}
				for status, response := range a.Responses {
					if response.Description == "" {
						t.Errorf("%s: %s.%s %s has no description", version, name, action, status)
					}
				}
			}
		}
		for _, p := range all {
			untyped := p.Name == "includeWorkflows" && !version.has("1.19.0")
			if p.Description == "" || p.In == "query" && p.Example == nil && !untyped {
				t.Errorf("%s: %+v", version, p)
			}
		}
		if strings.Contains(string(api.Definition()), "null") && !strings.Contains(string(api.Definition()), `"type":"null"`) {
			t.Errorf("%s: null stands in the definition", version)
		}
	}
}

type param struct {
	Name, In, Description string
	Example               any
}
