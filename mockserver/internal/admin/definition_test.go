package admin_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

const (
	office  = "../generic/testdata/office.json"
	railway = "../generic/testdata/railway.json"
)

// A note may have members of any name. Those of the format's own keys come back too.
func TestMembersNamedAsKeysOfScenariosAreSaved(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDefinition(office))
	notes := "/applications/" + mocktest.ApplicationID + "/notes"
	made := mocktest.Send(t, srv.URL, "POST "+notes, `{"resources":"a","generate":"b","count":"c"}`, mocktest.SendsJSON)
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	before := mocktest.Send(t, srv.URL, "GET "+notes, "").Body
	saved := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "", "Accept: application/yaml")
	if saved.Status != http.StatusOK || !strings.Contains(saved.Body, "$resources") || !strings.Contains(saved.Body, "$generate") {
		t.Fatalf("%d %s", saved.Status, saved.Body)
	}
	if put := mocktest.Send(t, srv.URL, "PUT /__admin/scenario", saved.Body, "Content-Type: application/yaml"); put.Status != http.StatusOK {
		t.Fatalf("%d %s", put.Status, put.Body)
	}
	if after := mocktest.Send(t, srv.URL, "GET "+notes, "").Body; after != before || !strings.Contains(after, `"generate":"b"`) {
		t.Errorf("%s\nwant %s", after, before)
	}
}

func TestPatternsAreForScenarios(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDefinition(office))
	for key, body := range map[string]string{
		"generate":  `{"generate":{"count":3,"name":"g{{n}}"}}`,
		"resources": `{"name":"a","resources":{"deviceAttributes":[]}}`,
	} {
		a := mocktest.Send(t, srv.URL, "POST /__admin/resources/devices", body, mocktest.SendsJSON)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, key+": is a key of scenarios: here, add each item by itself") {
			t.Errorf("%s: %d %s", key, a.Status, a.Body)
		}
	}
}

// A stream has no body that could be sent slowly, in parts, or cut.
func TestFaultsOfBodiesAreRefusedForStreams(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDefinition(railway))
	for fault, want := range map[string]string{
		`"operation":"line.arrivals","throttle":5`:                           `throttle: can't be used with a stream of events, which has no body`,
		`"operation":"line.arrivals","latency":{"chunks":2,"perChunk":"1s"}`: `latency.chunks: can't be used with a stream of events, which has no body`,
		`"operation":"line.arrivals","transport":"limit_data","limitData":9`: `transport: limit_data can't be used with a stream of events, which has no body to cut: use reset_peer or empty_response`,
		`"path":"/applications/*/lines/*/arrivals","steps":[{"throttle":5}]`: `steps[0].throttle: can't be used with a stream of events`,
		`"operation":"line.arrivals","status":500,"body":"{}","throttle":5`:  "",
		`"operation":"line.arrivals","transport":"reset_peer"`:               "",
		`"operation":"line.get","transport":"limit_data","limitData":9`:      "",
		`"path":"/applications/**","throttle":5`:                             "",
	} {
		a := mocktest.Send(t, srv.URL, "POST /__admin/faults", `{"name":"f",`+fault+`}`, mocktest.SendsJSON)
		if want == "" && a.Status != http.StatusOK || want != "" && (a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, want)) {
			t.Errorf("%s: %d %s", fault, a.Status, a.Body)
		}
		mocktest.Send(t, srv.URL, "DELETE /__admin/faults", "")
	}
}

// A fault of every path cuts a stream before its first event.
func TestAStreamIsCutByAFaultOfEveryPath(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDefinition(railway))
	line := srv.Add("lines", map[string]any{"name": "South"})
	srv.AddFault(scenarios.Fault{Name: "cut", Path: "/applications/**", Effect: scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 10_000}})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/applications/"+mocktest.ApplicationID+"/lines/"+line.ID+"/arrivals", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) || len(got) > 0 || response.StatusCode != http.StatusOK {
		t.Errorf("%s, %q, %v", response.Status, got, err)
	}
}

// What a definition would have is said where there is none.
func TestOperationsOfADefinitionNeedOne(t *testing.T) {
	t.Parallel()
	count := func(options ...mockserver.Option) string {
		return mocktest.Send(t, mockserver.Start(t, options...).URL, "POST /__admin/requests/count", `{"operation":"devices.list"}`, mocktest.SendsJSON).Body
	}
	if got := count(); !strings.Contains(got, "need a definition: --definition or mockserver.WithDefinition") {
		t.Error(got)
	}
	if got := count(mockserver.WithDefinition(office)); strings.Contains(got, "--definition") || !strings.Contains(got, "devices.list") {
		t.Error(got)
	}
}

// A definition may lack a version. That is said beside the one that is served.
func TestADefinitionOfUnknownVersion(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDefinition(losantRestSchemas(t)), mockserver.WithAPIVersion("1.28.3"))
	if got := mocktest.Send(t, srv.URL, "GET /__admin/definition", "").Body; !strings.Contains(got, `"definitionVersion": "unknown"`) || !strings.Contains(got, `"version": "1.28.3"`) {
		t.Errorf("%.300s", got)
	}
}

// losantRestSchemas returns the folder of the schemas of Losant's client, which has no
// version in it.
func losantRestSchemas(t *testing.T) string {
	t.Helper()
	const schemas = "../../../cmd/losantmock/testdata/node/node_modules/losant-rest/lib/schemas"
	if _, err := os.Stat(schemas); err != nil {
		t.Skip("skipped: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	absolute, err := filepath.EvalSymlinks(schemas)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "schemas")
	if err := os.CopyFS(alone, os.DirFS(absolute)); err != nil {
		t.Fatal(err)
	}
	return alone
}
