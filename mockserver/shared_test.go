package mockserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// scribbledScenario has a value behind every pointer, slice and map that a
// scenario can have.
func scribbledScenario() *scenarios.Scenario {
	return &scenarios.Scenario{
		Auth: scenarios.Auth{
			Mode:   scenarios.AuthStrict,
			Users:  []scenarios.User{{Email: "dev@example.com", Password: "as it was"}},
			Tokens: []scenarios.Token{{Token: "any", Scopes: []string{"all.User"}}},
		},
		IDs:      scenarios.IDs{Seed: new(uint64(7))},
		Pedantic: &scenarios.Pedantic{Seed: new(uint64(7))},
		Faults: []scenarios.Fault{{
			Name: "never", Operation: "webhook.get", From: 1000,
			Effect: scenarios.Effect{Status: 503, Headers: map[string]string{"X-Fault": "as it was"}, Latency: &scenarios.Latency{Fixed: time.Millisecond}},
		}, {
			Name: "steps", Operation: "webhook.get", From: 1000,
			Steps: []scenarios.Effect{{Status: 503, Headers: map[string]string{"X-Fault": "as it was"}, Latency: &scenarios.Latency{Fixed: time.Millisecond}}},
		}},
		Applications: []scenarios.Application{{
			ID: mocktest.ApplicationID, Name: "a",
			Webhooks: []scenarios.Webhook{
				{Name: "one", Token: "one", Enabled: new(true), WaitForReply: true, Reply: &scenarios.Reply{Body: "as it was", Headers: map[string]string{"X-Reply": "as it was"}}},
				{Name: "turns", Token: "turns", WaitForReply: true, Replies: []scenarios.Reply{{Body: "as it was", Headers: map[string]string{"X-Reply": "as it was"}}}},
			},
			Generate: []scenarios.Generate{{Count: 2, Webhook: scenarios.Webhook{Name: "made {{n}}", Enabled: new(true)}}},
		}},
	}
}

// scribble changes everything that a scenario points to.
func scribble(s *scenarios.Scenario) {
	*s.IDs.Seed, *s.Pedantic.Seed = 1, 1
	s.Auth.Users[0].Password = "scribbled"
	s.Auth.Tokens[0].Scopes[0] = "webhooks.get"
	s.Faults[0].Effect.Headers["X-Fault"], s.Faults[0].Effect.Latency.Fixed = "scribbled", time.Hour
	s.Faults[1].Steps[0].Headers["X-Fault"], s.Faults[1].Steps[0].Latency.Fixed = "scribbled", time.Hour
	s.Faults[1].Steps[0].Status = 404
	a := &s.Applications[0]
	a.Name = "scribbled"
	for i := range a.Webhooks {
		scribbleWebhook(&a.Webhooks[i])
	}
	for i := range a.Generate {
		scribbleWebhook(&a.Generate[i].Webhook)
	}
}

func scribbleWebhook(hook *scenarios.Webhook) {
	hook.Name = "scribbled"
	if hook.Enabled != nil {
		*hook.Enabled = false
	}
	if hook.Reply != nil {
		hook.Reply.Body, hook.Reply.Headers["X-Reply"] = "scribbled", "scribbled"
	}
	for i := range hook.Replies {
		hook.Replies[i].Body, hook.Replies[i].Headers["X-Reply"] = "scribbled", "scribbled"
	}
}

