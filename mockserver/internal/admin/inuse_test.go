package admin_test

import (
	"bufio"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// A client that waits keeps its sandbox, and is told when that is dropped.
func TestWhoWaitsKeepsTheSandbox(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithSandboxIdle(time.Nanosecond))
	stream, err := http.Get(srv.URL + "/__sandbox/followed/__admin/requests/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	events := bufio.NewReader(stream.Body)
	waited := make(chan mocktest.Response, 1)
	go func() {
		waited <- mocktest.Send(t, srv.URL, "POST /__sandbox/awaited/__admin/requests/wait", `{"request":{"operation":"webhooks.post"},"timeout":"10m"}`, mocktest.SendsJSON)
	}()
	names := func() []string {
		list := mocktest.Decode[struct{ Sandboxes []struct{ Name string } }](t, mocktest.Send(t, srv.URL, "GET /__admin/sandboxes", ""))
		var all []string
		for _, s := range list.Sandboxes {
			all = append(all, s.Name)
		}
		return all
	}
	for deadline := time.Now().Add(time.Minute); !slices.Contains(names(), "awaited"); {
		if time.Now().After(deadline) {
			t.Fatal("the wait has not begun")
		}
	}
	for _, name := range []string{"a", "b", "c"} { // each drops those that are idle
		mocktest.Send(t, srv.URL, "GET /__sandbox/"+name+"/applications", "")
	}
	if all := names(); !slices.Contains(all, "followed") || slices.Contains(all, "a") {
		t.Errorf("there are %v", all)
	}
	for _, name := range []string{"followed", "awaited"} {
		mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes/"+name, "")
	}
	text, err := io.ReadAll(events)
	if err != nil || !strings.Contains(string(text), "event: closed") {
		t.Errorf("%s %v", text, err)
	}
	if r := <-waited; r.Status != http.StatusGone {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
