package world_test

import (
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// What a request is about is known whatever responds to it: a fault, a step that
// refuses it, or nothing yet.
func TestWhatARequestIsAboutIsKnownWhateverResponds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   []scenarios.Fault
		request string
		status  int
	}{
		"the API":                {nil, "GET " + mocktest.WebhookPath, 200},
		"a refused parameter":    {nil, "GET " + mocktest.WebhookPath + "?_links=[", 200},
		"a fault":                {[]scenarios.Fault{{Operation: "webhook.get", Effect: scenarios.Effect{Status: 503}}}, "GET " + mocktest.WebhookPath, 503},
		"a fault by token":       {[]scenarios.Fault{{Token: "any", Effect: scenarios.Effect{Status: 503}}}, "GET " + mocktest.WebhookPath, 503},
		"a fault by application": {[]scenarios.Fault{{Application: mocktest.ApplicationID, Effect: scenarios.Effect{Status: 503}}}, "GET " + mocktest.WebhookPath, 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			for _, fault := range c.fault {
				fault.Name = "down"
				srv.AddFault(fault)
			}
			if got := mocktest.Send(t, srv.URL, c.request, "").Status; got != c.status {
				t.Fatalf("status %d", got)
			}
			r := srv.Requests().Operation("webhook.get").Application(mocktest.ApplicationID).Webhook(mocktest.WebhookID).Once(t)
			if r.Token != "any" || r.PathParams["webhookId"] != mocktest.WebhookID || (r.Fault != "") != (c.fault != nil) {
				t.Errorf("recorded as %+v", r)
			}
		})
	}
}

// A call of a webhook is known by the webhook that its token leads to, also when
// the call is refused, met by a fault, or waits for a reply.
func TestWhatACallIsAboutIsKnownWhateverResponds(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	disabled := srv.AddWebhook(scenarios.Webhook{Name: "off", Token: "off", Enabled: new(false)})
	locked := srv.AddWebhook(scenarios.Webhook{Name: "locked", Token: "locked", BasicAuthUsername: "me"})
	waiting := srv.AddWebhook(scenarios.Webhook{Name: "waits", Token: "waits", WaitForReply: true})
	for _, hook := range []scenarios.Webhook{disabled, locked} {
		mocktest.Send(t, srv.URL, "POST /webhooks/"+hook.Token, "x")
		srv.Requests().Operation("trigger").Application(hook.ApplicationID).Webhook(hook.ID).Once(t)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		mocktest.Send(t, srv.URL, "POST /webhooks/waits", "x")
	}()
	held := srv.Requests().Operation("trigger").Webhook(waiting.ID).Within(time.Minute).Once(t)
	if !held.Pending {
		t.Errorf("recorded as %+v", held)
	}
	fired := srv.Triggers().Webhook("waits").Within(time.Minute).Once(t)
	srv.Reply(fired.Payload.Data.ReplyID, mockserver.Reply{})
	<-done
	srv.AddFault(scenarios.Fault{Name: "down", Effect: scenarios.Effect{Status: 503}})
	mocktest.Send(t, srv.URL, "POST /webhooks/locked", "x")
	srv.Requests().Webhook(locked.ID).Status(503).Once(t)
}
