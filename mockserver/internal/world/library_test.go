package world_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// Over HTTP, scenarios are named that are built in or were loaded at the start, and
// no file is opened.
func TestScenariosAreNamedOverHTTP(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(path, text string) string {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	orders := write("orders.yaml", "name: orders")
	write("worlds/one.yaml", "name: one")
	write("worlds/two.json", `{"name": "two"}`)
	twin := write("other/one.yml", "name: twin")
	stranger := write("stranger.yaml", "name: stranger")
	srv := mockserver.Start(t, mockserver.WithScenario(orders, filepath.Join(dir, "worlds"), twin))
	quoted := func(path string) string { return `"` + path + `"` }
	for _, c := range []struct {
		name, scenario string
		status         int
		want           string // the scenario's name, or what the error says
	}{
		{"a built-in one", `"paging"`, 200, "paging"},
		{"a list", `["paging", "orders"]`, 200, "paging+orders"},
		{"by the path that was given", quoted(orders), 200, "orders"},
		{"by the base name", `"two"`, 200, "two"},
		{"by the folder", quoted(filepath.Join(dir, "worlds")), 200, "one+two"},
		{"a base name of two files", `"one"`, 400, "name one with its path"},
		{"a misspelt one", `"pagign"`, 400, `there is no scenario \"pagign\": did you mean \"paging\"?`},
		{"the list of them", `"nothing like it"`, 400, "default, empty, every-field, orders, paging, strict-auth, two"},
		{"the list of them, of which each can be named", `"nothing like it"`, 400, twin},
		{"by the path in another form", quoted(dir + "/./orders.yaml"), 200, "orders"},
		{"a file that was not loaded", quoted(stranger), 400, "there is no scenario"},
		{"a file beside the built-in ones", `"../scenarios/paging"`, 400, "there is no scenario"},
		{"a number", `5`, 422, "or a list of names"},
		{"an empty list", `[]`, 422, "or a list of names"},
		{"a blank name", `""`, 400, "or a list of names"},
		{"nothing", `null`, 400, "or a list of names"},
	} {
		a := mocktest.Send(t, srv.URL, "PUT /__admin/scenario", `{"scenario":`+c.scenario+`}`, mocktest.SendsJSON)
		switch {
		case a.Status != c.status:
			t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
		case c.status == 200 && srv.ScenarioName() != c.want:
			t.Errorf("%s: the scenario is %s, want %s", c.name, srv.ScenarioName(), c.want)
		case c.status != 200 && !strings.Contains(a.Body, c.want):
			t.Errorf("%s: %s, want %s", c.name, a.Body, c.want)
		}
	}
	if a := mocktest.Send(t, srv.URL, "PUT /__admin/scenario", `{"scenarios":"default"}`, mocktest.SendsJSON); a.Status != http.StatusBadRequest || !strings.Contains(a.Body, "or a list of names") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "POST /__admin/sandboxes", `{"name":"s","scenario":["two","empty"]}`, mocktest.SendsJSON); a.Status != http.StatusOK || !strings.Contains(a.Body, `"scenario": "two+empty"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "POST /__admin/sandboxes", `{"name":"t","scenario":"twoo"}`, mocktest.SendsJSON); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `did you mean \"two\"?`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
