package trigger_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

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
