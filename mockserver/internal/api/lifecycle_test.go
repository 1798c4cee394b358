package api_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

func TestCreatedWebhooksGetTheDocumentedDefaults(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath+"?_actions=false&_links=false", `{"name":"My New Webhook"}`, mocktest.SendsJSON)
	made := mocktest.Decode[map[string]any](t, a)
	if a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for property, pattern := range map[string]string{
		"id": `^[0-9a-f]{24}$`, "token": `^[A-Za-z0-9_-]{40}$`, "creationDate": `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
	} {
		if text, _ := made[property].(string); !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%s is %q", property, text)
		}
	}
	if made["id"] != made["webhookId"] || made["creationDate"] != made["lastUpdated"] {
		t.Errorf("made %s", a.Body)
	}
	for _, generated := range []string{"id", "webhookId", "token", "creationDate", "lastUpdated"} {
		delete(made, generated)
	}
	want := map[string]any{
		"applicationId": mocktest.ApplicationID, "name": "My New Webhook", "responseCode": 200.0, "verificationType": "none", "verificationCode": "",
		"waitForReply": false, "basicAuthUsername": "", "basicAuthPassword": "", "description": "", "isWebsocket": false,
		"castBuffersAs": "array", "annotateMultipart": false, "enabled": true, "_type": "webhook",
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Error(diff)
	}
}

func TestPatchChangesWhatIsSentAndLastUpdated(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockTicking, At: at, Step: time.Minute},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "Mine", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "My Webhook"}}}},
	}))
	before := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, ""))
	changes := map[string]any{
		"name": "New", "responseCode": 404.0, "verificationType": "alexa", "verificationCode": "c", "waitForReply": true,
		"basicAuthUsername": "u", "basicAuthPassword": "p", "description": "d", "castBuffersAs": "hex",
		"annotateMultipart": true, "enabled": false,
	}
	want := before
	for property, value := range changes {
		a := mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, mocktest.ToJSON(t, map[string]any{property: value}), mocktest.SendsJSON)
		got := mocktest.Decode[map[string]any](t, a)
		if got["lastUpdated"].(string) <= want["lastUpdated"].(string) {
			t.Errorf("lastUpdated stays at %s", got["lastUpdated"])
		}
		want[property], want["lastUpdated"] = value, got["lastUpdated"]
		if diff := cmp.Diff(want, got); a.Status != 200 || diff != "" {
			t.Errorf("%s: %d %s", property, a.Status, diff)
		}
		if diff := cmp.Diff(want, mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, ""))); diff != "" {
			t.Errorf("%s, read again: %s", property, diff)
		}
	}
	refused := mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, `{"name":"Refused","isWebsocket":true}`, mocktest.SendsJSON)
	if diff := cmp.Diff(want, mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, ""))); refused.Status != 400 || diff != "" {
		t.Errorf("a refused patch changes something: %s", diff)
	}
}

// A changed application is another wherever it shows: in lists and their order,
// in what workflows receive, and in the state that is saved; what it holds
// stays.
func TestPatchedApplications(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock: scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		Applications: []scenarios.Application{
			{ID: mocktest.ApplicationID, Name: "A", Description: "first", Webhooks: []scenarios.Webhook{{Name: "w", Token: "w"}}}, {Name: "B"},
		},
	}))
	patch := func(body string, status int) map[string]any {
		t.Helper()
		a := mocktest.Send(t, srv.URL, "PATCH /applications/"+mocktest.ApplicationID, body, mocktest.SendsJSON)
		if a.Status != status {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
		return mocktest.Decode[map[string]any](t, a)
	}
	was := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET /applications/"+mocktest.ApplicationID, ""))
	is := patch(`{"name":"C"}`, 200)
	if is["name"] != "C" || is["description"] != "first" || is["creationDate"] != was["creationDate"] || is["lastUpdated"] == was["lastUpdated"] || fmt.Sprint(is["summary"]) != fmt.Sprint(was["summary"]) {
		t.Errorf("%v became %v", was, is)
	}
	list := mocktest.Decode[struct{ Items []struct{ Name string } }](t, mocktest.Send(t, srv.URL, "GET /applications", ""))
	if len(list.Items) != 2 || list.Items[0].Name != "B" || list.Items[1].Name != "C" {
		t.Errorf("%+v", list)
	}
	mocktest.Send(t, srv.URL, "POST /webhooks/w", "")
	if fired := srv.Triggers().All(); len(fired) != 1 || fired[0].Payload.ApplicationName != "C" {
		t.Errorf("%+v", fired)
	}
	if l := mocktest.Decode[mocktest.List](t, mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "")); l.TotalCount != 1 {
		t.Errorf("%+v", l)
	}
	mocktest.Create(t, srv, `{"name":"another"}`)
	if l := mocktest.Decode[mocktest.List](t, mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "")); l.TotalCount != 2 {
		t.Errorf("%+v", l)
	}
	if is := patch(`{"description":""}`, 200); is["description"] != "" || is["name"] != "C" {
		t.Errorf("%v", is)
	}
	patch(`{}`, 200)
	patch(`{"ownerId":"x"}`, 400)
	if a := mocktest.Send(t, srv.URL, "PATCH /applications/"+mocktest.MissingID, `{}`, mocktest.SendsJSON); a.Status != 404 || a.Body != mocktest.NoApplication {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if saved := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "").Body; !strings.Contains(saved, "name: C") {
		t.Errorf("%s", saved)
	}
}

func TestDeletedWebhooksAreGone(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	id := mocktest.Create(t, srv, `{"name":"x"}`)
	path := mocktest.WebhooksPath + "/" + id
	mocktest.Case{Request: "DELETE " + path + "?includeWorkflows=true", Header: []string{mocktest.SendsJSON}, Body: "{}", Status: 200, Want: `{"success":true}`}.Run(t, srv)
	for _, method := range []string{"GET", "DELETE", "PATCH"} {
		body := ""
		if method == "PATCH" {
			body = "{}"
		}
		mocktest.Case{Request: method + " " + path, Header: []string{mocktest.SendsJSON}, Body: body, Status: 404, Want: mocktest.NoWebhook}.Run(t, srv)
	}
	if l := mocktest.ListWebhooks(t, srv, ""); l.TotalCount != 1 {
		t.Errorf("%d webhooks are left", l.TotalCount)
	}
}

func TestIDsInTheOtherCaseAreTheSame(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{
		{ID: strings.ToUpper(mocktest.ApplicationID), Name: "Mine", Webhooks: []scenarios.Webhook{{ID: strings.ToUpper(mocktest.WebhookID), Name: "w"}}},
	}}))
	got := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, ""))
	if got["id"] != strings.ToUpper(mocktest.WebhookID) || got["applicationId"] != strings.ToUpper(mocktest.ApplicationID) {
		t.Errorf("answered as %v of %v, stored in capitals", got["id"], got["applicationId"])
	}
}

func TestOlderVersionsOfTheAPI(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]struct{ webhook, perPage int }{
		"1.30.0": {18, 100}, "1.28.4": {18, 100}, "1.28.3": {17, 100}, "1.26.9": {17, 100}, "1.26.8": {15, 100},
		"1.18.0": {13, 100}, "1.17.9": {13, 1000}, "1.3.1": {10, 1000}, "0.1.0": {7, 1000},
	} {
		srv := mockserver.Start(t, mockserver.WithAPIVersion(version))
		a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath+"?_actions=0&_links=0", "")
		if got := len(mocktest.Decode[map[string]any](t, a)) - 1; got != want.webhook { // _type is no property
			t.Errorf("%s: %d properties, want %d: %s", version, got, want.webhook, a.Body)
		}
		if l := mocktest.ListWebhooks(t, srv, ""); l.PerPage != want.perPage {
			t.Errorf("%s: perPage %d", version, l.PerPage)
		}
		definition := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "GET /", "", "Authorization:"))
		if got := definition["info"].(map[string]any)["version"]; got != version {
			t.Errorf("GET / says %v, want %s", got, version)
		}
	}
	seed := mockserver.Start(t, mockserver.WithAPIVersion("1.28.3"))
	mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: `{"name":"x","enabled":true}`, Status: 400, Want: mocktest.Validation("webhook has additional properties")}.Run(t, seed)
	if _, err := seed.World().Token("all.User.bounded"); err == nil {
		t.Error("a token has a scope that the version lacks")
	}
	old := mockserver.Start(t, mockserver.WithAPIVersion("1.8.9"))
	mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: `{"name":"x","verificationType":"alexa"}`, Status: 400, Want: mocktest.Validation("webhook.verificationType must be an enum value")}.Run(t, old)
	mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: `{"name":"x","verificationType":"twilio"}`, Status: 201}.Run(t, old)
}

// traffic is a recorded run of requests that change and read a world.
func traffic(t *testing.T, options ...mockserver.Option) string {
	srv := mockserver.Start(t, options...)
	var transcript strings.Builder
	for _, request := range [][2]string{
		{"POST " + mocktest.WebhooksPath, `{"name":"one"}`},
		{"POST " + mocktest.WebhooksPath, `{"name":"two","responseCode":404}`},
		{"POST /applications", `{"name":"more"}`},
		{"POST /auth/user", `{"email":"dev@example.com","password":"correct horse battery"}`},
		{"PATCH " + mocktest.WebhookPath, `{"name":"three"}`},
		{"GET " + mocktest.WebhooksPath + "?sortField=id", ""},
		{"GET /nope", ""},
		{"POST " + mocktest.WebhooksPath, `{`},
		{"GET /applications", ""},
	} {
		a := mocktest.Send(t, srv.URL, request[0], request[1], mocktest.SendsJSON)
		a.Header.Del("Date")
		transcript.WriteString(mocktest.ToJSON(t, []any{a.Status, a.Header, a.Body}) + "\n")
	}
	journal := mocktest.Send(t, srv.URL, "GET /__admin/requests", "")
	return transcript.String() + withoutPorts.ReplaceAllString(journal.Body, "PORT")
}

var withoutPorts = regexp.MustCompile(`127\.0\.0\.1:\d+|"port": \d+`)

func TestTwoRunsOfTheSameRequestsAreTheSame(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{scenarios.ClockFixed, scenarios.ClockTicking} {
		world := func(seed uint64) mockserver.Option {
			s, err := scenarios.Load("default")
			if err != nil {
				t.Fatal(err)
			}
			s.Clock = scenarios.Clock{Mode: mode, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)}
			s.IDs.Seed = new(seed)
			return mockserver.WithWorld(s)
		}
		first, second, other := traffic(t, world(7)), traffic(t, world(7)), traffic(t, world(8))
		if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(second, "\n")); diff != "" {
			t.Errorf("%s: %s", mode, diff)
		}
		if first == other {
			t.Errorf("%s: another seed gives the same ids", mode)
		}
	}
	if first, second := traffic(t), traffic(t); first == second {
		t.Error("without a seed two runs give the same ids")
	}
}

func TestTickingClocksMoveAtEachRequest(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockTicking, At: at, Step: 1500 * time.Millisecond},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "Mine"}},
	}))
	for _, want := range []string{"2016-06-13T04:00:00.000Z", "2016-06-13T04:00:01.500Z", "2016-06-13T04:00:03.000Z"} {
		got := mocktest.Decode[map[string]any](t, mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, mocktest.SendsJSON))
		if got["creationDate"] != want {
			t.Errorf("created at %v, want %s", got["creationDate"], want)
		}
	}
}

func TestResetPutsTheScenarioBack(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Create(t, srv, `{"name":"x"}`)
	mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhookPath, "")
	if a := mocktest.Send(t, srv.URL, "POST /__admin/reset", ""); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got := srv.Requests().Count(); got != 0 {
		t.Errorf("the journal has %d entries", got)
	}
	if got := mocktest.ListWebhooks(t, srv, "").Names(); !cmp.Equal(got, []string{"My Webhook"}) {
		t.Errorf("there are %q", got)
	}
}
