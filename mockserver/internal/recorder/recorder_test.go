package recorder_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

type recordedList struct {
	Requests []struct {
		ID      string
		Request struct {
			URL, AbsoluteURL, Method, Body, BodyAsBase64, ClientIP, Scheme, Host, Protocol, LoggedDateString string
			Port                                                                                             int
			LoggedDate                                                                                       int64
			Headers                                                                                          map[string]any
			Cookies                                                                                          map[string]string
			QueryParams, FormParams                                                                          map[string]struct {
				Key    string
				Values []string
			}
		}
		Response struct {
			Status             int
			Body, BodyAsBase64 string
			Headers            map[string]any
		}
		WasMatched bool
		Operation  string
		PathParams map[string]string
		Token      string
		Scopes     []string
		Violation  *contract.Violation
		Aborted    bool
	}
	Meta       struct{ Total int }
	Incomplete bool
	Evicted    uint64

	RejectedBeforeHandler uint64
}

func recorded(t testing.TB, srv *mockserver.TestServer, query string) recordedList {
	t.Helper()
	a := mocktest.Send(t, srv.URL, "GET /__admin/requests"+query, "", "Authorization:")
	if a.Status != 200 {
		t.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	return mocktest.Decode[recordedList](t, a)
}

func TestEveryRequestIsRecorded(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, c := range []struct {
		request, body string
		status        int
		operation     string
		matched       bool
	}{
		{"GET " + mocktest.WebhooksPath + "?perPage=1&filter=a*&filter=b", "", 400, "webhooks.get", true},
		{"POST " + mocktest.WebhooksPath, `{"name":"x"}`, 201, "webhooks.post", true},
		{"POST " + mocktest.WebhooksPath, `{`, 400, "webhooks.post", true},
		{"GET " + mocktest.WebhooksPath + "/" + mocktest.MissingID, "", 404, "webhook.get", true},
		{"GET /nope", "", 405, "", false},
		{"PUT " + mocktest.WebhooksPath, "\x00\xffbinary", 405, "", false},
		{"OPTIONS /anything", "", 204, "", true},
		{"GET /", "", 200, "", true},
	} {
		a := mocktest.Send(t, srv.URL, c.request, c.body, mocktest.SendsJSON, "Cookie: a=1; b=2", "X-Twice: 1", "X-Twice: 2")
		got := recorded(t, srv, "?limit=1").Requests[0]
		method, target, _ := strings.Cut(c.request, " ")
		if got.Request.Method != method || got.Request.URL != target || got.Request.AbsoluteURL != srv.URL+target {
			t.Errorf("%s: recorded as %s %s, %s", c.request, got.Request.Method, got.Request.URL, got.Request.AbsoluteURL)
		}
		sent, err := base64.StdEncoding.DecodeString(got.Request.BodyAsBase64)
		if err != nil || string(sent) != c.body {
			t.Errorf("%s: body %q, %v", c.request, sent, err)
		}
		if got.Response.Status != c.status || a.Status != c.status || got.Response.Body != a.Body {
			t.Errorf("%s: %d %s, recorded as %d %s", c.request, a.Status, a.Body, got.Response.Status, got.Response.Body)
		}
		if got.Operation != c.operation || got.WasMatched != c.matched {
			t.Errorf("%s: operation %q, matched %t", c.request, got.Operation, got.WasMatched)
		}
		headers := got.Request.Headers
		if headers["Cookie"] != "a=1; b=2" || fmt.Sprint(headers["X-Twice"]) != "[1 2]" || headers["Host"] != strings.TrimPrefix(srv.URL, "http://") {
			t.Errorf("%s: headers %v", c.request, headers)
		}
		if diff := cmp.Diff(map[string]string{"a": "1", "b": "2"}, got.Request.Cookies); diff != "" {
			t.Error(diff)
		}
		for name := range a.Header {
			if name != "Date" && name != "Connection" && got.Response.Headers[name] != a.Header.Get(name) {
				t.Errorf("%s: %s: %s is recorded as %v", c.request, name, a.Header.Get(name), got.Response.Headers[name])
			}
		}
	}
	if all := recorded(t, srv, ""); all.Meta.Total != 8 || len(all.Requests) != 8 {
		t.Errorf("%d of %d entries: the admin side must not appear", len(all.Requests), all.Meta.Total)
	}
}

func TestEntriesSayWhoseTokenAndWhatBroke(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, `{"responseCode":999}`, mocktest.SendsJSON, "Authorization: Bearer webhook.patch")
	mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, `{}`, mocktest.SendsJSON, "Authorization: Bearer reader")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, "name=x+y&name=z", "Content-Type: application/x-www-form-urlencoded", "Authorization: Bearer garbage")
	entries := recorded(t, srv, "").Requests
	refused, forbidden, form := entries[2], entries[1], entries[0]
	if diff := cmp.Diff(&contract.Violation{Field: "webhook.responseCode", What: "is more than maximum", Detail: "599"}, refused.Violation); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"applicationId": mocktest.ApplicationID, "webhookId": mocktest.WebhookID}, forbidden.PathParams); diff != "" {
		t.Error(diff)
	}
	if forbidden.Token != "reader" || len(forbidden.Scopes) != 4 || forbidden.Response.Status != 403 {
		t.Errorf("%s with %v: %d", forbidden.Token, forbidden.Scopes, forbidden.Response.Status)
	}
	if got := form.Request.FormParams["name"].Values; !cmp.Equal(got, []string{"x y", "z"}) {
		t.Errorf("form fields %q", got)
	}
}

