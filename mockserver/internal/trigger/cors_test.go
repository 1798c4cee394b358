package trigger_test

import (
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

func TestBrowsersCallWebhooks(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 1}},
		scenarios.Webhook{ID: mocktest.WebhookID, Name: "open"},
		scenarios.Webhook{Name: "locked", BasicAuthPassword: "secret"},
		scenarios.Webhook{Name: "own", WaitForReply: true, Reply: &scenarios.Reply{Headers: map[string]string{"access-control-allow-origin": "https://own.example"}}},
		scenarios.Webhook{Name: "empty", VerificationType: "fitbit"},
	)
	const (
		origin = "Origin: https://page.example"
		asks   = "Access-Control-Request-Method: PUT"
	)
	for _, c := range []struct {
		name, request string
		lines         []string
		status        int
		allowed       string
	}{
		{"a preflight", "OPTIONS /webhooks/open/path", []string{origin, asks, "Access-Control-Request-Headers: authorization,x-mine"}, 204, "https://page.example"},
		{"a second preflight, which is no call", "OPTIONS /webhooks/open", []string{origin, asks}, 204, "https://page.example"},
		{"a preflight of a locked webhook", "OPTIONS /webhooks/locked", []string{origin, asks}, 204, "https://page.example"},
		{"a preflight of no webhook", "OPTIONS /webhooks/nobodys", []string{origin, asks}, 404, "https://page.example"},
		{"a call", "PUT /webhooks/open", []string{origin}, 200, "https://page.example"},
		{"a call too many", "PUT /webhooks/open", []string{origin}, 429, "https://page.example"},
		{"a call that is refused", "PUT /webhooks/locked", []string{origin}, 401, "https://page.example"},
		{"a call of no page", "PUT /webhooks/empty", nil, 204, "*"},
		{"a reply with an origin of its own", "PUT /webhooks/own", []string{origin}, 200, "https://own.example"},
	} {
		a := mocktest.Send(t, srv.URL, c.request, "", c.lines...)
		if got := a.Header.Get("Access-Control-Allow-Origin"); a.Status != c.status || got != c.allowed {
			t.Errorf("%s: %d %v", c.name, a.Status, a.Header)
		}
		if a.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: a page may send cookies", c.name)
		}
	}
	a := mocktest.Send(t, srv.URL, "OPTIONS /webhooks/open", "", origin, asks, "Access-Control-Request-Headers: x-mine")
	for name, want := range map[string]string{
		"Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Headers": "x-mine", "Access-Control-Max-Age": "86400",
		"Vary": "origin", "Content-Length": "",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	srv.Triggers().Webhook("open").Once(t)
	srv.Triggers().Webhook("locked").Never(t)
}
