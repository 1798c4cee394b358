package admin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// replay replays a request of the world at a base URL.
func replay(t *testing.T, base, id string) mocktest.Response {
	t.Helper()
	host, path := splitBase(base)
	return mocktest.Send(t, host, "POST "+path+"/__admin/requests/"+id+"/replay", "")
}

// splitBase splits the base URL of a world into that of its server and the path.
func splitBase(base string) (server, path string) {
	if i := strings.Index(base, "/__sandbox/"); i >= 0 {
		return base[:i], base[i:]
	}
	return base, ""
}

type replayed struct {
	ID     string
	Status int
}

// A replay sends the same bytes to the same world, and says what came of it.
func TestReplaysSendTheSameBytes(t *testing.T) {
	t.Parallel()
	world, err := scenarios.Load("default")
	if err != nil {
		t.Fatal(err)
	}
	world.Triggers.RateLimit = scenarios.RateLimit{Calls: 10_000}
	srv := mockserver.Start(t, mockserver.WithWorld(world))
	box := srv.Sandbox(t)
	for _, c := range []struct {
		base  string
		world mockserver.Requests
	}{{srv.URL, srv.Requests()}, {box.URL, box.Requests()}} {
		server, path := splitBase(c.base)
		for _, sent := range sendings() {
			method, target, _ := strings.Cut(sent.request, " ")
			if target != "*" {
				mocktest.Send(t, server, method+" "+path+target, sent.body, sent.lines...)
			}
		}
		before := c.world.All()
		for i, r := range before {
			a := replay(t, c.base, r.ID)
			all := c.world.All()
			if a.Status != http.StatusOK || len(all) != len(before)+i+1 {
				t.Fatalf("%s %s: %d %s, %d requests", r.Method, r.Target, a.Status, a.Body, len(all))
			}
			again := all[len(all)-1]
			checkSame(t, r, again)
			if got := mocktest.Decode[replayed](t, a); got != (replayed{again.ID, r.Status}) {
				t.Errorf("%s %s: %+v", r.Method, r.Target, got)
			}
		}
	}
}

// What can't be sent again is refused with the reason, and not recorded.
func TestReplaysRefuse(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithMaxBodySize(10))
	host := strings.TrimPrefix(srv.URL, "http://")
	for want, text := range map[string]string{
		"it is no request that HTTP can read": "no HTTP\r\n\r\n",
		"its body is incomplete":              "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nConnection: close\r\n\r\n01234567890",
		"its target can't be read as a URL":   "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"a connection of another kind":        "CONNECT /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	} {
		mocktest.Send(t, srv.URL, "DELETE /__admin/requests", "")
		mocktest.Exchange(t, host, text)
		all := srv.Requests().All()
		if len(all) != 1 {
			t.Fatalf("%q: %d requests", text, len(all))
		}
		if a := replay(t, srv.URL, all[0].ID); a.Status != http.StatusConflict || !strings.Contains(a.Body, want) {
			t.Errorf("%q: %d %s, want %s", text, a.Status, a.Body, want)
		}
		if n := srv.Requests().Count(); n != 1 {
			t.Errorf("%q: then there are %d", text, n)
		}
	}
	if a := replay(t, srv.URL, "00000000-0000-0000-0000-000000000000"); a.Status != http.StatusNotFound {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// A fault that breaks the connection of a replay leaves that of the admin API alone.
func TestReplaysMeetFaults(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET /a", "")
	first := srv.Requests().All()[0]
	for _, transport := range []string{scenarios.TransportResetPeer, scenarios.TransportEmptyResponse, scenarios.TransportRandomThenClose, scenarios.TransportMalformedChunk} {
		srv.AddFault(scenarios.Fault{Name: "broken", Effect: scenarios.Effect{Transport: transport}})
		if a := replay(t, srv.URL, first.ID); a.Status != http.StatusOK || mocktest.Decode[replayed](t, a).ID == first.ID {
			t.Errorf("%s: %d %s", transport, a.Status, a.Body)
		}
		srv.RemoveFault("broken")
	}
	srv.Requests().Fault("broken").Times(t, 4)
}

// A request tells when its parts were there, and which scopes its token lacked.
func TestARequestTellsItsStory(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "", "Authorization: Bearer "+srv.Token("webhook.get"))
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "")
	all := srv.Requests().All()
	story := func(id string) mockserver.Request {
		return mocktest.Decode[mockserver.Request](t, mocktest.Send(t, srv.URL, "GET /__admin/requests/"+id, ""))
	}
	mocktest.Until(t, "the end is known", func() bool { return story(all[0].ID).Timeline.Ended > 0 })
	refused := story(all[0].ID)
	if at := refused.Timeline; at.Received <= 0 || at.ResponseBegun < at.Received || at.Ended < at.ResponseBegun || at.Ended > time.Minute {
		t.Errorf("the times are %+v", at)
	}
	if refused.Status != http.StatusForbidden || !slices.Equal(refused.Scopes, []string{"webhook.get"}) ||
		!slices.Contains(refused.NeededScopes, "webhooks.get") || !slices.Contains(refused.NeededScopes, "all.Application") || slices.Contains(refused.NeededScopes, "webhook.get") {
		t.Errorf("%d with the scopes %v needs %v", refused.Status, refused.Scopes, refused.NeededScopes)
	}
	if granted := story(all[1].ID); granted.NeededScopes != nil {
		t.Errorf("%d needs %v", granted.Status, granted.NeededScopes)
	}
	fixed := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Clock: scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Unix(1e9, 0)}}))
	mocktest.Send(t, fixed.URL, "GET /a", "")
	if a := mocktest.Send(t, fixed.URL, "GET /__admin/requests/"+fixed.Requests().All()[0].ID, ""); strings.Contains(a.Body, "timeline") {
		t.Errorf("on a fixed clock: %s", a.Body)
	}
}
