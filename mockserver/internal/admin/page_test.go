package admin_test

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
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// The page is small, and loads nothing from elsewhere.
func TestThePageIsSmall(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("page/*")
	if err != nil || len(files) < 8 {
		t.Fatalf("%v %v", files, err)
	}
	size := 0
	for _, file := range files {
		if filepath.Ext(file) == ".go" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		size += len(text)
		if strings.Contains(string(text), "://") || strings.Contains(string(text), "innerHTML") {
			t.Errorf("%s loads something from elsewhere, or writes markup", file)
		}
		a := mocktest.Send(t, mockserver.Start(t).URL, "GET /__admin/page/"+filepath.Base(file), "", "Authorization:")
		if a.Status != 200 || a.Body != string(text) || a.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", file, a.Status, a.Header)
		}
	}
	if size > 150<<10 {
		t.Errorf("the page has %d bytes", size)
	}
	if a := mocktest.Send(t, mockserver.Start(t).URL, "GET /__admin/page/..%2fpage.go", ""); a.Status != 404 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// The calls that the page sends beside those of other clients.
func TestCallsOfThePage(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	admin := func(request, body string, status int) mocktest.Response {
		t.Helper()
		a := mocktest.Send(t, srv.URL, request, body, mocktest.SendsJSON, "Authorization:")
		if a.Status != status {
			t.Errorf("%s %s: %d %s", request, body, a.Status, a.Body)
		}
		return a
	}
	token := mocktest.Decode[struct{ Token string }](t, admin("POST /__admin/tokens", `{"scopes":["webhooks.get"]}`, 200)).Token
	if a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "", "Authorization: Bearer "+token); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, mocktest.SendsJSON, "Authorization: Bearer "+token); a.Status != 403 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	whole := mocktest.Decode[struct{ Token string }](t, admin("POST /__admin/tokens", `{}`, 200)).Token
	if a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":1}`, mocktest.SendsJSON, "Authorization: Bearer "+whole); a.Status != 400 {
		t.Errorf("%d %s", a.Status, a.Body)
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
	if err := json.Unmarshal([]byte(admin("GET /__admin/requests?summary=true", "", 200).Body), &list); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(list.Requests); got != "[{webhooks.post webhook.name is the wrong type "+mocktest.WebhooksPath+" 400} {webhooks.post  "+mocktest.WebhooksPath+" 403} {webhooks.get  "+mocktest.WebhooksPath+" 200}]" || list.LastEventID == "" {
		t.Errorf("%s %q", got, list.LastEventID)
	}
	if a := admin("GET /__admin/requests/export?format=curl&status=200", "", 200); strings.Count(a.Body, "curl ") != 1 || strings.Contains(a.Body, token) {
		t.Errorf("%s", a.Body)
	}
	admin("GET /__admin/requests/export?format=pdf", "", 400)

	// The suite runs on a copy: the world and its journal stay as they are.
	result := mocktest.Decode[report.Report](t, admin("POST /__admin/check", "", 200))
	if result.Verdict != contract.Conforms || result.Requests < 500 {
		t.Errorf("%+v", result)
	}
	srv.Requests().Times(t, 3)
	empty := mockserver.Start(t, mockserver.WithScenario("empty"))
	if a := mocktest.Send(t, empty.URL, "POST /__admin/check", "", "Authorization:"); a.Status != 409 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	// Emptying the journal removes the triggers of its requests too.
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", "")
	srv.Triggers().Once(t)
	admin("DELETE /__admin/requests", "", 200)
	srv.Triggers().Never(t)
}
