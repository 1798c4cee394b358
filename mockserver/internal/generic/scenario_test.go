package generic_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/tidwall/gjson"
)

// south is a line of the world below.
const south = "68100000000000000000000a"

func railwayWorld() *scenarios.Scenario {
	return &scenarios.Scenario{
		IDs:       scenarios.IDs{Seed: new(uint64(7))},
		Resources: scenarios.Resources{"networks": {{Value: map[string]any{"name": "Hills"}}}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "Plant", Resources: scenarios.Resources{"lines": {
			{
				Value:     map[string]any{"id": south, "name": "South", "driver": "Grace"},
				Resources: scenarios.Resources{"stops": {{Value: map[string]any{"name": "quay"}}}},
			},
			{Value: map[string]any{"name": "Line {{n}}"}, Count: 2},
		}}}},
	}
}

func TestResourcesOfAScenarioAreThere(t *testing.T) {
	t.Parallel()
	c := start(t, mockserver.WithWorld(railwayWorld()))
	if got := c.listed(""); got != "Line 1 Line 2 South of 3" {
		t.Error(got)
	}
	line := c.send("GET "+linesPath+"/"+south, "", http.StatusOK)
	for path, want := range map[string]string{
		"lineId": south, "applicationId": mocktest.ApplicationID, "driver": "Grace", // as the scenario says
	} {
		if got := line.Get(path).String(); got != want {
			t.Errorf("%s is %q, want %q: %s", path, got, want, line)
		}
	}
	if stop := c.send("GET "+linesPath+"/"+south+"/stops/quay", "", http.StatusOK); stop.Get("lineId").String() != south {
		t.Error(stop)
	}
	// The scenario says which networks there are: that of the example is not among them.
	if list := c.send("GET /networks", "", http.StatusOK); list.Get("items.#").Int() != 1 || list.Get("items.0.name").String() != "Hills" {
		t.Error(list)
	}
	c.send("DELETE "+linesPath+"/"+south, "", http.StatusOK)
	c.srv.Reset()
	if again := c.send("GET "+linesPath+"/"+south, "", http.StatusOK); again.Get("driver").String() != "Grace" {
		t.Error(again)
	}
}

// The present state is a scenario that comes to the same state: with what was made,
// changed and deleted, in sandboxes too.
func TestResourcesAreSaved(t *testing.T) {
	t.Parallel()
	c := start(t, mockserver.WithWorld(railwayWorld()))
	east := c.line(`{"name":"East","tags":[{"key":"a"}]}`)
	c.send("POST "+east+"/stops", `{"name":"pier"}`, http.StatusCreated)
	c.send("PATCH "+linesPath+"/"+south, `{"colour":"${red}"}`, http.StatusOK)
	first := c.send("GET "+linesPath+"?sortField=id", "", http.StatusOK)
	c.send("DELETE "+linesPath+"/"+first.Get(`items.#(name="Line 1").id`).String(), "", http.StatusOK)
	c.send("GET "+coast, "", http.StatusNotFound)
	saved := mocktest.Send(t, c.srv.URL, "GET /__admin/scenario", "")

	if w := mocktest.Send(t, c.srv.URL, "PUT /__sandbox/other/__admin/scenario", saved.Body, "Content-Type: application/yaml"); w.Status != http.StatusOK {
		t.Fatal(w.Body)
	}
	for _, path := range []string{linesPath, east + "/stops", linesPath + "/" + south + "/stops", "/networks"} {
		want, got := c.send("GET "+path, "", http.StatusOK), c.send("GET /__sandbox/other"+path, "", http.StatusOK)
		if got.Raw != want.Raw {
			t.Errorf("%s: %s\nwant %s", path, got, want)
		}
	}
	if again := mocktest.Send(t, c.srv.URL, "GET /__sandbox/other/__admin/scenario", ""); again.Body != saved.Body {
		t.Errorf("%s\nwant %s", again.Body, saved.Body)
	}
	problem := mocktest.Send(t, c.srv.URL, "PUT /__admin/scenario", "applications: [{name: a, resources: {lines: [{}]}}]", "Content-Type: application/yaml")
	if want := "scenario:1:46: applications[0].resources.lines[0].name: is required"; problem.Status != http.StatusUnprocessableEntity || !strings.Contains(problem.Body, want) {
		t.Errorf("%d %s", problem.Status, problem.Body)
	}
}

