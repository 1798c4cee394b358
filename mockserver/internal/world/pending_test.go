package world_test

import (
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// A request that is held back is found by all that it has: what a response does not
// decide is known before.
func TestWhatAHeldBackRequestHasIsKnown(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	token := srv.Token(contract.ScopeAllApplication)
	srv.AddFault(scenarios.Fault{Name: "slow", Path: "/applications/**", Effect: scenarios.Effect{Latency: &scenarios.Latency{Fixed: time.Hour}}})
	done := make(chan struct{})
	go func() {
		defer close(done)
		mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"Door"}`, mocktest.SendsJSON, "Authorization: Bearer "+token)
	}()
	held := srv.Requests().Fault("slow").Body("name", "Door").Scope(contract.ScopeAllApplication).Within(time.Minute).Once(t)
	if !held.Pending || string(held.Body) != `{"name":"Door"}` || len(held.Scopes) != 1 {
		t.Errorf("recorded as %+v", held)
	}
	for _, pattern := range []string{
		`{"fault":{"absent":true}}`, `{"scope":{"absent":true}}`, `{"bodyPatterns":[{"absent":true}]}`, `{"bodyPatterns":[{"doesNotContain":"Door"}]}`,
	} {
		if n := countMatching(t, srv, pattern); n != 0 {
			t.Errorf("%s matches %d", pattern, n)
		}
	}
	srv.Reset() // which ends the wait
	<-done
}

// countMatching returns how many requests match a pattern.
func countMatching(t *testing.T, srv *mockserver.TestServer, pattern string) int {
	t.Helper()
	a := mocktest.Send(t, srv.URL, "POST /__admin/requests/count", pattern, mocktest.SendsJSON)
	if a.Status != 200 {
		t.Fatalf("%s: %d %s", pattern, a.Status, a.Body)
	}
	return mocktest.Decode[struct{ Count int }](t, a).Count
}

// The scopes of a token are known whatever responds to its request.
func TestScopesAreKnownWhateverResponds(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	token := srv.Token("webhooks.get")
	srv.AddFault(scenarios.Fault{Name: "down", Operation: "webhooks.get", Effect: scenarios.Effect{Status: 503}})
	for request, status := range map[string]int{
		"GET " + mocktest.WebhooksPath:         503,
		"POST " + mocktest.WebhooksPath:        400,
		"PUT " + mocktest.WebhooksPath:         405,
		"GET " + mocktest.WebhookPath:          403,
		"GET " + mocktest.WebhooksPath + "/%4": 404,
	} {
		if got := mocktest.Send(t, srv.URL, request, "no JSON", mocktest.SendsJSON, "Authorization: Bearer "+token).Status; got != status {
			t.Errorf("%s: %d", request, got)
		}
		srv.Requests().Status(status).Scope("webhooks.get").Once(t)
	}
	if n := countMatching(t, srv, `{"scope":{"absent":true}}`); n != 0 {
		t.Errorf("%d have no scope", n)
	}
}

// A request that no step sees is about what its request line says.
func TestWhatARefusedRequestIsAboutIsKnown(t *testing.T) {
	t.Parallel()
	const host = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
	for name, c := range map[string]struct {
		text, operation, parameter, value string
	}{
		"an expectation":   {"PATCH " + mocktest.WebhookPath + host + "Expect: foo\r\n\r\n", "webhook.patch", "webhookId", mocktest.WebhookID},
		"an encoding":      {"POST " + mocktest.WebhooksPath + host + "Transfer-Encoding: foo\r\n\r\n", "webhooks.post", "applicationId", mocktest.ApplicationID},
		"a header line":    {"GET " + mocktest.WebhooksPath + host + "foo\r\n\r\n", "webhooks.get", "applicationId", mocktest.ApplicationID},
		"an escaped path":  {"GET /%61pplications" + host + "Expect: foo\r\n\r\n", "applications.get", "", ""},
		"a broken escape":  {"GET " + mocktest.WebhooksPath + "/%4" + host + "\r\n", "webhook.get", "webhookId", "%4"},
		"a call":           {"POST /webhooks/the_webhook_token/%zz" + host + "\r\n", "trigger", "token", "the_webhook_token"},
		"a refused call":   {"POST /webhooks/the_webhook_token" + host + "Expect: foo\r\n\r\n", "trigger", "token", "the_webhook_token"},
		"a broken sandbox": {"GET /__sandbox/-/applications" + host + "\r\n", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), c.text)
			r := srv.Requests().Once(t)
			if r.Operation != c.operation || r.PathParams[c.parameter] != c.value {
				t.Errorf("recorded as %q with %q", r.Operation, r.PathParams)
			}
			if c.operation == "trigger" {
				srv.Requests().Webhook("the_webhook_token").Application(mocktest.ApplicationID).Once(t)
			}
		})
	}
}

// A call is about the webhook of the token in its URL, also when there is none any
// more.
func TestCallsOfADeletedWebhookAreAboutIt(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	hook := srv.AddWebhook(scenarios.Webhook{Name: "Door", Token: "door"})
	mocktest.Send(t, srv.URL, "POST /webhooks/door", "x")
	mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhooksPath+"/"+hook.ID, "")
	mocktest.Send(t, srv.URL, "POST /webhooks/door", "x")
	for _, name := range []string{"Door", hook.ID, "door"} {
		srv.Requests().Operation("trigger").Webhook(name).Times(t, 2)
		srv.Requests().Operation("trigger").Webhook(name).Status(404).Once(t)
	}
	mocktest.Send(t, srv.URL, "POST /webhooks/nobody", "x")
	srv.Requests().Webhook("nobody").Once(t)
}
