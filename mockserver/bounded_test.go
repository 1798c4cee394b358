package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// serveAs sends a request with an access token to a server in this process.
func serveAs(s *mockserver.Server, method, target, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// A rate limit remembers those who called within its time, and nobody else.
func TestRateLimitsForgetWhoseTimeHasPassed(t *testing.T) {
	t.Parallel()
	const others = 200
	limit := scenarios.RateLimit{Calls: 2, Per: 10 * time.Second}
	s, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{
		Clock:    scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		API:      scenarios.API{RateLimit: limit},
		Triggers: scenarios.Triggers{RateLimit: limit},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Generate: []scenarios.Generate{
			{Count: others, Webhook: scenarios.Webhook{Name: "w", Token: "hook-{{n}}"}},
		}}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for i := range others { // a second apart
		serveAs(s, "GET", "/applications", fmt.Sprint("token-", i))
	}
	callers, _, _ := mockserver.Remembered(s)
	for i := range others {
		serveAs(s, "POST", fmt.Sprint("/webhooks/hook-", i+1), "any")
	}
	if _, called, _ := mockserver.Remembered(s); callers != 10 || called != 10 {
		t.Errorf("%d callers and %d webhooks are remembered, want the 10 of the last 10 seconds", callers, called)
	}
	// Those who are still within the time are counted.
	for i, want := range []int{200, 200, 429, 429} {
		if got := serveAs(s, "GET", "/applications", "eager").Code; got != want {
			t.Errorf("request %d: %d, want %d", i+1, got, want)
		}
	}
}

// Where time stands still, what is remembered is bounded all the same: those
// who were there last stay.
func TestWhatIsCountedPerTokenIsBounded(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.WithJournalLimits(10, 1<<20), mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		API:          scenarios.API{RateLimit: scenarios.RateLimit{Calls: 2, Per: time.Second}},
		Faults:       []scenarios.Fault{{Name: "third", PerToken: true, From: 2, To: 2, Effect: scenarios.Effect{Status: http.StatusTeapot}}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	get := func(token string, want int) {
		t.Helper()
		if a := serveAs(s, "GET", "/applications", token); a.Code != want {
			t.Errorf("%s: %d %s, want %d", token, a.Code, a.Body, want)
		}
	}
	get("first", 200)
	get("again", 200)
	for i := range scenarios.MaxRemembered - 1 {
		if i == 5 {
			get("again", http.StatusTeapot) // it is used later than first
		}
		get(fmt.Sprint("token-", i), 200)
	}
	if callers, _, perToken := mockserver.Remembered(s); callers != scenarios.MaxRemembered || perToken != scenarios.MaxRemembered {
		t.Errorf("%d callers and %d tokens are remembered, want %d", callers, perToken, scenarios.MaxRemembered)
	}
	get("again", 200)                  // its third request: the fault is over, and the second that the limit counts
	get("again", 429)                  // it is still counted
	get("first", 200)                  // it is counted from the beginning
	get("first", http.StatusTeapot)    // and is the second time there
	get("token-20", http.StatusTeapot) // which was there all the time
}

// The replies of a scenario come in turn, however long the webhook was not
// called.
func TestRepliesComeInTurnAfterAnyTime(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock: scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{
			{ID: mocktest.WebhookID, Name: "turns", Token: "turns", WaitForReply: true, Replies: []scenarios.Reply{{Body: "one"}, {Body: "two"}, {Body: "three"}}},
		}}},
	}))
	var said []string
	for range 5 {
		said = append(said, mocktest.Send(t, srv.URL, "POST /webhooks/turns", "").Body)
		srv.AdvanceClock(time.Hour)
		if a := mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhookPath, `{"name":"again"}`, mocktest.SendsJSON); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if got := strings.Join(said, " "); got != "one two three one two" {
		t.Errorf("the replies are %s", got)
	}
}
