package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// withHolds returns a server with a webhook whose calls wait for a reply, at
// /webhooks/waits.
func withHolds(t *testing.T) *mockserver.TestServer {
	t.Helper()
	return mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{
		Name: "House", Webhooks: []scenarios.Webhook{{Name: "Waits", Token: "waits", WaitForReply: true}},
	}}}))
}

// sendFrom lets the admin API of a world send a request, and returns its id.
func sendFrom(t *testing.T, base, order string) string {
	t.Helper()
	host, path := splitBase(base)
	a := mocktest.Send(t, host, "POST "+path+"/__admin/requests", order, mocktest.SendsJSON)
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", order, a.Status, a.Body)
	}
	return mocktest.Decode[replayed](t, a).ID
}

// A request that the admin API sends has arrived as it was ordered, in its own world.
func TestSentRequests(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	box := srv.Sandbox(t)
	for _, c := range []struct {
		base  string
		world mockserver.Requests
	}{{srv.URL, srv.Requests()}, {box.URL, box.Requests()}} {
		id := sendFrom(t, c.base, `{"method": "PATCH", "url": "/webhooks/x/a%20b?c=d", "headers": {"X-Door": ["1", "2"], "Cookie": ["e=f"]}, "bodyAsBase64": "AP8="}`)
		mocktest.Until(t, "it has its response", func() bool { r := c.world.All(); return len(r) == 1 && !r[0].Pending })
		r := c.world.All()[0]
		got := fmt.Sprintln(r.ID == id, r.Method, r.Target, r.Header["X-Door"], r.Header["Cookie"], r.Header["Content-Length"], []int{int(r.SentBody()[0]), int(r.SentBody()[1])}, r.Status, r.Aborted)
		if want := "true PATCH /webhooks/x/a%20b?c=d [1 2] [e=f] [2] [0 255] 404 false\n"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A call that waits keeps nobody from other calls: it is replied to, or its client leaves.
func TestSentRequestsWait(t *testing.T) {
	t.Parallel()
	srv := withHolds(t)
	cancelled := func(id string) mocktest.Response {
		return mocktest.Send(t, srv.URL, "POST /__admin/requests/"+id+"/cancel", "")
	}
	first := sendFrom(t, srv.URL, `{"method": "GET", "url": "/webhooks/waits"}`)
	second := mocktest.Send(t, srv.URL, "POST /__admin/requests/"+first+"/replay?background=true", "")
	if second.Status != http.StatusConflict { // it is not there as a whole yet
		t.Errorf("%d %s", second.Status, second.Body)
	}
	mocktest.Until(t, "the call has fired", func() bool { return len(srv.Triggers().All()) == 1 })
	srv.Reply(srv.Triggers().All()[0].Payload.Data.ReplyID, scenarios.Reply{Status: 201})
	mocktest.Until(t, "it has its response", func() bool { return srv.Requests().Status(201).Count() == 1 })
	replay := mocktest.Send(t, srv.URL, "POST /__admin/requests/"+first+"/replay?background=true", "")
	if replay.Status != http.StatusOK || strings.Contains(replay.Body, "status") {
		t.Errorf("%d %s", replay.Status, replay.Body)
	}
	id := mocktest.Decode[replayed](t, replay).ID
	if a := cancelled(id); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	mocktest.Until(t, "the client has left", func() bool { return cancelled(id).Status == http.StatusNotFound })
	mocktest.Until(t, "its request is not pending", func() bool {
		return !slices.ContainsFunc(srv.Requests().All(), func(r mockserver.Request) bool { return r.Pending })
	})
}

// Worlds whose requests have the same ids have each their own: a request is cancelled in its
// world alone.
func TestSentRequestsOfWorldsWithASeed(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{IDs: scenarios.IDs{Seed: new(uint64(7))}, Applications: []scenarios.Application{{
		Name: "House", Webhooks: []scenarios.Webhook{{Name: "Waits", Token: "waits", WaitForReply: true}},
	}}}))
	bases := []string{srv.URL, srv.URL + "/__sandbox/one"}
	for _, base := range bases {
		sendFrom(t, base, `{"method": "GET", "url": "/webhooks/waits"}`)
	}
	id := srv.Requests().All()[0].ID
	for _, base := range bases {
		host, path := splitBase(base)
		if a := mocktest.Send(t, host, "POST "+path+"/__admin/requests/"+id+"/cancel", ""); a.Status != http.StatusOK {
			t.Errorf("%s: %d %s", base, a.Status, a.Body)
		}
		mocktest.Until(t, "its request is not pending", func() bool {
			return mocktest.Send(t, host, "POST "+path+"/__admin/requests/"+id+"/cancel", "").Status == http.StatusNotFound
		})
	}
}

