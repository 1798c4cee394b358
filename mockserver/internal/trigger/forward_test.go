package trigger_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// forwardTo returns a webhook that waits for the reply of a URL.
func forwardTo(name, url string) scenarios.Webhook {
	return scenarios.Webhook{Name: name, WaitForReply: true, Forward: &scenarios.Forward{URL: url}}
}

// replying serves the developer's own code. Below /status/ it responds with that
// status.
func replying(t *testing.T) *httptest.Server {
	t.Helper()
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var payload mockserver.Payload
		if err := json.NewDecoder(r.Body).Decode(&payload); err != nil {
			t.Error(err)
		}
		if status, err := strconv.Atoi(strings.TrimPrefix(payload.Data.Path, "/status/")); err == nil {
			w.Header().Set("Location", "http://169.254.169.254/")
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Content-Type", "text/csv")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "%s of %s at %s", payload.Data.Method, payload.ApplicationName, payload.Time.Format(time.RFC3339))
	}))
	t.Cleanup(own.Close)
	return own
}

// A payload is forwarded to the developer's own code, whose response is the reply,
// whatever its status.
func TestForwarding(t *testing.T) {
	t.Parallel()
	own := replying(t)
	asks := forwardTo("asks", own.URL)
	asks.WaitForReply = false
	srv := triggerWorld(t, scenarios.Triggers{}, forwardTo("waits", own.URL), asks)
	a := mocktest.Send(t, srv.URL, "PUT /webhooks/waits", "")
	if a.Status != 201 || a.Body != "put of My Application at 2016-06-13T04:00:00Z" || a.Header.Get("Content-Type") != "text/csv" {
		t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
	}
	guarded(t, "a forwarded reply", a)
	for _, status := range []int{200, 202, 204, 302, 304, 404, 429, 500, 504} {
		a := mocktest.Send(t, srv.URL, fmt.Sprintf("PUT /webhooks/waits/status/%d", status), "")
		if a.Status != status || a.Body != "" {
			t.Errorf("%d: %d %s", status, a.Status, a.Body)
		}
		if r := newestCall(t, srv); r.Hint != "" || r.Trigger.Problem != "" {
			t.Errorf("%d: %q %q", status, r.Hint, r.Trigger.Problem)
		}
	}
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/asks", ""); a.Status != 200 || a.Body != done {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// newestCall returns the last call of a webhook that was recorded.
func newestCall(t *testing.T, srv *mockserver.TestServer) mockserver.Request {
	t.Helper()
	all := srv.Requests().Operation("trigger").All()
	return all[len(all)-1]
}

// With reply: later, a response of 2xx is no reply, and any other is.
func TestForwardingWithALaterReply(t *testing.T) {
	t.Parallel()
	own := replying(t)
	hook := forwardTo("later", own.URL)
	hook.Forward.Reply = scenarios.ReplyLater
	srv := triggerWorld(t, scenarios.Triggers{}, hook)
	for _, status := range []int{200, 202, 204} {
		response := make(chan mocktest.Response, 1)
		go func() {
			response <- mocktest.Send(t, srv.URL, fmt.Sprintf("PUT /webhooks/later/status/%d", status), "")
		}()
		path := fmt.Sprintf("/status/%d", status)
		id := srv.Triggers().Payload("data.path", path).Within(2 * time.Minute).Once(t).Payload.Data.ReplyID
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, `{"status":201,"body":"later"}`, mocktest.SendsJSON); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if a := <-response; a.Status != 201 || a.Body != "later" {
			t.Errorf("%d: %d %s", status, a.Status, a.Body)
		}
	}
	for _, status := range []int{302, 500} {
		if a := mocktest.Send(t, srv.URL, fmt.Sprintf("PUT /webhooks/later/status/%d", status), ""); a.Status != status {
			t.Errorf("%d: %d %s", status, a.Status, a.Body)
		}
	}
}

