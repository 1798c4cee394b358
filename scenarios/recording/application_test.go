package recording_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/losantmock/losantmock/scenarios/recording"
)

// An application is pulled with every property, and its keys are hidden wherever
// they stand.
func TestTheKeysOfApplicationsAreHidden(t *testing.T) {
	t.Parallel()
	const id = "575ec8687ae143cd83dc4a97"
	held := scenarios.Application{ID: id, Name: "Plant", Properties: map[string]any{
		"endpointSlug": "plant",
		"globals":      []any{map[string]any{"key": "copy", "json": `"the secret of s3"`}},
		"archiveConfig": map[string]any{
			"s3":    map[string]any{"bucket": "b", "accessKeyId": "the user of s3", "secretAccessKey": "the secret of s3"},
			"gcs":   map[string]any{"bucket": "b", "keyJson": "the key of gcs"},
			"azure": map[string]any{"bucket": "bbb", "accountKey": "the key of azure"},
		},
	}}
	server, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{held}}))
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	defer listening.Close()
	client, err := live.NewClient(listening.URL, secret.New("any"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	pulled, err := recording.Pull(t.Context(), client, id)
	if err != nil {
		t.Fatal(err)
	}
	asJSON := func(properties map[string]any) string {
		text, err := json.Marshal(properties)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if diff := cmp.Diff(asJSON(held.Properties), asJSON(pulled.Applications[0].Properties)); diff != "" {
		t.Errorf("pulled otherwise than it is held: %s", diff)
	}
	text, err := recording.WithoutSecrets(pulled).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"the user of s3", "the secret of s3", "the key of gcs", "the key of azure"} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("%q is shown in\n%s", hidden, text)
		}
	}
	if !strings.Contains(string(text), "password-"+id) || !strings.Contains(string(text), "plant") {
		t.Errorf("%s", text)
	}
	if !strings.Contains(asJSON(pulled.Applications[0].Properties), `"secretAccessKey":"the secret of s3"`) {
		t.Error("the pulled scenario was changed")
	}
}

// What a client deletes is not in the scenario that is learnt.
func TestDeletedApplicationsAreForgotten(t *testing.T) {
	t.Parallel()
	p := startProxy(t, newUpstream(t, defaultStandIn(t)).URL, "")
	learnt := func() []scenarios.Application {
		r := recording.New(contract.AtNewest())
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, e := range p.seen {
			r.Observe(e)
		}
		return r.Scenario().Applications
	}
	const app = "/applications/575ec8687ae143cd83dc4a97"
	for _, request := range []string{"GET " + app, "GET " + app + "/webhooks"} {
		send(t, p.url, request, "")
	}
	if known := learnt(); len(known) != 1 || len(known[0].Webhooks) != 1 {
		t.Fatalf("learnt %+v", known)
	}
	send(t, p.url, "DELETE "+app, "{}", "Content-Type: application/json")
	if known := learnt(); len(known) != 0 {
		t.Errorf("still known: %+v", known)
	}
}
