package world_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// wantClosed makes every call that can fail on a World that has ended.
func wantClosed(t *testing.T, v *mockserver.World, want string) {
	t.Helper()
	_, webhook := v.AddWebhook(scenarios.Webhook{Name: "w"})
	_, application := v.AddApplication(scenarios.Application{Name: "a"})
	_, token := v.Token()
	for call, err := range map[string]error{
		"Token":          token,
		"Reset":          v.Reset(),
		"Replace":        v.Replace(&scenarios.Scenario{}),
		"AddWebhook":     webhook,
		"AddApplication": application,
		"AddFault":       v.AddFault(scenarios.Fault{Name: "f", Effect: scenarios.Effect{Status: 503}}),
		"Reply":          v.Reply("nobody", mockserver.Reply{}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%s returns the error %v, want %s", call, err, want)
		}
	}
	// The others change nothing.
	v.SetClock(time.Now())
	v.AdvanceClock(time.Second)
	v.OnTrigger(nil)
	if v.RemoveFault("f") {
		t.Error("a closed world has changed")
	}
	if s := v.Scenario(); s == nil || !s.Clock.At.IsZero() || len(v.Applications()) != 1 {
		t.Error("what was there has changed")
	}
	if err := v.Requests().Err(); err != nil && err.Error() != want {
		t.Errorf("a question returns the error %v, want %s", err, want)
	}
}

// What is asked of a World that was dropped, or whose server was shut down,
// fails with the reason. Nothing panics, however often it is dropped.
func TestCallsOnAClosedWorldFail(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.WithSandboxIdle(time.Nanosecond))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dropped, err := s.Sandbox("a")
	if err != nil {
		t.Fatal(err)
	}
	if !s.DropSandbox("a") || s.DropSandbox("a") {
		t.Error("a sandbox is dropped once")
	}
	wantClosed(t, dropped, `the sandbox "a" was dropped`)
	idle, err := s.Sandbox("b")
	if err != nil {
		t.Fatal(err)
	}
	left, err := s.Sandbox("c") // which drops those that are idle
	if err != nil {
		t.Fatal(err)
	}
	wantClosed(t, idle, `the sandbox "b" was dropped`)
	if err := s.Reset(); err != nil {
		t.Errorf("the main world: %v", err)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := s.Serve(ctx, listener); err != nil {
		t.Fatal(err)
	}
	wantClosed(t, s.World, "the server was shut down")
	wantClosed(t, left, "the server was shut down")
}

// A sandbox may be reset and replaced while it is dropped.
func TestAWorldIsResetWhileItIsDropped(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		v, err := s.Sandbox("a")
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { _ = v.Reset() })
			all.Go(func() { _ = v.Replace(&scenarios.Scenario{}) })
			all.Go(func() { s.DropSandbox("a") })
		}
		all.Wait()
		if err := v.Reset(); err == nil {
			t.Fatal("a dropped sandbox is reset")
		}
	}
}

// Calls that wait in a sandbox end when it is dropped.
func TestDroppingASandboxEndsItsCalls(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	v := srv.Sandbox(t)
	v.AddWebhook(scenarios.Webhook{Name: "waits", Token: "waits", WaitForReply: true})
	v.AddWebhook(scenarios.Webhook{Name: "socket", Token: "socket", IsWebsocket: true})
	path := strings.TrimPrefix(v.URL, srv.URL)
	stream, err := http.Get(v.URL + "/__admin/requests/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	response := make(chan mocktest.Response, 1)
	go func() { response <- mocktest.Send(t, srv.URL, "POST "+path+"/webhooks/waits", "") }()
	conn := mocktest.OpenWebSocket(t, v.URL+"/webhooks/socket")
	v.Triggers().Within(20*time.Second).Times(t, 2)
	mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes"+strings.TrimPrefix(path, "/__sandbox"), "")
	if a := <-response; a.Status != http.StatusGone || a.Body != mocktest.Problem("The sandbox was dropped") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusServiceRestart || reason != "The sandbox was dropped" {
		t.Errorf("%d %s", code, reason)
	}
	events, err := io.ReadAll(stream.Body)
	if err != nil || !strings.HasSuffix(string(events), "was dropped\"}\n\n") || !strings.Contains(string(events), "event: closed\ndata: {\"reason\":") {
		t.Errorf("the stream ends with %v: %s", err, events)
	}
	// Its name is free for a new one.
	if a := mocktest.Send(t, srv.URL, "GET "+path+"/applications", ""); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// signalingBody signals when it is read.
type signalingBody struct {
	io.Reader
	signal func()
}

func (b signalingBody) Read(p []byte) (int, error) {
	b.signal()
	return b.Reader.Read(p)
}

// A wait over HTTP for what did not arrive ends with an error when the sandbox is
// dropped, and when the server is shut down.
func TestClosingAWorldEndsItsWaits(t *testing.T) {
	t.Parallel()
	for want, closeWorld := range map[string]func(*mockserver.Server){
		`410 the sandbox \"a\" was dropped`: func(s *mockserver.Server) { s.DropSandbox("a") },
		"503 the server was shut down":      shutDown,
	} {
		s, err := mockserver.New()
		if err != nil {
			t.Fatal(err)
		}
		begun := make(chan struct{})
		body := signalingBody{strings.NewReader(`{"request":{},"timeout":"10m","count":1}`), sync.OnceFunc(func() { close(begun) })}
		request := httptest.NewRequest("POST", "/__sandbox/a/__admin/requests/wait", body)
		request.Host = "localhost"
		request.Header.Set("Content-Type", "application/json")
		response := httptest.NewRecorder()
		var waiting sync.WaitGroup
		waiting.Go(func() { s.ServeHTTP(response, request) })
		<-begun
		closeWorld(s)
		waiting.Wait()
		status, reason, _ := strings.Cut(want, " ")
		if strconv.Itoa(response.Code) != status || !strings.Contains(response.Body.String(), reason) {
			t.Errorf("the wait ends with %d %s, want %s", response.Code, response.Body, want)
		}
	}
}

// shutDown shuts a server down.
func shutDown(s *mockserver.Server) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	ctx, end := context.WithCancel(context.Background())
	end()
	_ = s.Serve(ctx, listener)
}
