package contract_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
)

// The stand-in's responses to the operations of a definition break nothing: what the
// framework adds to objects that allow nothing else, the words of a 404, and a list that
// is documented as its item.
func TestTheStandInKeepsToADefinition(t *testing.T) {
	t.Parallel()
	definition := theClients(t)
	srv := mockserver.Start(t, mockserver.WithLoadedDefinition(definition))
	var found contract.Findings
	client := &http.Client{Transport: &contract.Transport{
		API: definition.API(), Hosts: []string{strings.TrimPrefix(srv.URL, "http://")}, OnFinding: func(f contract.Finding) { found = append(found, f) },
	}}
	app := "/applications/" + srv.Applications()[0].ID
	pump := srv.Add("devices", map[string]any{"name": "Pump"})
	none := "/000000000000000000000000"
	for _, c := range []struct {
		request, body string
		status        int
	}{
		{"GET /me/tokens", "", http.StatusOK},
		{"GET " + app + "/keys" + none, "", http.StatusNotFound},
		{"GET /instances" + none + "/members" + none, "", http.StatusNotFound},
		{"GET /orgs" + none, "", http.StatusNotFound},
		{"GET /applications" + none + "/devices" + none, "", http.StatusNotFound},
		{"GET /applications" + none + "/data-tables" + none + "/rows" + none, "", http.StatusNotFound},
		{"POST " + app + "/devices", `{"name":"Pump"}`, http.StatusCreated},
		{"GET " + app + "/devices", "", http.StatusOK},
		{"GET /applicationTemplates/keywords", "", http.StatusOK},
		{"GET " + app + "/devices/" + pump.ID + "/compositeState", "", http.StatusOK},
	} {
		found = nil
		method, path, _ := strings.Cut(c.request, " ")
		request, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer any")
		request.Header.Set("Content-Type", "application/json")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != c.status || len(found) > 0 {
			t.Errorf("%s: %s, %+v", c.request, response.Status, found)
		}
	}
}
