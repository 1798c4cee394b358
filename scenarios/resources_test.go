package scenarios_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// railway returns limits with a definition that was made up: applications have lines,
// which have stops, and there are networks.
func railway(t *testing.T) scenarios.Limits {
	t.Helper()
	definition, err := contract.LoadDefinition("../mockserver/internal/generic/testdata/railway.json")
	if err != nil {
		t.Fatal(err)
	}
	return scenarios.Limits{Definition: definition}
}

const withResources = `name: railway
resources:
  networks: [{id: "681000000000000000000009", name: Hills, founded: 1920}]
applications:
  - id: 575ec8687ae143cd83dc4a97
    name: Plant
    resources:
      lines:
        - id: "681000000000000000000001"
          lineId: "681000000000000000000001"
          applicationId: 575ec8687ae143cd83dc4a97
          name: South
          driver: Ada
          tags: [{b: 1, a: 2}]
          resources: {stops: [{name: quay, benches: 2}]}
        - {generate: {count: 3, name: "Line {{n}}"}}
  - {name: Empty, resources: {lines: []}}
`

func TestResourcesAreReadAndWritten(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	s, err := limits.Parse("railway", []byte(withResources))
	if err != nil {
		t.Fatal(err)
	}
	south := s.Applications[0].Resources["lines"][0]
	if text, err := south.JSON(); err != nil || !strings.Contains(string(text), `"tags":[{"b":1,"a":2}]`) || strings.Contains(string(text), "resources") {
		t.Errorf("%s, %v", text, err)
	}
	if stops := south.Resources["stops"]; len(stops) != 1 {
		t.Errorf("%v", stops)
	}
	var made []string
	for text := range s.Applications[0].Resources["lines"][1].All() {
		made = append(made, string(text))
	}
	if got := strings.Join(made, " "); got != `{"name":"Line 1"} {"name":"Line 2"} {"name":"Line 3"}` {
		t.Error(got)
	}
	if empty := s.Applications[1].Resources["lines"]; empty == nil || len(empty) != 0 {
		t.Errorf("%v", empty)
	}
	if things, _ := s.Size(); things != 6 {
		t.Errorf("%d things", things)
	}
	text, err := limits.Marshal(s.Clone())
	if err != nil {
		t.Fatal(err)
	}
	again, err := limits.Parse("again", text)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := limits.Marshal(again); err != nil || string(second) != string(text) {
		t.Errorf("%v\n%s\n%s", err, second, text)
	}
	if _, err := s.Marshal(); err == nil || !strings.Contains(err.Error(), "--definition") {
		t.Errorf("without a definition: %v", err)
	}
}