func TestTheJournalIsFiltered(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "")
	mocktest.Create(t, srv, `{"name":"x"}`)
	mocktest.Send(t, srv.URL, "GET /nope", "")
	middle := recorded(t, srv, "").Requests[1].Request.LoggedDateString
	for query, want := range map[string]int{
		"": 3, "?operation=webhooks.post": 1, "?operation=webhook.get": 0, "?method=get": 2, "?status=201": 1, "?limit=2": 2, "?limit=0": 0,
		"?unmatched=true": 1, "?since=2001-01-01T00:00:00Z": 3, "?since=2100-01-01T00:00:00Z": 0, "?method=GET&status=200": 1,
	} {
		if got := len(recorded(t, srv, query).Requests); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	if got := len(recorded(t, srv, "?since="+middle).Requests); got < 2 {
		t.Errorf("since the second request there are %d", got)
	}
	newest := recorded(t, srv, "").Requests[0]
	if newest.Request.URL != "/nope" {
		t.Errorf("the newest comes first, not %s", newest.Request.URL)
	}
	for query, message := range map[string]string{
		"?limit=x": "x is not a whole number", "?limit=-1": "-1 is not a whole number", "?status=x": `\"x\" is neither a status such as 404`,
		"?since=nope": "nope is not a valid ISO8601 date",
	} {
		a := mocktest.Send(t, srv.URL, "GET /__admin/requests"+query, "")
		if a.Status != 400 || !strings.Contains(a.Body, message) {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
}

func TestEntriesAreFoundAndRemovedByID(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "")
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, "")
	entries := recorded(t, srv, "").Requests
	id := entries[1].ID
	path := "/__admin/requests/"
	if a := mocktest.Send(t, srv.URL, "GET "+path+strings.ToUpper(id), ""); a.Status != 200 || !strings.Contains(a.Body, `"url": "`+mocktest.WebhooksPath+`"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for request, status := range map[string]int{
		"GET " + path + "12fb14bb-600e-4bfa-bd8d-be7f12562c99": 404,
		"GET " + path + "nope":                                 400,
		"GET " + path + id[:35] + "g":                          400,
	} {
		if a := mocktest.Send(t, srv.URL, request, ""); a.Status != status {
			t.Errorf("%s: %d, want %d", request, a.Status, status)
		}
	}
	for range 2 { // the second finds nothing, which WireMock takes as well
		if a := mocktest.Send(t, srv.URL, "DELETE "+path+id, ""); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if left := recorded(t, srv, "").Requests; len(left) != 1 || left[0].ID != entries[0].ID {
		t.Errorf("%d entries are left", len(left))
	}
	if a := mocktest.Send(t, srv.URL, "GET "+path+id, ""); a.Status != 404 {
		t.Errorf("a removed entry is answered with %d", a.Status)
	}
	mocktest.Send(t, srv.URL, "DELETE /__admin/requests", "")
	if left := recorded(t, srv, ""); left.Meta.Total != 0 || left.Incomplete {
		t.Errorf("%+v", left.Meta)
	}
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "")
	if ids := recorded(t, srv, "").Requests; ids[0].ID == id || ids[0].ID == entries[0].ID {
		t.Error("an id comes again")
	}
}

func TestTheJournalIsBounded(t *testing.T) {
	t.Parallel()
	byCount := mockserver.Start(t, mockserver.WithJournalLimits(3, 1<<20))
	for range 5 {
		mocktest.Send(t, byCount.URL, "GET "+mocktest.WebhooksPath, "")
	}
	if l := recorded(t, byCount, ""); len(l.Requests) != 3 || l.Evicted != 2 || !l.Incomplete {
		t.Errorf("%d entries, %d evicted, incomplete %t", len(l.Requests), l.Evicted, l.Incomplete)
	}
	if q := byCount.Requests(); q.Count() != 3 || q.Evicted() != 2 || q.All()[0].Sequence != 3 {
		t.Errorf("%d entries, %d evicted", q.Count(), q.Evicted())
	}
	byBytes := mockserver.Start(t, mockserver.WithJournalLimits(100, 50_000))
	for range 5 {
		mocktest.Send(t, byBytes.URL, "POST "+mocktest.WebhooksPath, strings.Repeat("x", 20_000), mocktest.SendsJSON)
	}
	if l := recorded(t, byBytes, ""); len(l.Requests) != 2 || l.Evicted != 3 {
		t.Errorf("%d entries, %d evicted", len(l.Requests), l.Evicted)
	}
	tiny := mockserver.Start(t, mockserver.WithJournalLimits(100, 1))
	mocktest.Send(t, tiny.URL, "GET /nope", "")
	if l := recorded(t, tiny, ""); len(l.Requests) != 1 {
		t.Errorf("the newest entry is not kept: %d", len(l.Requests))
	}
}

func TestClientsThatHaveTheirResponseFindTheirRequest(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	var clients sync.WaitGroup
	for n := range 16 {
		clients.Go(func() {
			for i := range 20 {
				path := fmt.Sprintf("/client/%d/%d", n, i)
				mocktest.Send(t, srv.URL, "GET "+path, "")
				found := false
				for _, r := range srv.Requests().Method(http.MethodGet).All() {
					found = found || r.Path == path
				}
				if !found {
					t.Errorf("%s is answered and not recorded", path)
				}
			}
		})
	}
	clients.Wait()
}

func TestRequestsInGo(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?perPage=5", "")
	mocktest.Create(t, srv, `{"name":"Door opened"}`)
	if n := srv.Requests().Operation("webhooks.post").Status(201).Count(); n != 1 {
		t.Errorf("%d creates", n)
	}
	first, ok := srv.Requests().First()
	if !ok || first.Path != mocktest.WebhooksPath || first.Query.Get("perPage") != "5" || first.Operation != "webhooks.get" || first.Token != "any" {
		t.Errorf("first %+v", first)
	}
	if first.Duration <= 0 {
		t.Errorf("a real clock measures %s", first.Duration)
	}
	made := srv.Requests().Method("post").All()[0]
	if string(made.Body) != `{"name":"Door opened"}` || made.PathParams["applicationId"] != mocktest.ApplicationID || made.ResponseHeader.Get("Content-Type") != "application/json" {
		t.Errorf("made %+v", made)
	}
	if since := srv.Requests().Since(made.Time).Count(); since < 1 {
		t.Errorf("%d since the last one", since)
	}
	if _, ok := srv.Requests().Operation("webhook.delete").First(); ok {
		t.Error("found what never came")
	}
}
