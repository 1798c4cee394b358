package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

const office = "../generic/testdata/office.json"

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
