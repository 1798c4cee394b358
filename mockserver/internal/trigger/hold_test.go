package trigger_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// held starts a call of the webhook "waits" that is held open, and returns its
// replyId.
func held(t testing.TB, srv *mockserver.TestServer) (replyID string, answers chan mocktest.Response) {
	t.Helper()
	answers = make(chan mocktest.Response, 1)
	before := srv.Triggers().Webhook("waits").Count()
	go func() { answers <- mocktest.Send(t, srv.URL, "POST /webhooks/waits/held", "") }()
	fired := srv.Triggers().Webhook("waits").Within(2*time.Minute).Times(t, before+1)
	return fired[before].Payload.Data.ReplyID, answers
}

// A held call is in the journal at once; the first reply ends it.
func TestTheFirstReplyEndsAHeldCall(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{ID: mocktest.WebhookID, Name: "waits", WaitForReply: true, ResponseCode: 500})
	id, answers := held(t, srv)
	if r, ok := srv.Requests().Operation("trigger").First(); !ok || !r.Pending || r.Trigger == nil || !strings.HasPrefix(id, mocktest.WebhookID+".") {
		t.Errorf("%+v %s", r, id)
	}
	reply := `{"status":202,"headers":{"X-Mine":"yes","Content-Type":"text/csv","Content-Security-Policy":"none","Connection":"close"},"body":"a,b"}`
	if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, reply, "Content-Type: application/json"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	a := <-answers
	if a.Status != 202 || a.Body != "a,b" || a.Header.Get("X-Mine") != "yes" || a.Header.Get("Content-Type") != "text/csv" {
		t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
	}
	guarded(t, "a reply", a)
	if r := srv.Requests().Operation("trigger").Status(202).Within(2 * time.Minute).Once(t); r.Pending {
		t.Errorf("%+v", r)
	}
	for _, nobodys := range []string{id, "x.y"} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+nobodys, reply, "Content-Type: application/json"); a.Status != 404 || !strings.Contains(a.Body, "nobody waits") {
			t.Errorf("%s: %d %s", nobodys, a.Status, a.Body)
		}
	}
	// Of many replies at once one wins.
	id, answers = held(t, srv)
	var wg sync.WaitGroup
	won := make(chan int, 20)
	for i := range 20 {
		wg.Go(func() {
			if srv.World().Reply(id, mockserver.Reply{Body: strconv.Itoa(i)}) == nil {
				won <- i
			}
		})
	}
	wg.Wait()
	if len(won) != 1 || (<-answers).Body != strconv.Itoa(<-won) {
		t.Error("more than one reply won, or another was sent")
	}
	// What can't be sent is refused, and the call goes on waiting.
	id, answers = held(t, srv)
	for _, bad := range []string{
		`{"status":99}`, `{"status":600}`, `{"headers":{"a b":"x"}}`, `{"headers":{"A":"x\r\nB: y"}}`, `{"body":"` + strings.Repeat("x", 256<<10+1) + `"}`, `{"bogus":1}`, `[]`, ``,
	} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, bad, "Content-Type: application/json"); a.Status != 422 {
			t.Errorf("%.50s: %d %s", bad, a.Status, a.Body)
		}
	}
	for _, good := range []struct{ order, kind, body string }{
		{`{"body":{"a":1}}`, "application/json", `{"a":1}`},
		{`{"headers":{"content-type":"text/html"},"body":"<b>"}`, "application/json", "<b>"},
		{`{"headers":{"content-type":"text/plain; charset=utf-8"},"body":"x"}`, "text/plain; charset=utf-8", "x"},
		{`{}`, "application/json", ""},
		{`{"status":150,"body":"x"}`, "application/json", "x"},
	} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, good.order, "Content-Type: application/json"); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		a := <-answers
		if a.Status != 200 || a.Header.Get("Content-Type") != good.kind || a.Body != good.body {
			t.Errorf("%s: %d %v %s", good.order, a.Status, a.Header, a.Body)
		}
		guarded(t, good.order, a)
		id, answers = held(t, srv)
	}
	// A held call is listed as long as it waits, also when the journal is empty.
	mocktest.Send(t, srv.URL, "DELETE /__admin/requests", "")
	for waiting, want := range map[string]int{"?waiting=true": 1, "": 0} {
		a := mocktest.Send(t, srv.URL, "GET /__admin/triggers"+waiting, "")
		if got := strings.Count(a.Body, `"replyId": "`+id+`"`); got != want {
			t.Errorf("%q: %d, want %d: %s", waiting, got, want, a.Body)
		}
	}
	// A reset lets go of what is held.
	srv.Reset()
	if a := <-answers; a.Status != 503 || a.Body != mocktest.Problem("The server was reset") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestAHeldCallTimesOut(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{ReplyTimeout: 50 * time.Millisecond}, scenarios.Webhook{Name: "waits", WaitForReply: true})
	a := mocktest.Send(t, srv.URL, "POST /webhooks/waits", "")
	if a.Status != 504 || a.Body != mocktest.Problem("Time out waiting for workflow reply") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	id := srv.Triggers().Once(t).Payload.Data.ReplyID
	if err := srv.World().Reply(id, mockserver.Reply{}); err == nil {
		t.Error("a late reply was taken")
	}
}