// scenarioText is a scenario as a file: all that it says.
func scenarioText(t *testing.T, s *scenarios.Scenario) string {
	t.Helper()
	text, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A scenario belongs to whoever made it: a world keeps a copy, and returns
// copies.
func TestScenariosAreCopied(t *testing.T) {
	t.Parallel()
	given, replaced := scribbledScenario(), scribbledScenario()
	srv := mockserver.Start(t, mockserver.WithWorld(given))
	scribble(given)
	check := func(when string, want string) {
		t.Helper()
		if got := scenarioText(t, srv.Scenario()); got != want {
			t.Errorf("%s, the world is\n%s\nwant\n%s", when, got, want)
		}
		for _, token := range []string{"one", "turns"} {
			a := mocktest.Send(t, srv.URL, "POST /webhooks/"+token, "")
			if a.Body != "as it was" || a.Header.Get("X-Reply") != "as it was" {
				t.Errorf("%s, a call of %s is responded to with %d %s %v", when, token, a.Status, a.Body, a.Header)
			}
		}
	}
	want := scenarioText(t, srv.Scenario())
	if strings.Contains(want, "scribbled") {
		t.Errorf("the scenario of WithWorld is kept:\n%s", want)
	}
	scribble(srv.Scenario())
	check("after Scenario", want)
	srv.Replace(replaced)
	want = scenarioText(t, srv.Scenario())
	scribble(replaced)
	check("after Replace", want)
	srv.Reset()
	if got := scenarioText(t, srv.Scenario()); strings.Contains(got, "scribbled") {
		t.Errorf("after a reset, the world is\n%s", got)
	}
}

// What a world returns, and what it is given, is not what it keeps. Two
// servers share nothing.
func TestNothingSharedIsHandedOut(t *testing.T) {
	t.Parallel()
	one, two := mockserver.Start(t), mockserver.Start(t)
	given := scenarios.Webhook{Name: "given", Token: "given", Enabled: new(true)}
	added := one.AddWebhook(given)
	*added.Enabled, *given.Enabled = false, false
	application := scenarios.Application{Name: "b", Webhooks: []scenarios.Webhook{{Name: "inner", Token: "inner", WaitForReply: true, Reply: &scenarios.Reply{Body: "as it was"}}}}
	inner := one.AddApplication(application)
	*inner.Webhooks[0].Enabled = false
	inner.Webhooks[0].Reply.Body = "scribbled"
	if a := mocktest.Send(t, one.URL, "POST /webhooks/inner", ""); a.Body != "as it was" {
		t.Errorf("the reply has become %s", a.Body)
	}
	application.Webhooks[0].Reply.Body = "scribbled"
	if a := mocktest.Send(t, one.URL, "POST /webhooks/inner", ""); a.Body != "as it was" {
		t.Errorf("the reply has become %s", a.Body)
	}
	for url, token := range map[string]string{one.URL: "given", two.URL: "the_webhook_token"} {
		mocktest.Send(t, url, "POST /webhooks/"+token, "")
		if a := mocktest.Send(t, url, "GET "+mocktest.WebhooksPath, ""); strings.Contains(a.Body, `"enabled":false`) {
			t.Errorf("%s", a.Body)
		}
	}
	one.Triggers().Webhook("given").Once(t)
	two.Triggers().Once(t)

	scopes := []string{"webhooks.get"}
	token := one.Token(scopes...)
	scopes[0] = "scribbled"
	for range 2 {
		mocktest.Send(t, one.URL, "GET "+mocktest.WebhooksPath, "", "Authorization: Bearer "+token)
		r, _ := one.Requests().Scope("webhooks.get").First()
		if len(r.Scopes) != 1 {
			t.Fatalf("the scopes are %q", r.Scopes)
		}
		r.Scopes[0] = "scribbled"
	}

	fault := scenarios.Fault{Name: "f", Operation: "webhook.get", Effect: scenarios.Effect{Status: 503, Headers: map[string]string{"X-Fault": "as it was"}, Latency: &scenarios.Latency{Fixed: time.Millisecond}}}
	one.AddFault(fault)
	fault.Effect.Headers["X-Fault"], fault.Effect.Latency.Fixed = "scribbled", time.Hour
	shown := one.Faults()[0]
	shown.Effect.Headers["X-Fault"], shown.Effect.Latency.Fixed = "scribbled", time.Hour
	if a := mocktest.Send(t, one.URL, "GET "+mocktest.WebhookPath, ""); a.Status != 503 || a.Header.Get("X-Fault") != "as it was" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

// What a question returns can be changed without changing the journal, or
// what is sent afterwards.
func TestRecordedRequestsAreCopies(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	first := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, "", "X-Mine: as it was")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"nome":"x"}`, mocktest.SendsJSON)
	for _, r := range srv.Requests().All() {
		before := mocktest.ToJSON(t, r)
		for _, header := range []http.Header{r.Header, r.ResponseHeader} {
			for name := range header {
				header[name][0] = "scribbled"
			}
		}
		for _, body := range [][]byte{r.Body, r.ResponseBody} {
			clear(body)
		}
		if r.Violation != nil {
			r.Violation.What = "scribbled"
		}
		again := srv.Requests().All()[r.Sequence-1]
		if after := mocktest.ToJSON(t, again); after != before {
			t.Errorf("the journal has\n%s\nwant\n%s", after, before)
		}
	}
	second := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, "")
	if second.Body != first.Body || second.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %v", second.Body, second.Header)
	}
}

// A handler around the server may change the fields of one response: no other
// has them.
func TestFieldsOfResponsesAreNotShared(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, target := range []string{"GET " + mocktest.WebhookPath, "POST /webhooks/the_webhook_token"} {
			method, path, _ := strings.Cut(target, " ")
			r := httptest.NewRequest(method, path, nil)
			r.Header.Set("Authorization", "Bearer any")
			response := httptest.NewRecorder()
			s.ServeHTTP(response, r)
			if got := response.Header().Get("Content-Type"); got != "application/json" {
				t.Errorf("%s: %q", target, got)
			}
			for _, values := range response.Header() {
				values[0] = "scribbled"
			}
		}
	}
}

// The payload of a WebSocket's message is a copy too.
func TestPayloadsAreCopies(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	srv.AddWebhook(scenarios.Webhook{Name: "socket", Token: "socket", IsWebsocket: true})
	conn := mocktest.OpenWebSocket(t, srv.URL+"/webhooks/socket")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := conn.Write(ctx, websocket.MessageBinary, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	message := srv.Triggers().Type("message").Within(20 * time.Second)
	got := message.Once(t)
	before := mocktest.ToJSON(t, got)
	clear(got.Payload.Data.Message.(map[string]any)["data"].([]any))
	clear(got.Payload.Data.Message.(map[string]any))
	if after := mocktest.ToJSON(t, message.Once(t)); after != before {
		t.Errorf("the journal has\n%s\nwant\n%s", after, before)
	}
}
