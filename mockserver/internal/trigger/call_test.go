package trigger_test

import (
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// triggerWorld serves one application with webhooks, each with its name as its
// token.
func triggerWorld(t testing.TB, settings scenarios.Triggers, webhooks ...scenarios.Webhook) *mockserver.TestServer {
	t.Helper()
	for i := range webhooks {
		webhooks[i].Token = webhooks[i].Name
	}
	return mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		IDs:          scenarios.IDs{Seed: new(uint64(1))},
		Triggers:     settings,
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "My Application", Webhooks: webhooks}},
	}))
}

const done = `{"success":true}`

// Each row of the documentation, over a socket.
func TestCallsOfWebhooks(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{MaxBody: 1000},
		scenarios.Webhook{ID: mocktest.WebhookID, Name: "default"},
		scenarios.Webhook{Name: "teapot", ResponseCode: 418},
		scenarios.Webhook{Name: "disabled", Enabled: new(false), ResponseCode: 500, WaitForReply: true},
		scenarios.Webhook{Name: "twilio", VerificationType: "twilio", ResponseCode: 201},
		scenarios.Webhook{Name: "facebook", VerificationType: "facebook", VerificationCode: "the code"},
		scenarios.Webhook{Name: "fitbit", VerificationType: "fitbit", VerificationCode: "the code", ResponseCode: 418},
		scenarios.Webhook{Name: "alexa", VerificationType: "alexa"},
		scenarios.Webhook{Name: "user", BasicAuthUsername: "me"},
		scenarios.Webhook{Name: "password", BasicAuthPassword: "secret"},
		scenarios.Webhook{Name: "both", BasicAuthUsername: "me", BasicAuthPassword: "secret"},
		scenarios.Webhook{Name: "an_odd-$token"},
		scenarios.Webhook{Name: "socket", IsWebsocket: true},
		scenarios.Webhook{Name: "disabled socket", IsWebsocket: true, Enabled: new(false)},
	)
	const xml = `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`
	alexa := []string{"Signature: x", "SignatureCertChainUrl: https://x", "Timestamp: 2016-06-13T03:57:30Z"}
	for _, c := range []struct {
		request string
		body    string
		lines   []string
		status  int
		want    string
		fires   bool
	}{
		{"GET /webhooks/default", "", nil, 200, done, true},
		{"POST /webhooks/default/any/further%20path?x=1", "{}", nil, 200, done, true},
		{"PROPFIND /webhooks/default/", "", nil, 200, done, true},
		{"OPTIONS /webhooks/default", "", nil, 200, done, true},
		{"DELETE /webhooks/default", "", nil, 200, done, true},
		{"GET /webhooks/teapot", "", nil, 418, done, true},
		{"GET /webhooks/an_odd-$token", "", nil, 200, done, true},
		{"GET /webhooks/an%5fodd-%24token", "", nil, 200, done, true},
		{"GET /webhooks/nobodys", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/" + mocktest.WebhookID, "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/default%2fx", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/..%2f__admin%2frequests", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"POST /webhooks/default", strings.Repeat("x", 1000), nil, 200, done, true},
		{"POST /webhooks/default", strings.Repeat("x", 1001), nil, 413, mocktest.Problem("The body is too large"), false},
		{"POST /webhooks/default", "x", []string{"Content-Encoding: br"}, 415, mocktest.Problem("The body can't be read"), false},
		{"POST /webhooks/disabled", "", nil, 200, done, false},
		{"GET /webhooks/twilio", "", nil, 201, xml, true},
		{"GET /webhooks/facebook?hub.mode=subscribe&hub.verify_token=the+code&hub.challenge=%3Cb%3E1158201444", "", nil, 200, "<b>1158201444", false},
		{"GET /webhooks/facebook?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", "", nil, 403, mocktest.Problem("The verification code is wrong"), false},
		{"GET /webhooks/facebook?hub.mode=subscribe", "", nil, 403, mocktest.Problem("The verification code is wrong"), false},
		{"POST /webhooks/facebook", "{}", nil, 200, done, true},
		{"GET /webhooks/facebook", "", nil, 200, done, true},
		{"GET /webhooks/fitbit?verify=the+code", "", nil, 204, "", false},
		{"GET /webhooks/fitbit?verify=wrong", "", nil, 404, mocktest.Problem("The verification code is wrong"), false},
		{"GET /webhooks/fitbit?verify=", "", nil, 404, mocktest.Problem("The verification code is wrong"), false},
		{"POST /webhooks/fitbit", "[]", nil, 204, "", true},
		{"POST /webhooks/alexa", "{}", alexa, 200, done, true},
		{"POST /webhooks/alexa", "{}", alexa[1:], 400, mocktest.Problem("The header Signature is missing"), false},
		{"POST /webhooks/alexa", "{}", alexa[:2], 400, mocktest.Problem("The header Timestamp is missing"), false},
		{"POST /webhooks/alexa", "{}", []string{alexa[0], alexa[2]}, 400, mocktest.Problem("The header SignatureCertChainUrl is missing"), false},
		{"POST /webhooks/alexa", "{}", []string{alexa[0], alexa[1], "Timestamp: 2016-06-13T03:57:29Z"}, 400, mocktest.Problem("The header Timestamp is too old"), false},
		{"POST /webhooks/alexa", "{}", []string{alexa[0], alexa[1], "Timestamp: now"}, 400, mocktest.Problem("The header Timestamp is no date such as 2016-06-13T04:00:00Z"), false},
		{"GET /webhooks/user", "", nil, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/user", "", []string{"Authorization: Basic bWU6"}, 200, done, true},                                      // me:
		{"GET /webhooks/user", "", []string{"Authorization: Basic bWU6c2VjcmV0"}, 401, mocktest.Problem("Unauthorized"), false}, // me:secret
		{"GET /webhooks/password", "", []string{"Authorization: Basic OnNlY3JldA=="}, 200, done, true},                          // :secret
		{"GET /webhooks/password", "", []string{"Authorization: Basic bWU6c2VjcmV0"}, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/both", "", []string{"Authorization: Basic bWU6c2VjcmV0"}, 200, done, true},
		{"GET /webhooks/both", "", []string{"Authorization: Bearer bWU6c2VjcmV0"}, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/both", "", []string{"Authorization: Basic ???"}, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/socket", "", nil, 426, mocktest.Problem("This webhook is a WebSocket"), false},
		{"GET /webhooks/disabled%20socket", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks", "", nil, 405, `{"type":"MethodNotAllowed","message":"GET is not allowed"}`, false},
		{"GET /webhooks%2fdefault", "", nil, 405, `{"type":"MethodNotAllowed","message":"GET is not allowed"}`, false},
	} {
		before := srv.Triggers().Count()
		lines := c.lines
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Authorization:") }) {
			lines = append(slices.Clip(lines), "Authorization:")
		}
		a := mocktest.Send(t, srv.URL, c.request, c.body, lines...)
		if a.Status != c.status || a.Body != c.want {
			t.Errorf("%s %v: %d %s, want %d %s", c.request, c.lines, a.Status, a.Body, c.status, c.want)
		}
		if fired := srv.Triggers().Count() > before; fired != c.fires {
			t.Errorf("%s %v: fires: %t, want %t", c.request, c.lines, fired, c.fires)
		}
		if c.status != 405 {
			guarded(t, c.request, a)
		}
	}
	for _, r := range srv.Requests().All() {
		if r.Operation != "trigger" && r.Status != 405 {
			t.Errorf("recorded as %s: %s", r.Operation, r.Target)
		}
	}
	t.Attr("S6", "every documented kind of call")
	srv.Requests().Operation("trigger").Webhook(mocktest.WebhookID).Status(418).Never(t)
	if got := srv.Requests().Operation("trigger").Application(mocktest.ApplicationID).Webhook(mocktest.WebhookID).Count(); got != 8 { // two are refused
		t.Errorf("%d requests are about the webhook", got)
	}
}

// guarded holds a response to the fields that keep it from running in a
// browser.
func guarded(t testing.TB, what string, a mocktest.Response) {
	t.Helper()
	kind := a.Header.Get("Content-Type")
	if a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") ||
		a.Header.Get("X-Xss-Protection") == "" || strings.Contains(kind, "html") || a.Body != "" && kind == "" {
		t.Errorf("%s: %v", what, a.Header)
	}
}

// Every responseCode that can be stored has a response that can be sent.
func TestEveryResponseCode(t *testing.T) {
	t.Parallel()
	var webhooks []scenarios.Webhook
	for code := 100; code <= 599; code++ {
		webhooks = append(webhooks, scenarios.Webhook{Name: strconv.Itoa(code), ResponseCode: code})
	}
	srv := triggerWorld(t, scenarios.Triggers{}, webhooks...)
	for code := 100; code <= 599; code++ {
		response, err := http.Get(srv.URL + "/webhooks/" + strconv.Itoa(code))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		want, text := code, done
		switch {
		case code < 200:
			want = 200
		case code == 204, code == 205, code == 304:
			text = ""
		}
		if err != nil || response.StatusCode != want || string(body) != text {
			t.Errorf("%d: %d %q %v", code, response.StatusCode, body, err)
		}
	}
	t.Attr("B4", "500 of 500 values answered")
	if n := srv.Triggers().Count(); n != 500 {
		t.Errorf("%d of 500 fired", n)
	}
}

// The window of the rate limit slides: it is never more than so many calls in
// any stretch of time. Each webhook has its own.
func TestCallsAreThrottled(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		// A call each second.
		Clock:    scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		Triggers: scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 3, Per: 10 * time.Second}},
		Applications: []scenarios.Application{{Name: "a", Webhooks: []scenarios.Webhook{
			{Name: "one", Token: "one"}, {Name: "two", Token: "two"},
		}}},
	}))
	var got []int
	for range 15 {
		got = append(got, mocktest.Send(t, srv.URL, "GET /webhooks/one", "").Status)
	}
	// Calls at 0, 1, 2 pass, and so do those at 10, 11, 12.
	want := []int{200, 200, 200, 429, 429, 429, 429, 429, 429, 429, 200, 200, 200, 429, 429}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	a := mocktest.Send(t, srv.URL, "GET /webhooks/one", "")
	if a.Body != mocktest.Problem("Over rate limit, request throttled") {
		t.Errorf("%s", a.Body)
	}
	guarded(t, "throttled", a)
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/two", ""); a.Status != 200 {
		t.Errorf("another webhook: %d", a.Status)
	}
	// 100 in 10 seconds is what the real service lets through.
	srv = triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{Name: "default"})
	for i := range 101 {
		if status := mocktest.Send(t, srv.URL, "GET /webhooks/default", "").Status; status != map[bool]int{true: 200, false: 429}[i < 100] {
			t.Errorf("call %d: %d", i+1, status)
		}
	}
}

