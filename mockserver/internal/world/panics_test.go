package world_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// panicLog is the log of a server that panics as often as it is told to: the
// next times that one of the messages is logged.
type panicLog struct {
	mu     sync.Mutex
	next   string
	logged []string // the panics: method, path and the first line
}

func (l *panicLog) handle(message string, attrs map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if message == "panic" {
		what, _, _ := strings.Cut(attrs["panic"], "\n")
		l.logged = append(l.logged, attrs["method"]+" "+attrs["path"]+" "+what)
	}
	if message == l.next {
		l.next = ""
		panic("as a bug would")
	}
}

// at lets the next logging of a message panic.
func (l *panicLog) at(message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = message
}

func (l *panicLog) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.logged) == 0 {
		return ""
	}
	return l.logged[len(l.logged)-1]
}

// Wherever a request leads, a panic on its way is responded to, logged with the
// request, and counted.
func TestEveryPanicIsRespondedToLoggedAndCounted(t *testing.T) {
	t.Parallel()
	log := new(panicLog)
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(log.handle))))
	mocktest.Send(t, srv.URL, "GET /__sandbox/a/applications", "")
	const apiError, adminError = `{"type":"ServerError","message":"Internal server error"}`, `"title": "Internal server error"`
	panics := 0
	for _, c := range []struct{ name, request, logs, body string }{
		{"the API", "GET /applications?access_token=secret", "request", apiError},
		{"a call of a webhook", "POST /webhooks/the_webhook_token", "request", apiError},
		{"the admin API", "POST /__admin/sandboxes", "a world is built", adminError},
		{"the API of a sandbox", "GET /__sandbox/a/applications", "request", apiError},
		{"the admin API of a sandbox", "POST /__sandbox/a/__admin/sandboxes", "a world is built", adminError},
		{"a new sandbox", "GET /__sandbox/b/applications", "a world is built", apiError},
		{"a new sandbox's admin API", "GET /__sandbox/b/__admin/health", "a world is built", adminError},
	} {
		log.at(c.logs)
		a := mocktest.Send(t, srv.URL, c.request, `{"name":"c"}`, mocktest.SendsJSON)
		if a.Status != http.StatusInternalServerError || !strings.Contains(a.Body, c.body) || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
		}
		panics++
		health := mocktest.Decode[struct{ Panics int }](t, mocktest.Send(t, srv.URL, "GET /__admin/health", ""))
		path, _, _ := strings.Cut(c.request, "?")
		if want := path + " as a bug would"; health.Panics != panics || log.last() != want {
			t.Errorf("%s: %d panics, %q is logged, want %q", c.name, health.Panics, log.last(), want)
		}
	}
}

// A function of OnTrigger that panics ends its own call alone.
func TestAPanicOfOnTriggerEndsItsCallAlone(t *testing.T) {
	t.Parallel()
	log := new(panicLog)
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(log.handle))))
	srv.AddWebhook(scenarios.Webhook{Name: "waits", Token: "waits", WaitForReply: true})
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		if trigger.Payload.Data.Path == "/bad" {
			panic("as a user's bug would")
		}
		return &mockserver.Reply{Body: "fine"}
	})
	if a := mocktest.Send(t, srv.URL, "POST /webhooks/waits/bad", ""); a.Status != http.StatusInternalServerError || a.Body != mocktest.Problem("Internal server error") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "POST /webhooks/waits/good", ""); a.Status != http.StatusOK || a.Body != "fine" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	mocktest.Until(t, "the panic is logged", func() bool { return log.last() == "POST /webhooks/waits/bad as a user's bug would" })
	if a := mocktest.Send(t, srv.URL, "GET /__admin/health", ""); !strings.Contains(a.Body, `"panics": 1`+"\n") {
		t.Errorf("%s", a.Body)
	}
}

// A panic at a message of a WebSocket closes that WebSocket alone.
func TestAPanicOfAWebSocketEndsItAlone(t *testing.T) {
	t.Parallel()
	log := new(panicLog)
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(log.handle))))
	srv.AddWebhook(scenarios.Webhook{Name: "socket", Token: "socket", IsWebsocket: true, Reply: &scenarios.Reply{Headers: map[string]string{"Not a name": "x"}}})
	conn := mocktest.OpenWebSocket(t, srv.URL+"/webhooks/socket")
	log.at("a workflow's reply can't be sent")
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusInternalError || reason != "Internal server error" {
		t.Errorf("closed with %d %s", code, reason)
	}
	srv.Triggers().Type("disconnect").Payload("data.message.statusCode", 1011).Within(20 * time.Second).Once(t)
	mocktest.Until(t, "the panic is logged", func() bool { return log.last() == "GET /webhooks/socket as a bug would" })
	if a := mocktest.Send(t, srv.URL, "GET /applications", ""); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
