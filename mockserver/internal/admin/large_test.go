package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// A world of which no file can be made says so, with its size.
func TestAWorldTooLargeForAFile(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	srv := mockserver.Start(t)
	for webhooks, want := range map[int]int{100: http.StatusOK, 25_000: http.StatusConflict, 40_000: http.StatusConflict} {
		yaml := fmt.Sprintf(`{"applications":[{"name":"a","webhooks":[{"generate":{"count":%d,"name":"hook {{n}}"}}]}]}`, webhooks)
		if r := mocktest.Send(t, srv.URL, "PUT /__admin/scenario", yaml, mocktest.SendsJSON); r.Status != http.StatusOK {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		r := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "")
		if r.Status != want || want != http.StatusOK && !strings.Contains(r.Body, fmt.Sprintf("the file of its %d webhooks", webhooks)) {
			t.Errorf("%d webhooks: %d %.300s", webhooks, r.Status, r.Body)
		}
	}
}

// A pattern that looks at a whole body for each of its values is undecided, and a
// wait for it ends.
func TestAPatternThatTakesTooMuchWorkIsUndecided(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"a","list":[`+strings.Repeat(`{"k":[1]},`, 5000)+`1]}`, mocktest.SendsJSON)
	r := mocktest.Send(t, srv.URL, "POST /__admin/requests/wait",
		`{"request":{"bodyPatterns":[{"matchesJsonPath":"$..*[?(@.k == $..*[?(@.k)].k)]"}]},"timeout":"100ms"}`, mocktest.SendsJSON)
	verdict := mocktest.Decode[struct{ Verdict, Reason string }](t, r)
	late := r.Status == http.StatusServiceUnavailable && strings.Contains(r.Body, "the time was up") // on a busy machine
	if !late && (verdict.Verdict != "incomplete" || !strings.Contains(verdict.Reason, "takes too much work")) {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