// The scenario in words is the same as that in Go.
func TestForwardInAScenario(t *testing.T) {
	t.Parallel()
	own := replying(t)
	srv := mockserver.Start(t)
	text := fmt.Sprintf(`applications: [{name: a, webhooks: [
  {name: plain, token: plain, waitForReply: true, forward: %q},
  {name: url, token: url, waitForReply: true, forward: {url: %q}},
  {name: later, token: later, isWebsocket: true, forward: {url: %q, reply: later}}]}]`, own.URL, own.URL, own.URL)
	if a := mocktest.Send(t, srv.URL, "PUT /__admin/scenario", text, "Content-Type: application/yaml"); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, token := range []string{"plain", "url"} {
		if a := mocktest.Send(t, srv.URL, "GET /webhooks/"+token+"/status/202", ""); a.Status != 202 {
			t.Errorf("%s: %d %s", token, a.Status, a.Body)
		}
	}
	exported := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "").Body
	for _, want := range []string{"forward: '" + own.URL + "'", "forward: {url: '" + own.URL + "', reply: later}"} {
		if !strings.Contains(exported, want) {
			t.Errorf("the exported scenario has no %s:\n%s", want, exported)
		}
	}
}

// A target that does not respond is named where one looks: in the response, in the
// request's hint, in the trigger and in the log, with what to do.
func TestTargetsThatDoNotRespond(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-held:
		case <-r.Context().Done():
		}
	}))
	defer silent.Close()
	defer close(held)
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0)
	secured.StartTLS()
	defer secured.Close()
	plain := replying(t)
	later, never := forwardTo("forgotten", plain.URL), forwardTo("never", silent.URL)
	later.Forward.Reply, never.Forward.Reply = scenarios.ReplyLater, scenarios.ReplyLater
	var logged mocktest.Log
	hooks := []scenarios.Webhook{
		forwardTo("down", "http://127.0.0.1:1/mine?secret=x"), forwardTo("unknown", "http://nobody.invalid/"), forwardTo("slow", silent.URL),
		forwardTo("untrusted", secured.URL), forwardTo("plain", strings.Replace(plain.URL, "http://", "https://", 1)), later, never,
	}
	for i := range hooks {
		hooks[i].Token = hooks[i].Name
	}
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))), mockserver.WithWorld(&scenarios.Scenario{
		Triggers:     scenarios.Triggers{ReplyTimeout: 2 * time.Second},
		Applications: []scenarios.Application{{Name: "a", Webhooks: hooks}},
	}))
	for _, c := range []struct {
		token  string
		status int
		want   string
	}{
		{"down", 400, "POST http://127.0.0.1:1/mine: no program listens there: start it"},
		{"unknown", 400, "POST http://nobody.invalid/: the name nobody.invalid can't be resolved: check forward"},
		{"slow", 504, "POST " + silent.URL + ": it has not responded within 2s: let it respond sooner, raise triggers.replyTimeout in the scenario, or reply later"},
		{"never", 504, "POST " + silent.URL + ": it has not responded within 2s: let it respond sooner, or raise triggers.replyTimeout in the scenario"},
		{"untrusted", 400, "POST " + secured.URL + ": its certificate is not trusted: x509: certificate signed by unknown authority: start losantmock with --ca-file"},
		{"plain", 400, "it does not speak TLS: write http://"},
		{"forgotten", 504, "POST " + plain.URL + " has got the payload, and no reply came"},
	} {
		a := mocktest.Send(t, srv.URL, "PUT /webhooks/"+c.token, "")
		if a.Status != c.status || c.status == 400 && !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s", c.token, a.Status, a.Body)
		}
		r := srv.Requests().Webhook(c.token).Once(t)
		if !strings.Contains(r.Hint, c.want) || strings.Contains(r.Hint, "secret") {
			t.Errorf("%s: the hint is %q", c.token, r.Hint)
		}
		if c.token == "forgotten" {
			continue
		}
		mocktest.Until(t, c.token+" is in the trigger and in the log", func() bool {
			return strings.Contains(srv.Triggers().Webhook(c.token).Once(t).Problem, c.want) && strings.Contains(logged.String(), strings.ReplaceAll(c.want, `"`, `\"`))
		})
	}
}
