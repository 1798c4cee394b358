package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver"
)

// losantRest is the folder of Losant's client, as npm installs it for the tests.
const losantRest = "../cmd/losantmock/testdata/node/node_modules/losant-rest"

func TestAddingADevice(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(losantRest); err != nil {
		t.Skip("skipped: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	srv := mockserver.Start(t, mockserver.WithDefinition(losantRest))
	pump := srv.Add("devices", map[string]any{"name": "Pump"})
	table := srv.Add("dataTables", map[string]any{"name": "Readings", "columns": []any{map[string]any{"name": "value", "dataType": "number", "constraint": "optional"}}})
	srv.Add("dataTables/"+table.ID+"/dataTableRows", map[string]any{"value": 3})
	srv.Add("orgs", map[string]any{"name": "Plants"})
	reached := srv.SendEvent("device.stateStream", mockserver.Event{
		Data: map[string]any{"data": map[string]any{"speed": 7}},
		Path: map[string]string{"deviceId": pump.ID}, // without it: the streams of all devices
	})
	if reached != 0 { // no client has one open
		t.Errorf("reached %d streams", reached)
	}
}

// Items of every collection can be added and saved, and what is saved is the same world.
func TestEveryCollectionIsSaved(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(losantRest); err != nil {
		t.Skip("skipped: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	definition, err := contract.LoadDefinition(losantRest)
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithLoadedDefinition(definition))
	api, added := definition.API(), map[string]string{"applications": srv.Applications()[0].ID}
	table := pairs.Of(api).Pairs
	slices.SortStableFunc(table, func(a, b *pairs.Pair) int { return len(a.Parents) - len(b.Parents) })
	for _, p := range table {
		if !p.List.FromDefinition {
			continue
		}
		path := ""
		for _, parent := range p.Parents {
			path += parent.Pair.Name + "/" + added[parent.Pair.Name] + "/"
		}
		value := json.RawMessage("{}")
		if p.Create != nil {
			for _, param := range p.Create.Params {
				if param.In == "body" {
					value = validExample(api.Schema(param.Schema))
				}
			}
		}
		item, err := srv.World().Add(path+p.Name, value)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		added[p.Name] = item.ID
	}
	send := func(method, path, body string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/yaml")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
		}
		return string(text)
	}
	saved := send("GET", "/__admin/scenario", "")
	send("PUT", "/__sandbox/again/__admin/scenario", saved)
	if again := send("GET", "/__sandbox/again/__admin/scenario", ""); again != saved {
		t.Error(cmp.Diff(saved, again))
	}
}

// validExample returns a published example. Where it breaks its schema, short texts are
// longer, and numbers in it are texts.
func validExample(schema *contract.Schema) json.RawMessage {
	example := string(schema.Example())
	example = regexp.MustCompile(`"MY_SSL_\w+"`).ReplaceAllString(example, `"`+strings.Repeat("x", 60)+`"`)
	return json.RawMessage(regexp.MustCompile(`("value": *)(\d+)`).ReplaceAllString(example, `$1"$2"`))
}
