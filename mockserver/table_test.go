package mockserver

import (
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// Whatever the table offers has somebody who does it, and nobody does more.
func TestEveryOperationHasItsHandler(t *testing.T) {
	t.Parallel()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	offered := 0
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			offered++
			if handlers[op.Name] == nil {
				t.Errorf("nobody does %s", op.Name)
			}
		}
	}
	if offered != len(handlers) {
		t.Errorf("%d operations and %d handlers", offered, len(handlers))
	}
	for _, name := range api.Schema("webhook").Properties() {
		if webhookValues[name] == nil {
			t.Errorf("nobody writes a webhook's %s", name)
		}
	}
	for _, name := range api.Schema("application").Properties() {
		if applicationValues[name] == nil && name != "summary" {
			t.Errorf("nobody writes an application's %s", name)
		}
	}
}

// A handler that panics is answered and recorded, and leaves the server well.
func TestPanicsAreAnsweredAndRecorded(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	w := srv.world()
	w.hal = nil // what a bug in a handler would come to
	response, err := get(srv.URL + "/applications?access_token=any")
	if err != nil || response != `500 {"type":"ServerError","message":"Internal server error"}` {
		t.Errorf("%s %v", response, err)
	}
	r, ok := srv.Requests().First()
	if !ok || r.Status != 500 || r.Panic == "" || r.Operation != "applications.get" {
		t.Errorf("recorded as %+v", r)
	}
	w.hal = new(hal)
	if response, err := get(srv.URL + "/applications?access_token=any"); err != nil || response[:3] != "200" {
		t.Errorf("afterwards %s %v", response, err)
	}
}
