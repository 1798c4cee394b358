package admin_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// wireMockCalls are the calls that clients of WireMock make beside those about
// requests, in this order.
var wireMockCalls = []struct {
	call, body string
	status     int
	want       string // part of the response, without white space
}{
	{"GET /mappings", "", 200, stubs},
	{"GET /mappings/unmatched", "", 200, stubs},
	{"POST /mappings/find-by-metadata", `{"matchesJsonPath":"$.a"}`, 200, stubs},
	{"POST /mappings/remove-by-metadata", `{"matchesJsonPath":"$.a"}`, 200, "{}"},
	{"POST /mappings/remove", stub, 200, "{}"},
	{"POST /mappings/save", "", 200, "{}"},
	{"DELETE /mappings", "", 200, "{}"},
	{"DELETE /mappings/unmatched", "", 200, "{}"},
	{"GET /mappings/{id}", "", 404, "therearenostubs"},
	{"DELETE /mappings/{id}", "", 404, "therearenostubs"},
	{"POST /mappings", stub, 422, "/__admin/faults"},
	{"PUT /mappings/{id}", stub, 422, "/__admin/scenario"},
	{"POST /mappings/import", `{"mappings":[` + stub + `]}`, 422, "/__admin/faults"},
	{"GET /scenarios", "", 200, `{"scenarios":[]}`},
	{"POST /scenarios/reset", "", 200, "{}"},
	{"PUT /scenarios/{name}/state", `{"state":"open"}`, 422, "/__admin/scenario"},
	{"GET /settings", "", 200, `{"settings":{"proxyPassThrough":true}}`},
	{"POST /settings", `{"fixedDelay":null}`, 200, "{}"},
	{"PUT /settings", "{}", 200, "{}"},
	{"POST /settings", `{"fixedDelay":50}`, 422, "/__admin/faults"},
	{"POST /settings", `null`, 422, "wantanobject,notnull"},
	{"POST /settings", `{"fixedDelay":0,"extended":{}}`, 200, "{}"},
	{"POST /settings", `{"fixedDelay":0.0,"delayDistribution":null}`, 200, "{}"},
	{"POST /settings", `{"fixedDelay":"0"}`, 422, "/__admin/faults"},
	{"POST /settings", `{"delayDistribution":{"type":"fixed"}}`, 422, "/__admin/faults"},
	{"POST /settings", `{"fixedDelai":5}`, 422, `didyoumean\"fixedDelay\"?`},
	{"POST /settings", "", 422, "ErrorparsingJSON"},
	{"PATCH /settings/extended", `{"extended":{"a":1}}`, 200, "{}"},
	{"PATCH /settings/extended", "nope", 422, "ErrorparsingJSON"},
	{"GET /version", "", 200, `{"version":"`},
	{"GET /health", "", 200, `"status":"healthy"`},
	{"GET /files", "", 200, "[]"},
	{"GET /recordings/status", "", 200, `{"status":"NeverStarted"}`},
	{"POST /recordings/start", "{}", 422, "losantmockrecord"},
	{"POST /recordings/stop", "", 422, "losantmockrecord"},
	{"POST /recordings/snapshot", "{}", 422, "losantmockrecord"},
	{"POST /shutdown", "", 422, "SIGTERM"},
	{"GET /requests/unmatched/near-misses", "", 200, `{"nearMisses":[]}`},
	{"POST /near-misses/request", `{"method":"GET","url":"/a"}`, 200, `{"nearMisses":[]}`},
	{"POST /near-misses/request", `{`, 422, "ErrorparsingJSON"},
	{"POST /requests/remove-by-metadata", `{"matchesJsonPath":"$.a"}`, 200, `{"serveEvents":[]}`},
	{"POST /requests/remove-by-metadata", "", 422, "ErrorparsingJSON"},
	{"POST /mappings/find-by-metadata", "nope", 422, "ErrorparsingJSON"},
	{"POST /mappings/remove-by-metadata", "", 422, "ErrorparsingJSON"},
	{"POST /mappings/remove", "[]", 422, "wantanobject"},
	{"POST /mappings", "nope", 422, "ErrorparsingJSON"},
	{"POST /mappings/import", `{} {}`, 422, "morebehindtheend"},
	{"PUT /mappings/{id}", "", 422, "ErrorparsingJSON"},
	{"PUT /scenarios/{name}/state", "nope", 422, "ErrorparsingJSON"},
	{"POST /recordings/start", "nope", 422, "ErrorparsingJSON"},
	{"POST /recordings/snapshot", "nope", 422, "ErrorparsingJSON"},
	// All of these leave the journal as it is.
	{"POST /requests/count", "{}", 200, `"count":1`},
	{"POST /mappings/reset", "", 200, "{}"},
	{"POST /requests/count", "{}", 200, `"count":0`},
}

const (
	stubs = `{"mappings":[],"meta":{"total":0}}`
	stub  = `{"request":{"urlPath":"/x"},"response":{"status":200}}`
)

// Calls about stubs, settings and recordings respond as a WireMock 3.13 without
// stubs does, or name what to use instead.
func TestCallsOfWireMocksClients(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Create(t, srv, `{"name":"kept"}`)
	path := strings.NewReplacer(" ", " /__admin", "{id}", "12fb14bb-600e-4bfa-bd8d-be7f12562c99", "{name}", "door")
	for _, c := range wireMockCalls {
		response := mocktest.Send(t, srv.URL, path.Replace(c.call), c.body, mocktest.SendsJSON)
		if got := strings.Join(strings.Fields(response.Body), ""); response.Status != c.status || !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %d %s, want %d %s", c.call, c.body, response.Status, response.Body, c.status, c.want)
		}
	}
}
