package world_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	times  int
	logged []string // the panics: method, path and the first line
}

func (l *panicLog) handle(message string, attrs map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if message == "panic" {
		what, _, _ := strings.Cut(attrs["panic"], "\n")
		l.logged = append(l.logged, attrs["method"]+" "+attrs["path"]+" "+what)
	}
	if message == l.next && l.times > 0 {
		l.times--
		panic("as a bug would")
	}
}

// at lets the next logging of a message panic.
func (l *panicLog) at(message string) { l.atNext(1, message) }

// atNext lets the next so many loggings of a message panic.
func (l *panicLog) atNext(times int, message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next, l.times = message, times
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
	t.Attr("O3", fmt.Sprintf("%d panics, each with its 500, its line in the log and its count", panics))
}

// A panic after the response is known, while the request is recorded, leaves no
// request pending.
func TestAPanicWhileARequestIsRecordedLeavesItNotPending(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("skipped: there is no /dev/full here")
	}
	log := new(panicLog)
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(log.handle))), mockserver.WithJournalFile("/dev/full"))
	log.atNext(2, "the journal file can't be written")
	if a := mocktest.Send(t, srv.URL, "GET /applications", ""); a.Status != http.StatusInternalServerError {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	all := srv.Requests().All()
	if len(all) != 1 || all[0].Pending || all[0].Status != http.StatusInternalServerError || all[0].Panic == "" {
		t.Errorf("recorded: %+v", all)
	}
	if log.last() != "GET /applications as a bug would" {
		t.Errorf("%q is logged", log.last())
	}
}

// A panic at a request that net/http refuses is logged and counted, and the
// response is that of net/http.
func TestAPanicAtARefusedRequestIsLoggedAndCounted(t *testing.T) {
	t.Parallel()
	log := new(panicLog)
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(log.handle))))
	log.at("request")
	if a := mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "GET /refused HTTP/1.1\r\nHost: x\r\nno field\r\n\r\n"); a.Status != http.StatusBadRequest {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	health := mocktest.Decode[struct{ Panics int }](t, mocktest.Send(t, srv.URL, "GET /__admin/health", ""))
	if health.Panics != 1 || log.last() != "GET /refused as a bug would" {
		t.Errorf("%d panics, %q is logged", health.Panics, log.last())
	}
	if all := srv.Requests().All(); len(all) != 1 || all[0].Pending {
		t.Errorf("recorded: %+v", all)
	}
}

// A panic while a file is reloaded is counted, and the next change is loaded.
func TestAPanicWhileReloadingEndsNothing(t *testing.T) {
	t.Parallel()
	log := new(panicLog)
	path := filepath.Join(t.TempDir(), "world.yaml")
	save := func(name string) {
		if err := os.WriteFile(path, []byte("name: "+name+"\napplications: [{name: "+name+"}]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("first")
	s, err := mockserver.New(mockserver.WithLogger(slog.New(mocktest.LogFunc(log.handle))), mockserver.WithScenario(path))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { s.Watch(ctx, path) })
	defer watching.Wait()
	defer stop()
	log.at("the scenario was loaded")
	save("second")
	mocktest.Until(t, "the panic is counted", func() bool {
		return mocktest.Decode[struct{ Panics int }](t, mocktest.Send(t, srv.URL, "GET /__admin/health", "")).Panics == 1
	})
	save("third")
	mocktest.Until(t, "the next change is loaded", func() bool { return s.ScenarioName() == "third" })
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
	if a := mocktest.Send(t, srv.URL, "GET /__admin/health", ""); !strings.Contains(a.Body, `"panics": 1,`) {
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
