package admin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
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

// The check runs on a copy of the world: its requests are in no journal, and in
// no journal file.
func TestTheCheckLeavesTheJournalAlone(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	file := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(file))
	a := mocktest.Send(t, srv.URL, "POST /__admin/check", "")
	if a.Status != 200 || !strings.Contains(a.Body, `"verdict": "conforms"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if text, err := os.ReadFile(file); err != nil || len(text) > 0 || srv.Requests().Count() > 0 {
		t.Errorf("%v, %d requests, and in the file\n%.300s", err, srv.Requests().Count(), text)
	}
}
