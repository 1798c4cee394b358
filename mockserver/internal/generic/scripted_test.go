package generic_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// scripted returns a client of a world that has responses.
func scripted(t *testing.T, list ...scenarios.Response) client {
	t.Helper()
	return start(t, mockserver.WithWorld(&scenarios.Scenario{
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "Plant"}},
		Responses:    list,
	}))
}

func TestAnOperationRespondsAsTheScenarioSays(t *testing.T) {
	t.Parallel()
	c := scripted(t,
		scenarios.Response{
			Operation: "line.get", To: 2,
			Content: scenarios.Content{Headers: map[string]string{"X-From": "the scenario"}, Body: scenarios.Body{
				JSON: map[string]any{"id": "{{.path.lineId}}", "name": `{{.query.say | default "nothing"}} <at {{.now}}>`, "distance": map[string]any{"total": 3}},
			}, Unchecked: true},
		},
		scenarios.Response{Operation: "lines.post", Matching: `$[?@ == "Gone"]`, Content: scenarios.Content{Status: 404}},
		scenarios.Response{Operation: "lines.post", Content: scenarios.Content{
			Body: scenarios.Body{Text: `{"id": "{{.id}}", "name": {{json .body.name}}}`},
		}},
		// Operations of our own table too.
		scenarios.Response{Operation: contract.OperationApplicationGet, Content: scenarios.Content{Status: 418, Body: scenarios.Body{Text: "short and stout"}, Unchecked: true}},
	)
	path := linesPath + "/" + south
	for range 2 {
		a := mocktest.Send(t, c.srv.URL, "GET "+path+"?say=hello", "")
		if want := `{"distance":{"total":3},"id":"` + south + `","name":"hello `; a.Status != http.StatusOK || !strings.HasPrefix(a.Body, want) || a.Header.Get("X-From") != "the scenario" {
			t.Errorf("%d %s %s", a.Status, a.Header, a.Body)
		}
	}
	c.send("GET "+path, "", http.StatusNotFound) // it applies to two requests
	if made := c.send("POST "+linesPath, `{"name":"a \"b\""}`, http.StatusCreated); made.Get("name").String() != `a "b"` || len(made.Get("id").String()) != 24 {
		t.Error(made)
	}
	if gone := c.send("POST "+linesPath, `{"name":"Gone"}`, http.StatusNotFound); gone.Get("type").String() != "NotFound" {
		t.Error(gone)
	}
	// What the API refuses, it refuses before.
	c.send("POST "+linesPath, `{}`, http.StatusBadRequest)
	if a := mocktest.Send(t, c.srv.URL, "GET "+path, "", "Authorization: Bearer "+c.srv.Token("webhooks.get")); a.Status != http.StatusForbidden {
		t.Errorf("%d", a.Status)
	}
	if a := mocktest.Send(t, c.srv.URL, "GET /applications/"+mocktest.ApplicationID, ""); a.Status != http.StatusTeapot || a.Body != "short and stout" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestResponsesInTurn(t *testing.T) {
	t.Parallel()
	c := scripted(t, scenarios.Response{Operation: "line.get", Steps: []scenarios.Content{
		{Status: 503, Unchecked: true},
		{},
		{Body: scenarios.Body{JSON: map[string]any{"name": "last"}}},
	}, Repeat: true})
	path := "GET " + c.line(`{"name":"South"}`)
	for range 2 {
		c.send(path, "", http.StatusServiceUnavailable)
		if got := c.send(path, "", http.StatusOK).Get("name").String(); got != "South" {
			t.Error(got)
		}
		if got := c.send(path, "", http.StatusOK); got.Raw != `{"name":"last"}` {
			t.Error(got)
		}
	}
	c.send(path, "", http.StatusServiceUnavailable)
	c.srv.Reset() // begins again, without the line
	c.send(path, "", http.StatusServiceUnavailable)
	c.send(path, "", http.StatusNotFound)
}

func TestATemplateThatFailsIsReported(t *testing.T) {
	t.Parallel()
	c := scripted(t, scenarios.Response{Operation: "line.get", Content: scenarios.Content{Body: scenarios.Body{JSON: map[string]any{"name": "{{index .path.lineId 99}}"}}}})
	if got := c.send("GET "+linesPath+"/"+south, "", http.StatusBadRequest).Get("message").String(); !strings.HasPrefix(got, "The scenario's response can't be made: ") {
		t.Error(got)
	}
}

// An error without a body is the one that the API itself would send.
func TestAnErrorOfTheScenarioHasTheWordsOfTheAPI(t *testing.T) {
	t.Parallel()
	line := linesPath + "/" + south
	login := `{"email":"email@example.com","password":"this is the password"}`
	for _, e := range []struct {
		operation, request, body string
		status                   int
		want                     string
	}{
		{"line.get", "GET " + line, "", 404, `{"type":"NotFound","message":"Railway line was not found"}`},
		{"line.timetable", "GET " + line + "/timetable", "", 404, `{"type":"NotFound","message":"Railway line was not found"}`},
		{"stops.get", "GET " + line + "/stops", "", 404, `{"type":"NotFound","message":"Railway line was not found"}`},
		{"stop.get", "GET " + line + "/stops/a", "", 404, `{"type":"NotFound","message":"Stop was not found"}`},
		{"webhooks.get", "GET " + mocktest.WebhooksPath, "", 404, mocktest.NoApplication},
		{"webhook.get", "GET " + mocktest.WebhookPath, "", 404, mocktest.NoWebhook},
		{"applications.get", "GET /applications", "", 404, `{"type":"NotFound","message":"Not Found"}`}, // none is documented
		{"line.get", "GET " + line, "", 400, `{"type":"Validation","message":"Malformed request"}`},
		{"line.get", "GET " + line, "", 401, `{"type":"Unauthorized","message":"Invalid access token"}`},
		{"line.get", "GET " + line, "", 403, mocktest.Forbidden},
		{"line.get", "GET " + line, "", 410, `{"type":"Gone","message":"Gone"}`},
		{"line.get", "GET " + line, "", 429, `{"type":"RateLimited","message":"Too many requests"}`},
		{"line.get", "GET " + line, "", 500, `{"type":"ServerError","message":"Internal server error"}`},
		{"line.get", "GET " + line, "", 405, `{"type":"MethodNotAllowed","message":"GET is not allowed"}`},
		{"line.get", "GET " + line, "", 503, `{"type":"Maintenance","message":"The service is down for maintenance"}`},
		{"greeting.get", "GET /greetings/ann", "", 410, `{"type":"Gone","message":"Welcome has worn out"}`},
		{"greeting.get", "GET /greetings/ann", "", 422, `{"success":true,"jobId":"job-68100000000000000"}`},
		{"greeting.get", "GET /greetings/ann", "", 429, `{"type":"RateLimited","message":"Too many guests came"}`},
		{"auth.authenticateUser", "POST /auth/user", login, 401, `{"type":"Unauthorized","message":"Invalid email or password"}`},
	} {
		c := scripted(t, scenarios.Response{Operation: e.operation, Content: scenarios.Content{Status: e.status, Unchecked: true}})
		if got := c.send(e.request, e.body, e.status).Raw; got != e.want {
			t.Errorf("%s with %d: %s, want %s", e.operation, e.status, got, e.want)
		}
	}
}
