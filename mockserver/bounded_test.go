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

// A clock that is set forth and back frees no limit.
func TestAClockSetForthAndBackFreesNoLimit(t *testing.T) {
	t.Parallel()
	start := time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
	s, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{
		Clock:    scenarios.Clock{Mode: scenarios.ClockFixed, At: start},
		Triggers: scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 3, Per: 10 * time.Second}},
		Applications: []scenarios.Application{{Name: "a", Webhooks: []scenarios.Webhook{
			{Name: "called", Token: "called"}, {Name: "other", Token: "other"},
		}}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	call := func(token string, statuses ...int) {
		t.Helper()
		for i, want := range statuses {
			if got := serveAs(s, "POST", "/webhooks/"+token, "any").Code; got != want {
				t.Errorf("call %d of %s: %d, want %d", i+1, token, got, want)
			}
		}
	}
	set := func(by time.Duration) {
		t.Helper()
		if w := sent(s, "POST", "/__admin/clock", `{"now": "`+start.Add(by).Format(time.RFC3339)+`"}`); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
	}
	call("called", 200, 200, 200, 429, 429)
	set(time.Hour)
	call("other", 200)
	set(0)
	call("called", 429)
	set(5 * time.Second)
	call("called", 429)
	set(10 * time.Second)
	call("called", 200, 200, 200, 429)
	set(9 * time.Second) // the three count as calls of now
	call("called", 429)
	set(18 * time.Second)
	call("called", 429)
	set(19 * time.Second)
	call("called", 200, 200, 200, 429)
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
