package world_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// A sandbox is all that a server of its own would be, below its base URL.
func TestASandboxIsAWorldOfItsOwn(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	one, two := srv.Sandbox(t), srv.Sandbox(t)
	path := func(w *mockserver.TestWorld) string { return strings.TrimPrefix(w.URL, srv.URL) }
	a := mocktest.Send(t, srv.URL, "POST "+path(one)+mocktest.WebhooksPath, `{"name":"in one"}`, "Content-Type: application/json")
	if a.Status != 201 || !strings.Contains(a.Body, `"href":"`+mocktest.WebhooksPath) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	mocktest.Send(t, srv.URL, "DELETE "+path(two)+mocktest.WebhookPath, "")
	mocktest.Send(t, srv.URL, "POST "+path(two)+"/webhooks/the_webhook_token/x", "") // which was deleted there
	mocktest.Send(t, srv.URL, "POST "+path(one)+"/webhooks/the_webhook_token/x?y=1", "")
	for w, want := range map[string]string{"": "[My Webhook]", path(one): "[My Webhook in one]", path(two): "[]"} {
		a := mocktest.Send(t, srv.URL, "GET "+w+mocktest.WebhooksPath, "")
		if got := fmt.Sprint(mocktest.Decode[mocktest.List](t, a).Names()); got != want {
			t.Errorf("%q has %s, want %s", w, got, want)
		}
	}
	if r := one.Requests().Operation("webhooks.post").Once(t); r.Target != mocktest.WebhooksPath {
		t.Errorf("recorded as %s", r.Target)
	}
	two.Requests().Operation("webhooks.post").Never(t)
	two.Requests().Operation("trigger").Status(404).Once(t)
	if trigger := one.Triggers().Once(t); trigger.Payload.Data.Path != "/x" {
		t.Errorf("%+v", trigger.Payload.Data)
	}
	srv.Requests().Operation("webhooks.post").Never(t)
	// Each has its own admin API, guarded as the server's is.
	if a := mocktest.Send(t, srv.URL, "POST "+path(one)+"/__admin/requests/count", `{"operation":"webhooks.post"}`, "Content-Type: application/json"); !strings.Contains(a.Body, `"count": 1`) {
		t.Errorf("%s", a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "GET "+path(one)+"/__admin/requests", "", "Origin: https://evil.example"); a.Status != 403 {
		t.Errorf("%d", a.Status)
	}
	one.AddFault(scenarios.Fault{Name: "f", Effect: scenarios.Effect{Status: 503}})
	for w, want := range map[string]int{"": 200, path(one): 503, path(two): 200} {
		if a := mocktest.Send(t, srv.URL, "GET "+w+mocktest.WebhooksPath, ""); a.Status != want {
			t.Errorf("%q: %d", w, a.Status)
		}
	}
	one.Reset()
	if a := mocktest.Send(t, srv.URL, "GET "+path(one)+mocktest.WebhooksPath, ""); a.Status != 200 || mocktest.Decode[mocktest.List](t, a).TotalCount != 1 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	// Paths behind the name are as they are without it.
	for target, status := range map[string]int{"/": 200, "": 200, "/nowhere": 405, "/applications/%35" + mocktest.ApplicationID[1:] + "/webhooks": 200, "/applications//webhooks": 400} {
		if a := mocktest.Send(t, srv.URL, "GET "+path(two)+target, ""); a.Status != status {
			t.Errorf("%q: %d %s", target, a.Status, a.Body)
		}
	}
}

// Sandboxes come at their first use or by a call, and go by a call or when
// nobody asks them.
func TestTheLifeOfASandbox(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	admin := func(request, body string, status int, want string) {
		t.Helper()
		if a := mocktest.Send(t, srv.URL, request, body, "Content-Type: application/json"); a.Status != status || !strings.Contains(a.Body, want) {
			t.Errorf("%s %s: %d %s", request, body, a.Status, a.Body)
		}
	}
	admin("GET /__sandbox/first/applications", "", 200, "My Application")
	admin("POST /__admin/sandboxes", `{"name":"paged","scenario":"paging"}`, 200, `"path": "/__sandbox/paged"`)
	admin("GET /__sandbox/paged"+mocktest.WebhooksPath+"?perPage=1", "", 200, `"totalCount":250`)
	admin("POST /__admin/sandboxes", `{"name":"own","yaml":"applications: [{name: Mine}]"}`, 200, `"own"`)
	admin("GET /__sandbox/own/applications", "", 200, `"Mine"`)
	admin("POST /__admin/sandboxes", `{"name":"same"}`, 200, `"default"`)
	admin("GET /__admin/sandboxes", "", 200, `"name": "first"`)
	admin("POST /__admin/sandboxes", `{"name":"own"}`, 409, "there is a sandbox of this name")
	admin("POST /__admin/sandboxes", `{"name":"bad","scenario":"nope"}`, 422, "there is no scenario")
	admin("POST /__admin/sandboxes", `{"name":"bad","scenario":"/etc/passwd"}`, 422, "there is no scenario")
	admin("POST /__admin/sandboxes", `{"name":"bad","yaml":"bogus: 1"}`, 422, "yaml:1:1: bogus: is not a known key")
	admin("POST /__admin/sandboxes", `{"name":"../x"}`, 422, "the name of a sandbox")
	admin("POST /__admin/sandboxes", `{"name":"x","scenario":"a","yaml":"b"}`, 422, "want")
	admin("GET /__sandbox/%2e%2e/applications", "", 404, "the name of a sandbox")
	admin("GET /__sandbox//applications", "", 404, "the name of a sandbox")
	admin("GET /__sandbox/"+strings.Repeat("x", 101)+"/applications", "", 404, "the name of a sandbox")
	admin("DELETE /__admin/sandboxes/own", "", 200, "")
	admin("DELETE /__admin/sandboxes/own", "", 404, "there is no sandbox")
	admin("GET /__sandbox/own/applications", "", 200, "My Application") // a new one

	srv = mockserver.Start(t, mockserver.WithSandboxIdle(time.Nanosecond))
	for i := range 3 {
		mocktest.Send(t, srv.URL, fmt.Sprintf("GET /__sandbox/s%d/applications", i), "")
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/sandboxes", ""); strings.Contains(a.Body, `"s0"`) || !strings.Contains(a.Body, `"s2"`) {
		t.Errorf("%s", a.Body)
	}
}

// Suites side by side on one server do not see each other.
func TestSuitesSideBySide(t *testing.T) {
	t.Parallel()
	const suites = 8
	rounds := size.Of(50, 150, 10_000)
	srv := mockserver.Start(t)
	var wg sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: suites}}
	defer client.CloseIdleConnections()
	for n := range suites {
		wg.Go(func() {
			w := srv.Sandbox(t)
			for round := range rounds {
				name := fmt.Sprintf("suite %d round %d", n, round)
				request, _ := http.NewRequest(http.MethodPost, w.URL+mocktest.WebhooksPath, strings.NewReader(`{"name":"`+name+`"}`))
				request.Header.Set("Authorization", "Bearer any")
				request.Header.Set("Content-Type", "application/json")
				response, err := client.Do(request)
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
				if got := w.Requests().Count(); response.StatusCode != 201 || got != 1 {
					t.Errorf("%s: %d, %d requests", name, response.StatusCode, got)
				}
				w.Requests().Body("name", name).Once(t)
				if err := w.World().Reset(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	srv.Requests().Never(t)
	t.Attr("L9", fmt.Sprintf("%d suites, %d rounds each", suites, rounds))
}
