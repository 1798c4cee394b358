package api

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
		if webhookProperties[name] == nil {
			t.Errorf("no table has a webhook's %s", name)
		}
	}
}