func TestItemsAreAddedInGo(t *testing.T) {
	t.Parallel()
	c := start(t)
	type line struct {
		Name string `json:"name"`
		Kind string `json:"kind,omitempty"`
	}
	north := c.srv.Add("lines", line{Name: "North"})
	if got := gjson.ParseBytes(north.JSON); got.Get("id").String() != north.ID || got.Get("name").String() != "North" {
		t.Errorf("%s", north.JSON)
	}
	if stop := c.srv.Add("lines/"+north.ID+"/stops", map[string]any{"name": "pier"}); stop.ID != "pier" {
		t.Errorf("%+v", stop)
	}
	c.send("GET "+linesPath+"/"+north.ID+"/stops/pier", "", http.StatusOK)
	c.srv.Add("applications/"+mocktest.ApplicationID+"/lines", line{Name: "South"})
	c.srv.Add("networks", map[string]any{"name": "Hills"})
	if list := c.send("GET /networks", "", http.StatusOK); list.Get("items.#").Int() != 2 { // with that of the example
		t.Error(list)
	}
	for _, wrong := range []struct {
		path  string
		value any
		want  string
	}{
		{"lines", line{Kind: "bus"}, "resources.lines[0].name: must"},
		{"lines", map[string]any{"id": north.ID, "name": "a"}, `lines: id "` + north.ID + `" is already in use in the collection: choose another, or leave it out where one is generated`},
		{"line", line{Name: "a"}, `"line" is no collection of the definition: did you mean "lines"?`},
		{"webhooks", line{Name: "a"}, `"webhooks" is no collection of the definition`},
		{"stops", map[string]any{"name": "a"}, `"stops" leads to no collection: want applications/ID/lines/ID/stops`},
		{"lines/" + south + "/stops", map[string]any{"name": "a"}, "Railway line was not found"},
		{"applications/" + south + "/lines", line{Name: "a"}, "Application was not found"},
	} {
		if _, err := c.srv.World().Add(wrong.path, wrong.value); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(wrong.want, "must")) {
			t.Errorf("%s: %v, want %s", wrong.path, err, wrong.want)
		}
	}
	plain := mockserver.Start(t)
	if _, err := plain.World().Add("lines", line{Name: "a"}); err == nil || !strings.Contains(err.Error(), "WithDefinition") {
		t.Error(err)
	}
	added := c.srv.AddApplication(scenarios.Application{Name: "Second", Resources: scenarios.Resources{"lines": {{Value: line{Name: "West"}}}}})
	if list := c.send("GET /applications/"+added.ID+"/lines", "", http.StatusOK); list.Get("items.0.name").String() != "West" || len(added.Resources["lines"]) != 1 {
		t.Error(list)
	}
}

// A seeded world that was saved gives nothing an id that another thing in it has.
func TestNewIDsOfASavedWorld(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	put := func(path, scenario string) {
		t.Helper()
		if a := mocktest.Send(t, c.srv.URL, "PUT "+path+"/__admin/scenario", scenario, "Content-Type: application/yaml"); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	put("", "ids: {seed: 7}\nclock: {mode: fixed, at: 2026-01-01T00:00:00Z}\napplications: [{id: "+mocktest.ApplicationID+", name: a}]")
	const webhooks = inOffice + "/webhooks"
	used := map[string]bool{}
	for _, path := range []string{notesPath, devicesPath, webhooks, notesPath} {
		made := c.send("POST "+path, `{"name":"one"}`, http.StatusCreated)
		used[made.Get("id").String()], used[made.Get("token").String()] = true, true
	}
	delete(used, "") // of what has no token
	permit := c.send("POST "+inOffice+"/permits", `{"name":"Door","scope":["devices.get"]}`, http.StatusCreated).Get("token").String()
	put("/__sandbox/copy", savedText(c))
	for _, path := range []string{devicesPath, webhooks, notesPath} {
		if id := c.send("POST /__sandbox/copy"+path, `{"name":"two"}`, http.StatusCreated).Get("id").String(); used[id] {
			t.Errorf("%s: %s is in use", path, id)
		}
	}
	if token := c.send("POST /__sandbox/copy"+inOffice+"/permits", `{"name":"Gate","scope":["devices.get"]}`, http.StatusCreated).Get("token").String(); used[token] || token == permit {
		t.Errorf("the token %s is in use", token)
	}
}
