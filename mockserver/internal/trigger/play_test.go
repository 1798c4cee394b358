package trigger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// A scenario's replies come in turn; a template sees the payload; a workflow in
// Go comes before them.
func TestPlayingTheWorkflow(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{},
		scenarios.Webhook{Name: "turns", WaitForReply: true, Replies: []scenarios.Reply{{Body: "one"}, {Status: 503, Body: "two"}}},
		scenarios.Webhook{Name: "template", WaitForReply: true, Reply: &scenarios.Reply{
			Status: 201, Headers: map[string]string{"Content-Type": "text/plain"},
			Body: `{{upper .data.body.name}} {{.data.method}} {{json .data.query}} {{default "nobody" .data.body.who}} {{lower .applicationName}}`,
		}},
		scenarios.Webhook{Name: "broken", WaitForReply: true, Reply: &scenarios.Reply{Body: `{{index .data.query "x" 5}}`}},
		scenarios.Webhook{Name: "endless", WaitForReply: true, Reply: &scenarios.Reply{Body: `{{range 100000000}}xxxxxxxxxx{{end}}`}},
		scenarios.Webhook{Name: "silent"},
	)
	for i, want := range []string{"200 one", "503 two", "200 one"} {
		if a := mocktest.Send(t, srv.URL, "GET /webhooks/turns", ""); fmt.Sprint(a.Status, " ", a.Body) != want {
			t.Errorf("call %d: %d %s, want %s", i+1, a.Status, a.Body, want)
		}
	}
	a := mocktest.Send(t, srv.URL, "POST /webhooks/template?a=1", `{"name":"Door"}`, "Content-Type: application/json")
	if want := `DOOR post {"a":"1"} nobody my application`; a.Status != 201 || a.Body != want || a.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("%d %s %v, want %s", a.Status, a.Body, a.Header, want)
	}
	for _, token := range []string{"broken", "endless"} {
		if a := mocktest.Send(t, srv.URL, "GET /webhooks/"+token, ""); a.Status != 400 || !strings.Contains(a.Body, "reply can't be sent") {
			t.Errorf("%s: %d %s", token, a.Status, a.Body)
		}
	}
	seen := make(chan mockserver.Trigger, 1)
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		seen <- trigger
		return &mockserver.Reply{Status: 207}
	})
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/turns", ""); a.Status != 207 || (<-seen).WebhookName != "turns" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/silent", ""); a.Status != 200 || (<-seen).Payload.Data.ReplyID != "" {
		t.Errorf("nobody waits: %d %s", a.Status, a.Body)
	}
	srv.OnTrigger(func(mockserver.Trigger) *mockserver.Reply { return &mockserver.Reply{Status: 1000} })
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/turns", ""); a.Status != 400 {
		t.Errorf("a reply that can't be sent: %d %s", a.Status, a.Body)
	}
}

// A trigger reports its application and its webhook as they were when it
// fired, whatever has become of them since.
func TestATriggerReportsWhatWasThere(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	made := srv.AddWebhook(scenarios.Webhook{Name: "before", Token: "mine", CastBuffersAs: "hex"})
	call := func() {
		t.Helper()
		if a := mocktest.Send(t, srv.URL, "POST /webhooks/mine", "ab", "Content-Type: application/octet-stream"); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	change := func(request, body string) {
		t.Helper()
		if a := mocktest.Send(t, srv.URL, request, body, mocktest.SendsJSON); a.Status != 200 {
			t.Fatalf("%s: %d %s", request, a.Status, a.Body)
		}
	}
	call()
	fired := mocktest.ToJSON(t, srv.Triggers().Once(t))
	change("PATCH /applications/"+mocktest.ApplicationID, `{"name":"Renamed"}`)
	change("PATCH "+mocktest.WebhooksPath+"/"+made.ID, `{"name":"after","castBuffersAs":"base64"}`)
	if now := mocktest.ToJSON(t, srv.Triggers().Once(t)); now != fired {
		t.Errorf("the trigger has become\n%s\nwant\n%s", now, fired)
	}
	srv.Triggers().Application("My Application").Webhook("before").Body("$", "6162").Once(t)
	srv.Triggers().Application("Renamed").Never(t)
	if a := mocktest.Send(t, srv.URL, "GET /__admin/triggers?application=My%20Application", ""); !strings.Contains(a.Body, `"applicationName": "My Application"`) {
		t.Errorf("%s", a.Body)
	}
	call()
	change("DELETE "+mocktest.WebhooksPath+"/"+made.ID, "")
	srv.Triggers().Application("My Application").Webhook("before").Body("$", "6162").Once(t)
	srv.Triggers().Application("Renamed").Webhook("after").Body("$", "YWI=").Once(t)
	if r := srv.Requests().Webhook(made.ID).Operation("trigger").All(); len(r) != 2 || r[0].Trigger.Payload.ApplicationName != "My Application" {
		t.Errorf("%+v", r)
	}
}
