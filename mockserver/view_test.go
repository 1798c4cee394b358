package mockserver_test

import (
	"bytes"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// journalOf returns the requests of a journal file that a server has written.
func journalOf(t *testing.T, path string) []journal.Request {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	requests, err := journal.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return requests
}

// viewOf serves a viewer of requests, and returns its URL.
func viewOf(t *testing.T, requests []journal.Request) string {
	t.Helper()
	viewer, err := mockserver.NewViewer("requests.jsonl", requests)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(viewer)
	t.Cleanup(server.Close)
	return server.URL
}

// A viewer finds, counts and exports what the server did whose journal file it shows,
// and shows each request as the file has it.
func TestAViewerShowsAJournalFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	srv.AddFault(scenarios.Fault{Name: "Broken Door", Path: "/faulty", Effect: scenarios.Effect{Status: 503}})
	for request, body := range map[string]string{
		"GET " + mocktest.WebhooksPath + "?perPage=1":             "",
		"POST " + mocktest.WebhooksPath:                           `{"name":"Door","responseCode":1000}`,
		"GET /faulty":                                             "",
		"POST /webhooks/the_webhook_token/north?who=Ann":          "\x00\xff binary",
		"GET " + mocktest.WebhooksPath + "/000000000000000000000": "",
	} {
		mocktest.Send(t, srv.URL, request, body, mocktest.SendsJSON, "X-Trace: 18")
	}
	base := viewOf(t, journalOf(t, path))
	for _, query := range []string{
		"", "?summary=true", "?errors=true", "?status=4xx,503", "?q=x-trace:%2018", "?q=binary", "?operation=trigger", "?unmatched=true",
		"?q=broken%20door&summary=true", "?sort=status&limit=2&offset=1&summary=true", "?sort=target&direction=asc&upTo=3&summary=true",
	} {
		of := func(base string) any {
			list := mocktest.Decode[map[string]any](t, mocktest.Send(t, base, "GET /__admin/requests"+query, ""))
			delete(list, "lastEventId")
			return list
		}
		// No line has when the response was sent.
		ended := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == `["ended"]` }, cmp.Ignore())
		if diff := cmp.Diff(of(srv.URL), of(base), ended); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	for _, r := range srv.Requests().All() {
		for _, call := range []string{"", "/export?format=curl", "/export?format=go", "/export?format=wiremock"} {
			get := "GET /__admin/requests/" + r.ID + call
			live, viewed := mocktest.Send(t, srv.URL, get, ""), mocktest.Send(t, base, get, "")
			if viewed.Status != 200 || call != "" && viewed.Body != live.Body || !strings.Contains(viewed.Body, r.Path) {
				t.Errorf("%s: %d %s, want %s", get, viewed.Status, viewed.Body, live.Body)
			}
		}
	}
	if a := mocktest.Send(t, base, "POST /__admin/requests/count", `{"operation":"trigger"}`, mocktest.SendsJSON); a.Status != 200 || !strings.Contains(a.Body, `"count": 1`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, base, "GET /__admin/", ""); a.Status != 200 || !strings.Contains(a.Body, `data-file="requests.jsonl"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// A viewer has no world, and changes nothing.
func TestAViewerRefusesTheRest(t *testing.T) {
	t.Parallel()
	base := viewOf(t, []journal.Request{{ID: "a", Method: "GET", Target: "/a", Status: 200}})
	docs := mocktest.Decode[struct {
		Calls []struct{ Method, Path string }
	}](t, mocktest.Send(t, base, "GET /__admin/docs", ""))
	calls := []string{"GET /applications", "POST /webhooks/the_webhook_token", "GET /__sandbox/a/__admin/requests", "GET /__sandbox/a/applications"}
	for _, c := range docs.Calls {
		if c.Method != "GET" {
			calls = append(calls, c.Method+" "+strings.NewReplacer("{", "", "}", "").Replace(c.Path))
		}
	}
	for _, call := range calls {
		want := 409
		switch call {
		case "POST /__admin/requests/wait":
			want = 422 // it is served, and lacks its pattern
		case "POST /__admin/requests/count", "POST /__admin/requests/find", "POST /__admin/near-misses/request-pattern":
			want = 200
		}
		if a := mocktest.Send(t, base, call, "{}", mocktest.SendsJSON); a.Status != want || want == 409 && !strings.Contains(a.Body, "this server shows the journal file") {
			t.Errorf("%s: %d %s", call, a.Status, a.Body)
		}
	}
	if a := mocktest.Send(t, base, "GET /__admin/requests", ""); strings.Count(a.Body, `"wasMatched"`) != 1 {
		t.Errorf("then there are %s", a.Body)
	}
	if _, err := mockserver.NewViewer("", nil); err == nil {
		t.Error("a file without a name is taken")
	}
}

// Lines of several worlds and runs, or of another program, are all shown, each under
// an id of its own.
func TestAViewerKeepsRequestsApart(t *testing.T) {
	t.Parallel()
	const id = "6F1C0D9E-1f6e-8d0a-8000-000000000001"
	at := time.Unix(1e9, 0)
	base := viewOf(t, []journal.Request{
		{ID: id, Sequence: 1, Time: at.Add(2 * time.Second), Method: "GET", Target: "/third", Status: 200},
		{ID: id, Sequence: 1, Time: at, Method: "GET", Target: "/first", Status: 200, Operation: "devices.get"},
		{ID: "no UUID", Sequence: 2, Time: at.Add(time.Second), Method: "GET", Target: "/second", Status: 500},
	})
	list := mocktest.Decode[struct {
		Requests []struct{ ID, Target, Operation string }
	}](t, mocktest.Send(t, base, "GET /__admin/requests?summary=true&direction=asc", ""))
	if len(list.Requests) != 3 || list.Requests[0].ID != strings.ToLower(id) || list.Requests[0].Operation != "devices.get" {
		t.Fatalf("%+v", list)
	}
	for i, want := range []string{"/first", "/second", "/third"} {
		r := list.Requests[i]
		if a := mocktest.Send(t, base, "GET /__admin/requests/"+url.PathEscape(r.ID), ""); r.Target != want || a.Status != 200 || !strings.Contains(a.Body, `"url": "`+want+`"`) {
			t.Errorf("%s: %+v, %d %s", want, r, a.Status, a.Body)
		}
	}
}

// The operations that a viewer names are those of its file, too, whose server may have had
// another definition.
func TestAViewerNamesTheOperationsOfItsFile(t *testing.T) {
	t.Parallel()
	requests := []journal.Request{{ID: "1", Sequence: 1, Operation: "devices.post"}, {ID: "2", Sequence: 2, Operation: "devices.post"}, {ID: "3", Sequence: 3}}
	a := mocktest.Send(t, viewOf(t, requests), "GET /__admin/definition", "")
	if n := strings.Count(a.Body, `"devices.post"`); n != 1 || strings.Contains(a.Body, `""`) {
		t.Errorf("%d times: %s", n, a.Body)
	}
}
