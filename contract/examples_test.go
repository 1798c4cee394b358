package contract_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// Each schema of the client has an example that it accepts, but for those whose two forms
// both match whatever a client sends.
func TestExamplesMatchTheirSchemas(t *testing.T) {
	t.Parallel()
	api := theClients(t).API()
	var broken []string
	seen := 0
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			for _, r := range op.Responses {
				schema := api.Schema(r.Schema)
				if schema == nil || !op.FromDefinition {
					continue
				}
				var value any
				seen++
				if err := json.Unmarshal(schema.Example(), &value); err != nil || schema.Check("", value) != nil {
					broken = append(broken, schema.Name)
				}
			}
		}
	}
	slices.Sort(broken)
	if broken = slices.Compact(broken); !slices.Equal(broken, []string{"dataTableRowInsertResult", "flowVersion"}) || seen < 250 {
		t.Errorf("%d examples, of which these break their schemas: %s", seen, broken)
	}
}

func TestExamplesAreMendedAtAnyDepth(t *testing.T) {
	t.Parallel()
	deep := func(schema string) string {
		return `{"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"a":` + schema + `,"b":{"type":"string"}},"required":["a"]}}}}`
	}
	for name, c := range map[string]struct{ schema, published, want string }{
		"what matches stays, in its order":     {deep(`{"type":"string"}`), `{"items":[{"b":"y","a":"<x>"}]}`, `{"items":[{"b":"y","a":"<x>"}]}`},
		"what is required is added":            {deep(`{"type":"string","minLength":3}`), `{"items":[{"b":"y"},{"a":"yes"}]}`, `{"items":[{"b":"y","a":"xxx"},{"a":"yes"}]}`},
		"a value of another type is replaced":  {deep(`{"type":"integer","minimum":7}`), `{"items":[{"a":"x"}]}`, `{"items":[{"a":7}]}`},
		"a choice is made":                     {deep(`{"enum":["tram","bus"]}`), `{"items":[{"a":"ferry"}]}`, `{"items":[{"a":"tram"}]}`},
		"a default goes first":                 {deep(`{"enum":["tram","bus"],"default":"bus"}`), `{"items":[{}]}`, `{"items":[{"a":"bus"}]}`},
		"what is not named is left out":        {deep(`{"type":"object","properties":{"c":{}}}`), `{"more":1,"items":[{"a":{"c":1,"d":2},"e":3}]}`, `{"items":[{"a":{"c":1}}]}`},
		"where any name is allowed it stays":   {deep(`{"type":"object","patternProperties":{"^d":{}}}`), `{"items":[{"a":{"c":1,"d":2}}]}`, `{"items":[{"a":{"c":1,"d":2}}]}`},
		"what may not be there is left out":    {deep(`{"type":"object","additionalProperties":false}`), `{"items":[{"a":{"c":1}}]}`, `{"items":[{"a":{}}]}`},
		"an id is known by its pattern":        {deep(`{"type":"string","pattern":"^[A-Fa-f\\d]{24}$"}`), `{"items":[{"a":"x"}]}`, `{"items":[{"a":"575ec8687ae143cd83dc4a97"}]}`},
		"what can't be made is left out":       {strings.Replace(deep(`{"type":"string"}`), `"b":{"type":"string"}`, `"b":{"type":"string","pattern":"^q{5}$"}`, 1), `{"items":[{"a":"x","b":"y"}]}`, `{"items":[{"a":"x"}]}`},
		"what can't be mended stays":           {deep(`{"type":"string","pattern":"^q{5}$"}`), `{"items":[{"a":"x"}]}`, `{"items":[{"a":"x"}]}`},
		"a list has the items that it must":    {deep(`{"type":"array","minItems":2,"items":{"type":"boolean"}}`), `{"items":[{"a":[]}]}`, `{"items":[{"a":[false,false]}]}`},
		"one of several forms":                 {deep(`{"oneOf":[{"type":"string","pattern":"^q{5}$"},{"type":"null"}]}`), `{"items":[{"a":5}]}`, `{"items":[{"a":null}]}`},
		"without an example a small one":       {deep(`{"type":"string"}`), ``, `{}`},
		"one that is required":                 {`{"type":"object","required":["id","at"],"properties":{"id":{"type":"string","pattern":"^[A-Fa-f\\d]{24}$"},"at":{"type":"string","format":"date-time"}}}`, ``, `{"id":"575ec8687ae143cd83dc4a97","at":"2016-06-13T04:00:00.000Z"}`},
		"none where none can be made":          {`{"type":"string","pattern":"^q{5}$"}`, ``, ``},
		"none where it would be too large":     {`{"type":"array","minItems":200,"items":{"type":"array","minItems":200}}`, ``, ``},
		"a root of another type is left alone": {`{"type":"string"}`, `5`, `5`},
	} {
		examples := ""
		if c.published != "" {
			examples = `,"examples":{"thing":` + c.published + `}`
		}
		given := defined(action("/a", `"responses":{"200":{"schema":{"$ref":"#/definitions/thing"}}}`), `"thing":`+c.schema)
		d, err := contract.ParseDefinition("file.json", []byte(strings.TrimSuffix(given, "}")+examples+"}"))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(d.API().Schema("thing").Example()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if c.published != "" && !strings.Contains(string(d.API().Definition()), `"thing":`+c.published) {
			t.Errorf("%s: GET / has another example than the published one", name)
		}
	}
}