// Whoever has the response to a DELETE, or to a PATCH that disables, finds that
// nothing fires afterwards.
func TestADeletedWebhookFiresNothing(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Triggers:     scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 1_000_000, Per: time.Second}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	for round := range 20 {
		token := "token-" + strconv.Itoa(round)
		h := srv.AddWebhook(scenarios.Webhook{Name: "w", Token: token})
		stop := make(chan bool)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						response, err := http.Post(srv.URL+"/webhooks/"+token, "", nil)
						if err == nil {
							_, _ = io.Copy(io.Discard, response.Body)
							_ = response.Body.Close()
						}
					}
				}
			})
		}
		for srv.Triggers().Webhook(token).Count() == 0 {
			runtime.Gosched()
		}
		request, body := "DELETE "+mocktest.WebhooksPath+"/"+h.ID, ""
		if round%2 == 1 {
			request, body = "PATCH "+mocktest.WebhooksPath+"/"+h.ID, `{"enabled":false}`
		}
		if a := mocktest.Send(t, srv.URL, request, body, "Content-Type: application/json"); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		fired := srv.Triggers().Webhook(token).Count()
		for range 20 {
			mocktest.Send(t, srv.URL, "POST /webhooks/"+token, "")
		}
		if after := srv.Triggers().Webhook(token).Count(); after != fired || fired == 0 {
			t.Errorf("%s: %d fired before the answer, %d in all", request, fired, after)
		}
		close(stop)
		wg.Wait()
	}
	t.Attr("C3", "20 webhooks deleted or disabled beside four callers: nothing fires afterwards")
}
