package mockserver_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/mockserver"
)

// The page is small, and loads nothing from elsewhere.
func TestThePageIsSmall(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("internal/admin/page/*")
	if err != nil || len(files) < 8 {
		t.Fatalf("%v %v", files, err)
	}
	size := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		size += len(text)
		if strings.Contains(string(text), "://") || strings.Contains(string(text), "innerHTML") {
			t.Errorf("%s loads something from elsewhere, or writes markup", file)
		}
		a := send(t, mockserver.Start(t).URL, "GET /__admin/page/"+filepath.Base(file), "", "Authorization:")
		if a.status != 200 || a.body != string(text) || a.header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", file, a.status, a.header)
		}
	}
	if size > 100<<10 {
		t.Errorf("the page has %d bytes", size)
	}
	if a := send(t, mockserver.Start(t).URL, "GET /__admin/page/..%2fpage.go", ""); a.status != 404 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// What the page asks beside what other clients ask.
func TestCallsOfThePage(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	admin := func(request, body string, status int) answer {
		t.Helper()
		a := send(t, srv.URL, request, body, sendsJSON, "Authorization:")
		if a.status != status {
			t.Errorf("%s %s: %d %s", request, body, a.status, a.body)
		}
		return a
	}
	token := decode[struct{ Token string }](t, admin("POST /__admin/tokens", `{"scopes":["webhooks.get"]}`, 200)).Token
	if a := send(t, srv.URL, "GET "+hooks, "", "Authorization: Bearer "+token); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := send(t, srv.URL, "POST "+hooks, `{"name":"x"}`, sendsJSON, "Authorization: Bearer "+token); a.status != 403 {
		t.Errorf("%d %s", a.status, a.body)
	}
	whole := decode[struct{ Token string }](t, admin("POST /__admin/tokens", `{}`, 200)).Token
	if a := send(t, srv.URL, "POST "+hooks, `{"name":1}`, sendsJSON, "Authorization: Bearer "+whole); a.status != 400 {
		t.Errorf("%d %s", a.status, a.body)
	}
	admin("POST /__admin/tokens", `{"scopes":["webhooks.gett"]}`, 422)
	admin("POST /__admin/tokens", `{"bogus":1}`, 422)

	var list struct {
		Requests []struct {
			Operation, Violation, Target string
			Status                       int
		}
		LastEventID string
	}
	if err := json.Unmarshal([]byte(admin("GET /__admin/requests?summary=true", "", 200).body), &list); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(list.Requests); got != "[{webhooks.post webhook.name is the wrong type "+hooks+" 400} {webhooks.post  "+hooks+" 403} {webhooks.get  "+hooks+" 200}]" || list.LastEventID == "" {
		t.Errorf("%s %q", got, list.LastEventID)
	}
	if a := admin("GET /__admin/requests/export?format=curl&status=200", "", 200); strings.Count(a.body, "curl ") != 1 || strings.Contains(a.body, token) {
		t.Errorf("%s", a.body)
	}
	admin("GET /__admin/requests/export?format=pdf", "", 400)

	// The suite runs on a copy: the world and its journal stay as they are.
	result := decode[report.Report](t, admin("POST /__admin/check", "", 200))
	if result.Verdict != contract.Conforms || result.Requests < 500 {
		t.Errorf("%+v", result)
	}
	srv.Requests().Times(t, 3)
	empty := mockserver.Start(t, mockserver.WithScenario("empty"))
	if a := send(t, empty.URL, "POST /__admin/check", "", "Authorization:"); a.status != 409 {
		t.Errorf("%d %s", a.status, a.body)
	}
	// Emptying the journal takes the triggers of its requests too.
	send(t, srv.URL, "POST /webhooks/the_webhook_token", "")
	srv.Triggers().Once(t)
	admin("DELETE /__admin/requests", "", 200)
	srv.Triggers().Never(t)
}
