package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

func TestEveryCallRefusesUnknownParameters(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	docs := mocktest.Send(t, srv.URL, "GET /__admin/docs", "")
	for _, call := range mocktest.Decode[struct {
		Calls []struct{ Method, Path string }
	}](t, docs).Calls {
		path := strings.NewReplacer("{", "", "}", "").Replace(call.Path)
		a := mocktest.Send(t, srv.URL, call.Method+" "+path+"?opertion=x", "")
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `no parameter \"opertion\"`) {
			t.Errorf("%s %s: %d %s", call.Method, call.Path, a.Status, a.Body)
		}
	}
	if len(srv.Requests().All()) != 0 {
		t.Error("a call was recorded")
	}
}

func TestQueriesAreUnderstoodOrRefused(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", "")
	for _, c := range []struct {
		query  string
		status int
		want   string
	}{
		{"requests?opertion=x", 422, `did you mean \"operation\"?`},
		{"requests?xyzzy=1", 422, "it takes operation, method, status, since, unmatched, errors, q, sort, direction, upTo, offset, limit, summary"},
		{"requests?limit=1&limit=2", 422, "the query has limit twice"},
		{"requests?limit=1;operation=trigger", 422, "the query can't be read"},
		{"requests?%zz=1", 422, "the query can't be read"},
		{"requests?limit=-1", 400, "-1 is not a whole number"},
		{"requests?unmatched=yes", 422, `\"yes\" is neither true nor false`},
		{"requests?summary=1", 422, `\"1\" is neither true nor false`},
		{"requests?status=999", 422, `want a status from 100 to 599, not \"999\"`},
		{"requests?method=G%20T", 422, `want a method such as GET, not \"G T\"`},
		{"requests?operation=webhooks.pots", 422, `did you mean \"webhooks.post\"?`},
		{"requests?operation=trigger&status=200&unmatched=false", 200, `"operation": "trigger"`},
		{"requests/export?operation=webhooks.pots", 422, `did you mean \"webhooks.post\"?`},
		{"requests/export?limit=1", 422, `no parameter \"limit\"`},
		{"triggers?webhook=My+Webhok", 422, `did you mean \"My Webhook\"?`},
		{"triggers?webhook=the_webhook_token&application=My+Application", 200, `"webhookName": "My Webhook"`},
		{"triggers?application=nope", 422, `no application has the name or id \"nope\"`},
		{"triggers?type=open", 422, `want a type of event`},
		{"requests?operation=", 422, `"pointer": "operation"`},
		{"requests?status=", 422, "status is blank"},
		{"requests?since=", 422, "since is blank"},
		{"requests?limit=", 422, "limit is blank"},
		{"requests?limit", 422, "limit is blank"},
		{"requests?unmatched=", 422, "unmatched is blank"},
		{"requests/export?format=", 422, "format is blank"},
		{"triggers?webhook=", 422, "webhook is blank"},
		{"triggers?type=", 422, "type is blank"},
		{"webhooks?webhook=", 422, "webhook is blank"},
		{"webhooks?webhok=x", 422, `did you mean \"webhook\"?`},
		{"webhooks?webhook=" + strings.ToUpper(mocktest.WebhookID), 200, `"token": "the_webhook_token"`},
		{"webhooks?webhook=My+Webhook", 200, `"token": "the_webhook_token"`},
		{"webhooks?webhook=nope", 200, `"total": 0`},
		{"webhooks?q=", 422, "q is blank"},
		{"webhooks?q=WEBHOOK_tok", 200, `"total": 1`},
		{"webhooks?q=" + mocktest.WebhookID[3:], 200, `"total": 1`},
		{"webhooks?q=y+web", 200, `"total": 1`},
		{"webhooks?q=nope", 200, `"total": 0`},
	} {
		a := mocktest.Send(t, srv.URL, "GET /__admin/"+c.query, "")
		if a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s, want %d with %s", c.query, a.Status, a.Body, c.status, c.want)
		}
	}
}

func TestWaitsForCounts(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithJournalLimits(2, 1<<20))
	wait := func(order string) mocktest.Response {
		return mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", order, mocktest.SendsJSON)
	}
	for range 2 {
		mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", "")
	}
	verdicts := func(of map[string]string) {
		t.Helper()
		for count, verdict := range of {
			a := wait(`{"request":{"operation":"trigger"},"timeout":"0s",` + count + `}`)
			want := fmt.Sprintf("\"met\": %t,\n  \"verdict\": %q", verdict == "ok", verdict)
			if a.Status != 200 || !strings.Contains(a.Body, want) {
				t.Errorf("%s: %d %s, want %s", count, a.Status, a.Body, want)
			}
		}
	}
	verdicts(map[string]string{`"count":2`: "ok", `"count":3`: "failed", `"exactly":2`: "ok", `"exactly":1`: "failed", `"exactly":0`: "failed", `"count":0`: "ok"})
	mocktest.Send(t, srv.URL, "GET /nope", "")
	verdicts(map[string]string{`"count":1`: "ok", `"count":2`: "incomplete", `"exactly":1`: "incomplete", `"exactly":0`: "failed", `"exactly":2`: "incomplete"})
	for order, want := range map[string]string{
		`{"request":{},"count":-1}`:                             `"/count"`,
		`{"request":{},"exactly":-1}`:                           `"/exactly"`,
		`{"request":{},"exactly":1,"count":1}`:                  "not both",
		`{"request":{"method":"PUT"},"exactly":0,"count":null}`: `"incomplete"`, // null is as absent
		`{"request":{"status":1}}`:                              `"/request/status"`,
		`{"request":{"fault":"Nope"}}`:                          `"incomplete"`, // it may have been evicted
		`{"request":{"method":" "}}`:                            `"/request/method"`,
	} {
		if a := wait(strings.TrimSuffix(order, "}") + `,"timeout":"0s"}`); !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %s, want %s", order, a.Status, a.Body, want)
		}
	}
}
