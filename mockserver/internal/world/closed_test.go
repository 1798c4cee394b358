package world_test

import (
	"context"
	"net"
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
	// The others go on with what was there.
	v.SetClock(time.Now())
	v.AdvanceClock(time.Second)
	v.OnTrigger(nil)
	v.RemoveFault("f")
	if v.Scenario() == nil || v.Requests().Count() != 0 || len(v.Applications()) != 1 {
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
	response := make(chan mocktest.Response, 1)
	go func() { response <- mocktest.Send(t, srv.URL, "POST "+path+"/webhooks/waits", "") }()
	conn := mocktest.OpenWebSocket(t, v.URL+"/webhooks/socket")
	v.Triggers().Within(20*time.Second).Times(t, 2)
	mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes"+strings.TrimPrefix(path, "/__sandbox"), "")
	if a := <-response; a.Status != http.StatusServiceUnavailable || a.Body != mocktest.Problem("The server was reset") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if code, reason := mocktest.ClosedWith(t, conn); code != websocket.StatusServiceRestart || reason != "The server was reset" {
		t.Errorf("%d %s", code, reason)
	}
}
