package world_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// slowScenario takes so long to build that other changes come meanwhile.
func slowScenario() *scenarios.Scenario {
	return &scenarios.Scenario{Name: "slow", Applications: []scenarios.Application{{
		Name:     "slow",
		Generate: []scenarios.Generate{{Count: 2000, Webhook: scenarios.Webhook{Name: "hook {{n}}"}}},
	}}}
}

// A replacement beside a reset is either what the reset puts back or what follows
// it: from its end on, everybody sees it. The journal is empty after both, unless
// the replacement was the first one.
func TestResetsAndReplacementsHappenInOneOrder(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for round := range 25 {
		srv.Replace(slowScenario())
		mocktest.Send(t, srv.URL, "GET /applications", "")
		name := fmt.Sprintf("replaced %d", round)
		var changes sync.WaitGroup
		changes.Go(srv.Reset)
		changes.Go(func() {
			srv.Replace(&scenarios.Scenario{Name: name, Applications: []scenarios.Application{{Name: name}}})
			if now := srv.ScenarioName(); now != name {
				t.Errorf("round %d: after the replacement the scenario is %q", round, now)
			}
		})
		changes.Wait()
		health := mocktest.Decode[struct{ Scenario string }](t, mocktest.Send(t, srv.URL, "GET /__admin/health", ""))
		if all := srv.Applications(); health.Scenario != name || len(all) != 1 || all[0].Name != name {
			t.Fatalf("round %d: health has %q, and %d applications are served", round, health.Scenario, len(all))
		}
		if n := srv.Requests().Count(); n != 0 {
			t.Fatalf("round %d: the journal has %d requests after a reset", round, n)
		}
	}
	t.Attr("O1", "25 rounds of a replacement beside a reset, one order in each")
}

// Faults are replaced in one step: no request and no list comes between the old
// ones and the new ones.
func TestFaultsAreReplacedInOneStep(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	const faults = `{"faults":[{"name":"a","method":"PUT","status":500},{"name":"b","method":"PUT","status":500},{"name":"all","status":503}]}`
	put := func() {
		if a := mocktest.Send(t, srv.URL, "PUT /__admin/faults", faults, mocktest.SendsJSON); a.Status != http.StatusOK {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	put()
	stop := make(chan struct{})
	var looks sync.WaitGroup
	looks.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if n := len(srv.Faults()); n != 3 {
				t.Errorf("there are %d faults", n)
				return
			}
		}
	})
	for range 200 {
		put()
	}
	close(stop)
	looks.Wait()
	if a := mocktest.Send(t, srv.URL, "PUT /__admin/faults", `{"faults":[{"name":"x","status":500},{"name":"y","path":"[","status":500}]}`, mocktest.SendsJSON); a.Status < 400 || len(srv.Faults()) != 3 {
		t.Errorf("%d %s, and %d faults", a.Status, a.Body, len(srv.Faults()))
	}
}