// A caller that leaves is recorded as such, and lets go of its place.
func TestACallerThatLeaves(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{MaxHeld: 1}, scenarios.Webhook{Name: "waits", WaitForReply: true})
	ctx, cancel := context.WithCancel(t.Context())
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+"/webhooks/waits", nil)
	left := make(chan bool)
	go func() {
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
		close(left)
	}()
	srv.Triggers().Within(2 * time.Minute).Once(t)
	if a := mocktest.Send(t, srv.URL, "POST /webhooks/waits", ""); a.Status != 429 || a.Body != mocktest.Problem("Too many connections are held open") {
		t.Errorf("a second call: %d %s", a.Status, a.Body)
	}
	cancel()
	<-left
	r := srv.Requests().Operation("trigger").Status(504).Within(2 * time.Minute).Once(t)
	if !r.Aborted {
		t.Errorf("%+v", r)
	}
	id, answers := held(t, srv)
	if err := srv.World().Reply(id, mockserver.Reply{Status: 299}); err != nil || (<-answers).Status != 299 {
		t.Errorf("%v", err)
	}
}

// Each of many callers gets its own reply, from whoever plays the workflow.
func TestManyCallersGetTheirOwnReplies(t *testing.T) {
	t.Parallel()
	const callers = 500
	free := scenarios.Triggers{MaxHeld: callers, RateLimit: scenarios.RateLimit{Calls: 3 * callers, Per: time.Second}}
	srv := triggerWorld(t, free, scenarios.Webhook{Name: "waits", WaitForReply: true},
		scenarios.Webhook{Name: "template", WaitForReply: true, Reply: &scenarios.Reply{Body: "reply to {{.data.path}}", Delay: time.Millisecond}})
	all := func(token string) {
		t.Helper()
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				a := mocktest.Send(t, srv.URL, fmt.Sprintf("POST /webhooks/%s/%d", token, i), "")
				if a.Status != 200 || a.Body != fmt.Sprintf("reply to /%d", i) {
					t.Errorf("%s %d: %d %s", token, i, a.Status, a.Body)
				}
			})
		}
		wg.Wait()
	}
	all("template")
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		return &mockserver.Reply{Body: "reply to " + trigger.Payload.Data.Path}
	})
	all("waits")
	srv.OnTrigger(nil)
	go func() {
		answered := map[string]bool{}
		for t.Context().Err() == nil && len(answered) < callers {
			for _, trigger := range srv.Triggers().Webhook("waits").All()[callers:] {
				data := trigger.Payload.Data
				if !answered[data.ReplyID] && srv.World().Reply(data.ReplyID, mockserver.Reply{Body: "reply to " + data.Path}) == nil {
					answered[data.ReplyID] = true
				}
			}
		}
	}()
	all("waits")
}
