package admin_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

const golden = "testdata/golden/admin.txt"

// Every member of every response of the admin API stays where it is, and keeps
// its type. UPDATE=1 adds new ones to the golden file.
func TestTheFormOfResponses(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithJournalFile(t.TempDir()+"/journal.jsonl"), mockserver.WithDefinition("../generic/testdata/railway.json"))
	hook := srv.AddWebhook(scenarios.Webhook{Name: "Door", WaitForReply: true, Reply: &scenarios.Reply{Body: "opened"}})
	token := srv.Token()
	ask := func(method, path, body string) *http.Response {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		request.AddCookie(&http.Cookie{Name: "a", Value: "1"})
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		return response
	}
	ask("GET", "/applications/"+hook.ApplicationID+"/webhooks?perPage=1", "")
	ask("POST", "/applications/"+hook.ApplicationID+"/webhooks", `{}`)
	ask("POST", "/webhooks/"+hook.Token+"/north?who=Ann", `{"open":true}`)
	ask("GET", "/nowhere", "")
	first := srv.Requests().All()[0].ID
	mocktest.Send(t, srv.URL, "DELETE /applications/"+hook.ApplicationID, "", "Authorization: Bearer "+srv.Token("webhooks.get"))
	refused := srv.Requests().Status(403).Once(t).ID
	mocktest.Until(t, "the end of every response is known", func() bool {
		return !slices.ContainsFunc(srv.Requests().All(), func(r mockserver.Request) bool { return r.Timeline.Ended == 0 })
	})

	form, done := map[string]bool{}, map[string]bool{}
	for _, c := range []struct{ call, path, body string }{
		{"GET /__admin/docs", "", ""},
		{"GET /__admin/health", "", ""},
		{"GET /__admin/definition", "", ""},
		{"POST /__admin/resources/{path}", "/lines", `{"name": "South"}`},
		{"POST /__admin/resources/{path}", "/lines", `{}`},
		{"POST /__admin/streams/{operation}", "/line.arrivals", `{"event": "arrival", "data": {"stop": "quay"}}`},
		{"POST /__admin/streams/{operation}", "/line.arrival", `{"event": "arrival", "data": {}}`},
		{"GET /__admin/requests", "", ""},
		{"GET /__admin/requests", "?summary=true", ""},
		{"GET /__admin/requests", "?status=x", ""},
		{"GET /__admin/requests/unmatched", "", ""},
		{"GET /__admin/requests/{id}", "/" + first, ""},
		{"GET /__admin/requests/{id}", "/00000000-0000-0000-0000-000000000000", ""},
		{"GET /__admin/requests/{id}", "/" + refused, ""},
		{"GET /__admin/requests/{id}/export", "/" + first + "/export?format=wiremock", ""},
		{"POST /__admin/requests/{id}/replay", "/" + first + "/replay", ""},
		{"POST /__admin/requests/count", "", `{}`},
		{"POST /__admin/requests/count", "", `{"nonsense": 1}`},
		{"POST /__admin/requests/find", "", `{"method": "GET"}`},
		{"POST /__admin/requests/wait", "", `{"request": {}, "count": 1, "timeout": "1s"}`},
		{"POST /__admin/requests/wait", "", `{"request": {"method": "PUT"}, "count": 1, "timeout": "1ms"}`},
		{"POST /__admin/near-misses/request-pattern", "", `{"method": "PUT"}`},
		{"GET /__admin/expectations", "", ""},
		{"GET /__admin/expectations/{id}", "/1", ""},
		{"GET /__admin/expectations/{id}", "/999", ""},
		{"GET /__admin/triggers", "", ""},
		{"GET /__admin/triggers", "?summary=true", ""},
		{"POST /__admin/replies/{replyId}", "/nobody", `{"body": "x"}`},
		{"GET /__admin/webhooks", "", ""},
		{"POST /__admin/faults", "", `{"name": "slow", "latency": {"fixed": "1ms"}}`},
		{"POST /__admin/faults", "", `{"name": "slow"}`},
		{"GET /__admin/faults", "", ""},
		{"PUT /__admin/faults/{name}", "/slow", `{"name": "slow", "status": 500}`},
		{"PATCH /__admin/faults/{name}", "/slow", `{"disabled": true}`},
		{"DELETE /__admin/faults/{name}", "/slow", ""},
		{"PUT /__admin/faults", "", `{"faults": [{"name": "broken", "status": 500}]}`},
		{"DELETE /__admin/faults", "", ""},
		{"GET /__admin/clock", "", ""},
		{"POST /__admin/clock", "", `{"advance": "1s"}`},
		{"POST /__admin/sandboxes", "", `{"name": "a", "scenario": "empty"}`},
		{"GET /__admin/sandboxes", "", ""},
		{"DELETE /__admin/sandboxes/{name}", "/a", ""},
		{"POST /__admin/tokens", "", `{"scopes": ["webhooks.get"]}`},
		{"POST /__admin/check", "", ""},
		{"POST /__admin/requests", "", `{"method": "GET", "url": "/nowhere"}`},
		{"POST /__admin/requests", "", `{"method": "GET", "url": "nowhere"}`},
		{"POST /__admin/requests/{id}/cancel", "/" + first + "/cancel", ""},
		{"POST /__admin/requests/remove", "", `{"method": "GET"}`},
		{"DELETE /__admin/requests/{id}", "/" + first, ""},
		{"DELETE /__admin/requests", "", ""},
		{"POST /__admin/requests/reset", "", ""},
		{"PUT /__admin/scenario", "", `{"name": "bare"}`},
		{"POST /__admin/reset", "", ""},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		path, _, _ = strings.Cut(path, "/{")
		response := ask(method, path+c.path, c.body)
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			t.Errorf("%s: %v: %s", c.call, err, text)
		}
		describe(form, fmt.Sprintf("%s %d ", c.call, response.StatusCode), value)
		done[c.call] = true
	}
	others := []string{ // whose responses are something else than JSON
		"GET /__admin", "GET /__admin/", "GET /__admin/page/{part}", "GET /__admin/requests/stream", "GET /__admin/requests/export", "GET /__admin/scenario",
	}
	for _, c := range wireMockCalls {
		others = append(others, strings.Replace(c.call, " ", " /__admin", 1))
	}
	var docs struct {
		Calls []struct{ Method, Path string }
	}
	if err := json.NewDecoder(ask("GET", "/__admin/docs", "").Body).Decode(&docs); err != nil {
		t.Fatal(err)
	}
	for _, c := range docs.Calls {
		if call := c.Method + " " + c.Path; !done[call] && !slices.Contains(others, call) {
			t.Errorf("%s is not tried", call)
		}
	}
	compare(t, slices.Sorted(maps.Keys(form)))
}

// describe adds the path of every member of a JSON value, and its type.
func describe(form map[string]bool, path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		form[path+" object"] = true
		for name, member := range value {
			describe(form, path+"."+name, member)
		}
	case []any:
		form[path+" array"] = true
		for _, item := range value {
			describe(form, path+"[]", item)
		}
	case string:
		form[path+" string"] = true
	case float64:
		form[path+" number"] = true
	case bool:
		form[path+" boolean"] = true
	default:
		form[path+" null"] = true
	}
}

func compare(t *testing.T, form []string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(strings.Join(form, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for _, line := range known {
		if !slices.Contains(form, line) {
			t.Errorf("programs that read the admin API rely on\n%s", line)
		}
	}
	for _, line := range form {
		if !slices.Contains(known, line) {
			t.Errorf("%s has to have this, see UPDATE=1:\n%s", golden, line)
		}
	}
}
