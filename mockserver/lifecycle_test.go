package mockserver_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

func TestCreatedWebhooksGetTheDocumentedDefaults(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	a := send(t, srv.URL, "POST "+hooks+"?_actions=false&_links=false", `{"name":"My New Webhook"}`, sendsJSON)
	made := decode[object](t, a)
	if a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for property, pattern := range map[string]string{
		"id": `^[0-9a-f]{24}$`, "token": `^[A-Za-z0-9_-]{40}$`, "creationDate": `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
	} {
		if text, _ := made[property].(string); !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%s is %q", property, text)
		}
	}
	if made["id"] != made["webhookId"] || made["creationDate"] != made["lastUpdated"] {
		t.Errorf("made %s", a.body)
	}
	for _, generated := range []string{"id", "webhookId", "token", "creationDate", "lastUpdated"} {
		delete(made, generated)
	}
	want := object{
		"applicationId": app, "name": "My New Webhook", "responseCode": 200.0, "verificationType": "none", "verificationCode": "",
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
		Applications: []scenarios.Application{{ID: app, Name: "Mine", Webhooks: []scenarios.Webhook{{ID: hook, Name: "My Webhook"}}}},
	}))
	before := decode[object](t, send(t, srv.URL, "GET "+myHook, ""))
	changes := object{
		"name": "New", "responseCode": 404.0, "verificationType": "alexa", "verificationCode": "c", "waitForReply": true,
		"basicAuthUsername": "u", "basicAuthPassword": "p", "description": "d", "castBuffersAs": "hex",
		"annotateMultipart": true, "enabled": false,
	}
	want := before
	for property, value := range changes {
		a := send(t, srv.URL, "PATCH "+myHook, toJSON(t, object{property: value}), sendsJSON)
		got := decode[object](t, a)
		if got["lastUpdated"].(string) <= want["lastUpdated"].(string) {
			t.Errorf("lastUpdated stays at %s", got["lastUpdated"])
		}
		want[property], want["lastUpdated"] = value, got["lastUpdated"]
		if diff := cmp.Diff(want, got); a.status != 200 || diff != "" {
			t.Errorf("%s: %d %s", property, a.status, diff)
		}
		if diff := cmp.Diff(want, decode[object](t, send(t, srv.URL, "GET "+myHook, ""))); diff != "" {
			t.Errorf("%s, read again: %s", property, diff)
		}
	}
	refused := send(t, srv.URL, "PATCH "+myHook, `{"name":"Refused","isWebsocket":true}`, sendsJSON)
	if diff := cmp.Diff(want, decode[object](t, send(t, srv.URL, "GET "+myHook, ""))); refused.status != 400 || diff != "" {
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
			{ID: app, Name: "A", Description: "first", Webhooks: []scenarios.Webhook{{Name: "w", Token: "w"}}}, {Name: "B"},
		},
	}))
	patch := func(body string, status int) object {
		t.Helper()
		a := send(t, srv.URL, "PATCH /applications/"+app, body, sendsJSON)
		if a.status != status {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
		return decode[object](t, a)
	}
	was := decode[object](t, send(t, srv.URL, "GET /applications/"+app, ""))
	is := patch(`{"name":"C"}`, 200)
	if is["name"] != "C" || is["description"] != "first" || is["creationDate"] != was["creationDate"] || is["lastUpdated"] == was["lastUpdated"] || fmt.Sprint(is["summary"]) != fmt.Sprint(was["summary"]) {
		t.Errorf("%v became %v", was, is)
	}
	list := decode[struct{ Items []struct{ Name string } }](t, send(t, srv.URL, "GET /applications", ""))
	if len(list.Items) != 2 || list.Items[0].Name != "B" || list.Items[1].Name != "C" {
		t.Errorf("%+v", list)
	}
	send(t, srv.URL, "POST /webhooks/w", "")
	if fired := srv.Triggers().All(); len(fired) != 1 || fired[0].Payload.ApplicationName != "C" {
		t.Errorf("%+v", fired)
	}
	if l := decode[listAnswer](t, send(t, srv.URL, "GET "+hooks, "")); l.TotalCount != 1 {
		t.Errorf("%+v", l)
	}
	create(t, srv, `{"name":"another"}`)
	if l := decode[listAnswer](t, send(t, srv.URL, "GET "+hooks, "")); l.TotalCount != 2 {
		t.Errorf("%+v", l)
	}
	if is := patch(`{"description":""}`, 200); is["description"] != "" || is["name"] != "C" {
		t.Errorf("%v", is)
	}
	patch(`{}`, 200)
	patch(`{"ownerId":"x"}`, 400)
	if a := send(t, srv.URL, "PATCH /applications/"+missing, `{}`, sendsJSON); a.status != 404 || a.body != noApp {
		t.Errorf("%d %s", a.status, a.body)
	}
	if saved := send(t, srv.URL, "GET /__admin/scenario", "").body; !strings.Contains(saved, "name: C") {
		t.Errorf("%s", saved)
	}
}

func TestDeletedWebhooksAreGone(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	id := create(t, srv, `{"name":"x"}`)
	path := hooks + "/" + id
	wireCase{request: "DELETE " + path + "?includeWorkflows=true", header: []string{sendsJSON}, body: "{}", status: 200, want: `{"success":true}`}.run(t, srv)
	for _, method := range []string{"GET", "DELETE", "PATCH"} {
		body := ""
		if method == "PATCH" {
			body = "{}"
		}
		wireCase{request: method + " " + path, header: []string{sendsJSON}, body: body, status: 404, want: noHook}.run(t, srv)
	}
	if l := list(t, srv, ""); l.TotalCount != 1 {
		t.Errorf("%d webhooks are left", l.TotalCount)
	}
}

func TestIDsInTheOtherCaseAreTheSame(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{
		{ID: strings.ToUpper(app), Name: "Mine", Webhooks: []scenarios.Webhook{{ID: strings.ToUpper(hook), Name: "w"}}},
	}}))
	got := decode[object](t, send(t, srv.URL, "GET "+myHook, ""))
	if got["id"] != strings.ToUpper(hook) || got["applicationId"] != strings.ToUpper(app) {
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
		a := send(t, srv.URL, "GET "+myHook+"?_actions=0&_links=0", "")
		if got := len(decode[object](t, a)) - 1; got != want.webhook { // _type is no property
			t.Errorf("%s: %d properties, want %d: %s", version, got, want.webhook, a.body)
		}
		if l := list(t, srv, ""); l.PerPage != want.perPage {
			t.Errorf("%s: perPage %d", version, l.PerPage)
		}
		definition := decode[object](t, send(t, srv.URL, "GET /", "", "Authorization:"))
		if got := definition["info"].(object)["version"]; got != version {
			t.Errorf("GET / says %v, want %s", got, version)
		}
	}
	seed := mockserver.Start(t, mockserver.WithAPIVersion("1.28.3"))
	wireCase{request: "POST " + hooks, header: []string{sendsJSON}, body: `{"name":"x","enabled":true}`, status: 400, want: validation("webhook has additional properties")}.run(t, seed)
	bounded := seed.Token("all.User.bounded")
	wireCase{request: "GET " + hooks, header: []string{"Authorization: Bearer " + bounded}, status: 403}.run(t, seed)
	old := mockserver.Start(t, mockserver.WithAPIVersion("1.8.9"))
	wireCase{request: "POST " + hooks, header: []string{sendsJSON}, body: `{"name":"x","verificationType":"alexa"}`, status: 400, want: validation("webhook.verificationType must be an enum value")}.run(t, old)
	wireCase{request: "POST " + hooks, header: []string{sendsJSON}, body: `{"name":"x","verificationType":"twilio"}`, status: 201}.run(t, old)
}

// traffic is a recorded run of requests that change and read a world.
func traffic(t *testing.T, options ...mockserver.Option) string {
	srv := mockserver.Start(t, options...)
	var transcript strings.Builder
	for _, request := range [][2]string{
		{"POST " + hooks, `{"name":"one"}`},
		{"POST " + hooks, `{"name":"two","responseCode":404}`},
		{"POST /applications", `{"name":"more"}`},
		{"POST /auth/user", `{"email":"dev@example.com","password":"correct horse battery"}`},
		{"PATCH " + myHook, `{"name":"three"}`},
		{"GET " + hooks + "?sortField=id", ""},
		{"GET /nope", ""},
		{"POST " + hooks, `{`},
		{"GET /applications", ""},
	} {
		a := send(t, srv.URL, request[0], request[1], sendsJSON)
		a.header.Del("Date")
		transcript.WriteString(toJSON(t, []any{a.status, a.header, a.body}) + "\n")
	}
	journal := send(t, srv.URL, "GET /__admin/requests", "")
	return transcript.String() + withoutPorts.ReplaceAllString(journal.body, "PORT")
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
		Applications: []scenarios.Application{{ID: app, Name: "Mine"}},
	}))
	for _, want := range []string{"2016-06-13T04:00:00.000Z", "2016-06-13T04:00:01.500Z", "2016-06-13T04:00:03.000Z"} {
		got := decode[object](t, send(t, srv.URL, "POST "+hooks, `{"name":"x"}`, sendsJSON))
		if got["creationDate"] != want {
			t.Errorf("created at %v, want %s", got["creationDate"], want)
		}
	}
}

func TestResetPutsTheScenarioBack(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	create(t, srv, `{"name":"x"}`)
	send(t, srv.URL, "DELETE "+myHook, "")
	if a := send(t, srv.URL, "POST /__admin/reset", ""); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got := srv.Requests().Count(); got != 0 {
		t.Errorf("the journal has %d entries", got)
	}
	if got := names(list(t, srv, "")); !cmp.Equal(got, []string{"My Webhook"}) {
		t.Errorf("there are %q", got)
	}
}