func TestItemsOfGoValues(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	type line struct {
		Name string `json:"name"`
		Kind string `json:"kind,omitempty"`
	}
	items := func(values ...any) *scenarios.Scenario {
		a := scenarios.Application{Name: "Plant", Resources: scenarios.Resources{}}
		for _, value := range values {
			a.Resources["lines"] = append(a.Resources["lines"], scenarios.Item{Value: value})
		}
		return &scenarios.Scenario{Applications: []scenarios.Application{a}}
	}
	if err := limits.Check(items(map[string]any{"name": "South"}, line{Name: "North"})); err != nil {
		t.Error(err)
	}
	for want, value := range map[string]any{
		`applications[0].resources.lines[0].kind: "ferry" must be an enum value`: line{Name: "East", Kind: "ferry"},
		"an item of a collection must be an object as JSON, got []string":        []string{"South"},
		"unsupported type": func() {},
		"resources.lines[0].resources: is not a known key": map[string]any{"name": "a", "resources": 1},
	} {
		if err := limits.Check(items(value)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestWhatIsWrongInResources(t *testing.T) {
	t.Parallel()
	limits := railway(t)
	for _, c := range []struct{ name, lines, want string }{
		{"unknown", "resources: {netwroks: []}", `f:1:13: resources.netwroks: is not a collection of API 1.30.0: did you mean "networks"?`},
		{"own", "resources: {applications: []}", "f:1:13: resources.applications: is not a key of resources: applications have a key of their own"},
		{"above", "resources: {lines: []}", "f:1:13: resources.lines: belongs below applications: put it into resources of one of them"},
		{"below", "applications: [{name: a, resources: {networks: []}}]", "f:1:38: applications[0].resources.networks: belongs at the top of a scenario: put it into resources there"},
		{"two below", "applications: [{name: a, resources: {stops: []}}]", "f:1:38: applications[0].resources.stops: belongs below lines: put it into resources of one of them"},
		{"missing", "applications: [{name: a, resources: {lines: [{kind: bus}]}}]", "f:1:46: applications[0].resources.lines[0].name: is required"},
		{"key", "applications: [{name: a, resources: {lines: [{name: a, color: red}]}}]", `f:1:56: applications[0].resources.lines[0].color: is not a known key: did you mean "colour"?`},
		{"type", "applications: [{name: a, resources: {lines: [{name: a, distance: {total: far}}]}}]", `f:1:74: applications[0].resources.lines[0].distance.total: want a number, got the text "far"`},
		{"own property", "applications: [{name: a, resources: {lines: [{name: a, driver: 7}]}}]", "f:1:64: applications[0].resources.lines[0].driver: want text, got the number 7: put it in quotes"},
		{"twin", "applications: [{name: a, resources: {lines: [{name: a, id: 68100000000000000000000a, lineId: 68100000000000000000000b}]}}]", `f:1:94: applications[0].resources.lines[0].lineId: "68100000000000000000000b" is not the id, "68100000000000000000000a"`},
		{"parent", "applications: [{id: 575ec8687ae143cd83dc4a97, name: a, resources: {lines: [{name: a, applicationId: 68100000000000000000000b}]}}]", `f:1:101: applications[0].resources.lines[0].applicationId: "68100000000000000000000b" is not the id, "575ec8687ae143cd83dc4a97"`},
		{"no id", "applications: [{name: a, applicationId: 68100000000000000000000b}]", `f:1:41: applications[0].applicationId: "68100000000000000000000b" repeats the key id, which is missing at f:1:16: write it there, or leave this out`},
		{"twice", "resources: {networks: [{id: 68100000000000000000000a}, {id: 68100000000000000000000A}]}", `f:1:61: resources.networks[1].id: "68100000000000000000000A" is already at f:1:29`},
		{"pattern", "applications: [{name: a, resources: {lines: [{generate: {count: 10, name: \"a line whose name is {{n}} {{n}} longer than: {{n}}\"}}]}}]", `"a line whose name is {{n}} {{n}} longer …" has longer length than allowed (40) at n = 10`},
		{"same names", "applications: [{name: a, resources: {lines: [{name: a, resources: {stops: [{generate: {count: 2, name: quay}}]}}]}}]", "name: would be the same for each: put {{n}} in it"},
		{"below a pattern", "applications: [{name: a, resources: {lines: [{generate: {count: 2, name: a, resources: {}}}]}}]", "generate.resources: can't be in generate: list the items that have something below them"},
		{"beside a pattern", "applications: [{name: a, resources: {lines: [{color: red, generate: {count: 2, name: a}}]}}]", "f:1:47: applications[0].resources.lines[0].color: can't be used with generate: put what all items have into generate"},
		{"an escaped member", "applications: [{name: a, resources: {lines: [{name: a, $generate: {count: 2}}]}}]", "lines[0].generate: is not a known key"},
		{"no count", "applications: [{name: a, resources: {lines: [{generate: {name: a}}]}}]", "generate.count: is required"},
		{"no list", "resources: {networks: {}}", "f:1:23: resources.networks: want a list, got an object"},
		{"too many", "applications: [{name: a, resources: {lines: [{generate: {count: 2000000, name: a}}]}}]", "count: generates 2000000 items, with the patterns before it, and at most 1000000 are made"},
	} {
		if _, err := limits.Parse("f", []byte(c.lines)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
	}
	for count, want := range map[string]string{"0": "0 is less than minimum (1)", "-1": "-1 is less than minimum (1)", "x": `want a whole number, got the text "x"`} {
		_, err := limits.Parse("f", []byte("applications: [{name: a, resources: {lines: [{generate: {count: "+count+", name: a}}]}}]"))
		if want = "f:1:65: applications[0].resources.lines[0].generate.count: " + want; err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s and nothing else", err, want)
		}
	}
	if _, err := scenarios.Parse("f", []byte(withResources)); err == nil || !strings.Contains(err.Error(), "f:2:1: resources: needs a definition of the API: name one with --definition") {
		t.Error(err)
	}
}
