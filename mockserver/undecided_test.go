package mockserver

import (
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/scenarios"
)

// What comes with the response alone is not known of a request that is held open: no
// assertion about it passes, and with Within it waits for the response.
func TestAPendingRequestIsUndecided(t *testing.T) {
	t.Parallel()
	srv := Start(t)
	srv.AddWebhook(scenarios.Webhook{Name: "Held", Token: "held", WaitForReply: true})
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		send(t, "POST", srv.URL+"/webhooks/held", `{"event":"opened"}`)
	}()
	fired := srv.Triggers().Webhook("Held").Within(2 * time.Minute).Once(t)
	held := srv.Requests().Webhook("Held")
	held.Body("event", "opened").Once(t) // what was sent is known
	held.Matching(`{"bodyPatterns":[{"not":{"contains":"opened"}}]}`).Never(t)
	held.Scope("webhooks.get").Never(t)
	for name, q := range map[string]Requests{
		"a status":        held.Status(404),
		"a violation":     held.Violation("webhook.name is required"),
		"Within":          held.Status(404).Within(20 * time.Millisecond),
		"several reasons": held.Status(404).Violation("webhook.name is required"),
	} {
		for n := range 2 {
			if said := asserted(func(f *fakeTest) { q.Times(f, n) }); !strings.Contains(said, "incomplete: 1 request(s) may match, which can't be decided") {
				t.Errorf("%s, %d times: the assertion says %q", name, n, said)
			}
		}
		if q.Undecided() != 1 || q.Count() != 0 || q.Err() != nil {
			t.Errorf("%s: %d undecided, %d found, error %v", name, q.Undecided(), q.Count(), q.Err())
		}
	}
	srv.Requests().Operation("webhook.get").Status(404).Never(t) // another operation is a miss
	go func() {
		if err := srv.World().Reply(fired.Payload.Data.ReplyID, Reply{Status: 201}); err != nil {
			t.Error(err)
		}
	}()
	held.Status(201).Within(2 * time.Minute).Once(t)
	<-sent
	held.Status(404).Never(t)
}

// Where a limit ends the work, a body is neither a match nor a miss.
func TestABodyTooLargeToCompareIsUndecided(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	srv := Start(t, WithJournalLimits(100, 1<<30))
	send(t, "POST", srv.URL+"/webhooks/the_webhook_token", `[`+strings.Repeat(`1,`, 110_000)+`2]`)
	send(t, "POST", srv.URL+"/webhooks/the_webhook_token", `[3]`)
	for name, want := range map[string]struct {
		q          Requests
		undecided  int
		incomplete bool
	}{
		"a path":                   {srv.Requests().Body("$[*]", 2), 1, true},
		"not a path":               {srv.Requests().Matching(`{"bodyPatterns":[{"not":{"matchesJsonPath":"$[*]"}}]}`), 1, true},
		"beside one that matches":  {srv.Requests().Body("$[*]", 3), 1, true},
		"a path of few values":     {srv.Requests().Body("$[0]", 2), 0, false},
		"a criterion that decides": {srv.Requests().Body("$[*]", 2).Path("/x"), 0, false},
	} {
		said := asserted(func(f *fakeTest) { want.q.Never(f) })
		if want.q.Count() > 0 {
			said = asserted(func(f *fakeTest) { want.q.Once(f) })
		}
		if want.q.Undecided() != want.undecided || strings.Contains(said, "incomplete: 1 request(s) may match") != want.incomplete || (said == "") == want.incomplete {
			t.Errorf("%s: %d undecided; the assertion says %q", name, want.q.Undecided(), said)
		}
	}
}