// What can't be sent is refused with the place and the reason, and not recorded.
func TestSentRequestsRefuse(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for name, c := range map[string]struct {
		order, want string
		status      int
	}{
		"no method":                {`{"url": "/"}`, "/method", 422},
		"a method with a blank":    {`{"method": "GE T", "url": "/"}`, "/method", 422},
		"a URL":                    {`{"method": "GET", "url": "http://elsewhere/"}`, "/url", 422},
		"no URL":                   {`{"method": "GET"}`, "/url", 422},
		"a target of no URL":       {`{"method": "GET", "url": "/%zz"}`, "/url", 422},
		"a target with a blank":    {`{"method": "GET", "url": "/a b"}`, "/url", 422},
		"letters beyond ASCII":     {`{"method": "GET", "url": "/\u00e4"}`, "/url", 422},
		"a line break in a value":  {`{"method": "GET", "url": "/", "headers": {"A": ["b\r\nC: d"]}}`, "/headers", 422},
		"a name with a colon":      {`{"method": "GET", "url": "/", "headers": {"A:": ["b"]}}`, "/headers", 422},
		"a WebSocket":              {`{"method": "GET", "url": "/", "headers": {"upgrade": ["websocket"]}}`, "/headers", 422},
		"another length":           {`{"method": "GET", "url": "/", "headers": {"Content-Length": ["7"]}}`, "/headers", 422},
		"a tunnel":                 {`{"method": "CONNECT", "url": "/"}`, "/method", 422},
		"a member that is unknown": {`{"method": "GET", "url": "/", "body": "x"}`, "body", 422},
		"a body that is no base64": {`{"method": "GET", "url": "/", "bodyAsBase64": "?"}`, "base64", 422},
	} {
		a := mocktest.Send(t, srv.URL, "POST /__admin/requests", c.order, mocktest.SendsJSON)
		if a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s, want %d %s", name, a.Status, a.Body, c.status, c.want)
		}
	}
	srv.Requests().Never(t)
}

// A fault that is changed keeps its place among those that are tried in order.
func TestAFaultIsExchangedInItsPlace(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	names := func() (names []string) {
		for _, f := range srv.Faults() {
			names = append(names, fmt.Sprintf("%s %d %d", f.Name, f.Effect.Status, f.Matched))
		}
		return names
	}
	for _, name := range []string{"a", "b", "c"} {
		srv.AddFault(scenarios.Fault{Name: name, Effect: scenarios.Effect{Status: 500}, Disabled: name != "c"})
	}
	mocktest.Send(t, srv.URL, "GET /x", "")
	for _, c := range []struct {
		name, fault string
		status      int
		want        string
	}{
		{"b", `{"name": "b", "status": 503}`, 200, "[a 500 0 b 503 0 c 500 1]"},
		{"b", `{"name": "d", "status": 503}`, 200, "[a 500 0 d 503 0 c 500 1]"},
		{"d", `{"name": "a", "status": 503}`, 409, "[a 500 0 d 503 0 c 500 1]"},
		{"d", `{"name": "d", "status": 999}`, 422, "[a 500 0 d 503 0 c 500 1]"},
		{"b", `{"name": "b", "status": 503}`, 404, "[a 500 0 d 503 0 c 500 1]"},
	} {
		a := mocktest.Send(t, srv.URL, "PUT /__admin/faults/"+c.name, c.fault, mocktest.SendsJSON)
		if got := fmt.Sprint(names()); a.Status != c.status || got != c.want {
			t.Errorf("%s by %s: %d %s, then %s, want %d %s", c.name, c.fault, a.Status, a.Body, got, c.status, c.want)
		}
	}
}

// The page makes no sandbox: neither it nor its parts, nor the list of sandboxes, whether
// its path or its host names one.
func TestThePageOfASandboxMakesNone(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	_, port, _ := strings.Cut(host, ":")
	for _, target := range []string{"/__admin/", "/__admin/page/app.js", "/__admin/sandboxes"} {
		for host, path := range map[string]string{host: "/__sandbox/box" + target, "box.localhost:" + port: target} {
			a := mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "GET "+path+" HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
			if sandboxes := mocktest.Send(t, srv.URL, "GET /__admin/sandboxes", "").Body; a.Status != 200 || strings.Contains(sandboxes, `"box"`) {
				t.Errorf("%s on %s: %d, then %s", path, host, a.Status, sandboxes)
			}
			if named := strings.Contains(a.Body, `data-sandbox="box"`); named != (target == "/__admin/" && path == target) {
				t.Errorf("%s on %s: the page names its sandbox: %t", path, host, named)
			}
		}
	}
}
