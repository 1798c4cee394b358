package admin_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// A name that was evicted with requests may have been that of triggers too: no list
// and no count about it is complete.
func TestNamesThatMayHaveBeenEvictedLeaveListsIncomplete(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithJournalLimits(1, 1<<20))
	incomplete := func(call, body string) bool {
		t.Helper()
		a := mocktest.Send(t, srv.URL, call, body, mocktest.SendsJSON)
		if a.Status != 200 {
			t.Errorf("%s: %d %s", call, a.Status, a.Body)
		}
		return strings.Contains(a.Body, `"incomplete": true`)
	}
	mocktest.Send(t, srv.URL, "GET /one", "")
	if incomplete("GET /__admin/triggers", "") || incomplete("GET /__admin/requests", "") {
		t.Error("nothing was evicted yet")
	}
	mocktest.Send(t, srv.URL, "GET /two", "") // the first is evicted; there was no trigger
	if incomplete("GET /__admin/triggers", "") || incomplete("GET /__admin/triggers?webhook=My+Webhook", "") {
		t.Error("no trigger was evicted")
	}
	if !incomplete("GET /__admin/triggers?webhook=Gone", "") || !incomplete("GET /__admin/triggers?application=Gone", "") {
		t.Error("the request that was evicted may have created it")
	}
	for _, call := range []string{"GET /__admin/requests", "GET /__admin/requests?limit=0"} {
		if !incomplete(call, "") {
			t.Errorf("%s: a request was evicted", call)
		}
	}
	for _, call := range []string{"count", "find"} {
		if !incomplete("POST /__admin/requests/"+call, `{"webhook":"Gone"}`) {
			t.Errorf("%s: a request was evicted", call)
		}
	}
}

// What evicts triggers leaves questions to requests about a name incomplete.
func TestEvictedTriggersLeaveNamesIncomplete(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithJournalLimits(1, 1<<20))
	for range 2 {
		mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", "{}")
	}
	a := mocktest.Send(t, srv.URL, "GET /__admin/triggers?webhook=My+Webhook", "")
	if !strings.Contains(a.Body, `"incomplete": true`) || !strings.Contains(a.Body, `"evicted": 1`) {
		t.Errorf("%s", a.Body)
	}
}
