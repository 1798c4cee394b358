package trigger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

func say(t testing.TB, conn *websocket.Conn, kind websocket.MessageType, message string) {
	t.Helper()
	if err := conn.Write(t.Context(), kind, []byte(message)); err != nil {
		t.Fatal(err)
	}
}

func hear(t testing.TB, conn *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	_, message, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(message)
}

// The life of a WebSocket: three kinds of events with one replyId, and any
// number of replies.
func TestAWebSocket(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{ID: mocktest.WebhookID, Name: "socket", IsWebsocket: true, CastBuffersAs: "hex"})
	conn, _, err := mocktest.DialWebSocket(t, srv.URL+"/webhooks/socket/room?x=1", http.Header{"X-Custom": {"yes"}, "Origin": {"https://example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	say(t, conn, websocket.MessageText, "grüße")
	say(t, conn, websocket.MessageBinary, "\x00\xff")
	fired := srv.Triggers().Webhook("socket").Within(2*time.Minute).Times(t, 3)
	replyID := fired[0].Payload.Data.ReplyID
	for _, message := range []string{"first", "second"} {
		a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+replyID, fmt.Sprintf(`{"body":%q}`, message), "Content-Type: application/json")
		if got := hear(t, conn); a.Status != 200 || got != message {
			t.Errorf("%d %s, got %q", a.Status, a.Body, got)
		}
	}
	srv.Reply(replyID, mockserver.Reply{Body: "\xff"})
	hear(t, conn)
	sent := srv.Triggers().Webhook("socket").Times(t, 3)[2].Sent
	if got := fmt.Sprintf("%d %s %s %x %t %t", len(sent), sent[0].Data, sent[1].Data, sent[2].Data, sent[1].Binary, sent[2].Binary); got != "3 first second ff false true" {
		t.Errorf("behind the last message, %s was sent", got)
	}
	listed := mocktest.Send(t, srv.URL, "GET /__admin/triggers?type=message", "").Body
	var list struct{ Triggers []mockserver.Trigger }
	if err := json.Unmarshal([]byte(listed), &list); err != nil || cmp.Diff(sent, list.Triggers[0].Sent) != "" || !strings.Contains(listed, `"dataAsBase64": "/w=="`) {
		t.Errorf("%v: %s", err, listed)
	}
	if err := conn.Close(4001, "enough"); err != nil {
		t.Fatal(err)
	}
	fired = srv.Triggers().Webhook(mocktest.WebhookID).Within(2*time.Minute).Times(t, 4)
	var got []string
	for _, trigger := range fired {
		data := trigger.Payload.Data
		if data.ReplyID != replyID || data.Path != "/room" || data.Query["x"] != "1" || data.Headers["x-custom"] != "yes" || data.Body != nil {
			t.Errorf("%+v", data)
		}
		text, err := json.Marshal(data.Message)
		if err != nil {
			t.Error(err)
		}
		got = append(got, data.Type+" "+string(text))
	}
	want := []string{`connect {}`, `message {"data":"grüße","length":7}`, `message {"data":"00ff","length":2}`, `disconnect {"reason":"enough","statusCode":4001}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	mockserver.InOrder(t, srv.Triggers().Type("connect"), srv.Triggers().Type("message").Payload("data.message.data", "00ff"), srv.Triggers().Type("disconnect"))
	if r := srv.Requests().Operation("trigger").Once(t); r.Status != http.StatusSwitchingProtocols || fired[3].RequestID != r.ID {
		t.Errorf("%+v", r)
	}
	for srv.World().Reply(replyID, mockserver.Reply{}) == nil { //nolint:revive // until the connection is gone
	}
	// A connection that ends without a word.
	mocktest.OpenWebSocket(t, srv.URL+"/webhooks/socket").CloseNow()
	last := srv.Triggers().Type("disconnect").Payload("data.message.statusCode", 1006).Within(2 * time.Minute).Once(t)
	if last.Payload.Data.ReplyID == replyID {
		t.Error("two connections have one replyId")
	}
}

// A WebSocket whose opening a fault replaces is not held.
func TestAFaultReplacesTheOpeningOfAWebSocket(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{MaxHeld: 1}, scenarios.Webhook{ID: mocktest.WebhookID, Name: "socket", IsWebsocket: true})
	srv.AddFault(scenarios.Fault{Name: "lost", Operation: contract.OperationTrigger, To: 2, TakesEffect: true, Effect: scenarios.Effect{Status: 503}})
	for range 2 {
		if _, response, err := mocktest.DialWebSocket(t, srv.URL+"/webhooks/socket", nil); err == nil || response.StatusCode != 503 {
			t.Fatalf("%v %v", response, err)
		}
	}
	mocktest.OpenWebSocket(t, srv.URL+"/webhooks/socket")
	srv.Triggers().Type("connect").Times(t, 3)
}

// How this side closes a WebSocket.
func TestHowWebSocketsAreClosed(t *testing.T) {
	t.Parallel()
	limits := scenarios.Triggers{MaxBody: 100, RateLimit: scenarios.RateLimit{Calls: 3, Per: time.Hour}}
	srv := triggerWorld(t, limits, scenarios.Webhook{Name: "large", IsWebsocket: true}, scenarios.Webhook{Name: "often", IsWebsocket: true},
		scenarios.Webhook{ID: mocktest.WebhookID, Name: "deleted", IsWebsocket: true}, scenarios.Webhook{Name: "reset", IsWebsocket: true})
	conn := mocktest.OpenWebSocket(t, srv.URL+"/webhooks/large")
	say(t, conn, websocket.MessageText, strings.Repeat("x", 100))
	say(t, conn, websocket.MessageText, strings.Repeat("x", 101))
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusMessageTooBig {
		t.Errorf("too large: %d %s", code, reason)
	}
	srv.Triggers().Webhook("large").Type("disconnect").Payload("data.message.statusCode", 1009).Within(2 * time.Minute).Once(t)

	conn = mocktest.OpenWebSocket(t, srv.URL+"/webhooks/often") // which is a call too
	for range 3 {
		say(t, conn, websocket.MessageText, "x")
	}
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusPolicyViolation || reason != "Over rate limit, request throttled" {
		t.Errorf("too often: %d %s", code, reason)
	}
	srv.Triggers().Webhook("often").Type("message").Times(t, 2)

	conn = mocktest.OpenWebSocket(t, srv.URL+"/webhooks/deleted")
	mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhookPath, "")
	say(t, conn, websocket.MessageText, "x")
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusGoingAway {
		t.Errorf("deleted: %d %s", code, reason)
	}
	srv.Triggers().Webhook("deleted").Type("message").Never(t)

	conn = mocktest.OpenWebSocket(t, srv.URL+"/webhooks/reset")
	srv.Reset()
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusServiceRestart {
		t.Errorf("reset: %d %s", code, reason)
	}
}

// What comes before a WebSocket, and instead of one.
func TestWebSocketsThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{MaxHeld: 1}, scenarios.Webhook{Name: "disabled", IsWebsocket: true, Enabled: new(false)},
		scenarios.Webhook{Name: "guarded", IsWebsocket: true, BasicAuthUsername: "me"}, scenarios.Webhook{Name: "http"}, scenarios.Webhook{Name: "socket", IsWebsocket: true})
	for token, status := range map[string]int{"disabled": 404, "guarded": 401, "http": 200, "nobodys": 404} {
		if _, response, err := mocktest.DialWebSocket(t, srv.URL+"/webhooks/"+token, nil); err == nil || response.StatusCode != status {
			t.Errorf("%s: %v %v", token, response, err)
		}
	}
	conn, _, err := mocktest.DialWebSocket(t, srv.URL+"/webhooks/guarded", http.Header{"Authorization": {"Basic bWU6"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, response, err := mocktest.DialWebSocket(t, srv.URL+"/webhooks/socket", nil); err == nil || response.StatusCode != 429 {
		t.Errorf("one more than may be held: %v", err)
	}
	_ = conn.Close(websocket.StatusNormalClosure, "")
	srv.Triggers().Type("disconnect").Within(2 * time.Minute).Once(t)
}

// The scenario's replies, and a workflow in Go, respond to messages.
func TestPlayingTheWorkflowOfAWebSocket(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{Name: "echo", IsWebsocket: true, Reply: &scenarios.Reply{Body: "you said {{.data.message.data}}"}})
	conn := mocktest.OpenWebSocket(t, srv.URL+"/webhooks/echo")
	for _, message := range []string{"hello", "again"} {
		say(t, conn, websocket.MessageText, message)
		if got := hear(t, conn); got != "you said "+message {
			t.Errorf("%q", got)
		}
	}
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		return &mockserver.Reply{Body: trigger.Payload.Data.Type}
	})
	conn = mocktest.OpenWebSocket(t, srv.URL+"/webhooks/echo")
	if got := hear(t, conn); got != "connect" {
		t.Errorf("%q", got)
	}
	// A client's ping has a pong.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	go func() { _, _, _ = conn.Read(ctx) }()
	if err := conn.Ping(ctx); err != nil {
		t.Error(err)
	}
}

// A server that ends responds to the calls that it holds, closes its WebSockets,
// and leaves nothing behind.
func TestTheEndOfAServerThatHolds(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{
		{Name: "waits", Token: "waits", WaitForReply: true}, {Name: "socket", Token: "socket", IsWebsocket: true},
		{Name: "slow", Token: "slow", WaitForReply: true, Reply: &scenarios.Reply{Delay: time.Hour}},
	}}}}))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	url := "http://" + listener.Addr().String()
	answers := make(chan mocktest.Response, 20)
	for i := range 20 {
		go func() { answers <- mocktest.Send(t, url, "POST /webhooks/"+[]string{"waits", "slow"}[i%2], "") }()
	}
	conn := mocktest.OpenWebSocket(t, url+"/webhooks/socket")
	s.Triggers().Within(2*time.Minute).Times(t, 21)
	cancel()
	for range 20 {
		if a := <-answers; a.Status != 503 || a.Body != mocktest.Problem("The server is going away") {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if code, _ := mocktest.ClosedWith(t, conn); code != websocket.StatusServiceRestart {
		t.Errorf("the WebSocket was closed with %d", code)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	s.Triggers().Type("disconnect").Payload("data.message.statusCode", 1012).Once(t)
}
