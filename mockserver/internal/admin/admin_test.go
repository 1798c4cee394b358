package admin_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	got := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET /__admin/health", "", "Authorization:"))
	if got["status"] != "healthy" || got["scenario"] != "paging" {
		t.Errorf("%v", got)
	}
}

func TestUnknownAdminCalls(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, request := range []string{"GET /__admin/nope", "GET /__admin/page", "POST /__admin/", "GET /__admin/page/", "PATCH /__admin/requests", "GET /__admin/reset", "POST /__admin//reset"} {
		a := mocktest.Send(t, srv.URL, request, "")
		if a.Status != 404 || !strings.Contains(a.Body, "is no call of the admin API") {
			t.Errorf("%s: %d %s", request, a.Status, a.Body)
		}
	}
	if n := srv.Requests().Count(); n != 0 {
		t.Errorf("the journal has %d admin calls", n)
	}
}

func TestMain(m *testing.M) { mocktest.Main(m) }
