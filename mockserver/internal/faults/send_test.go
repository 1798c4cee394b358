package faults_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// The shorthands, and a response of one's own.
func TestResponsesOfFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		effect scenarios.Effect
		status int
		want   string
		header [2]string
	}{
		{scenarios.Effect{Response: scenarios.ResponseUnauthorized}, 401, `{"type":"Unauthorized","message":"Invalid access token"}`, [2]string{}},
		{scenarios.Effect{Response: scenarios.ResponseForbidden}, 403, `{"type":"Forbidden","message":"Access is forbidden"}`, [2]string{}},
		{scenarios.Effect{Response: scenarios.ResponseRateLimited}, 429, `{"type":"RateLimited","message":"Too many requests"}`, [2]string{"Retry-After", "1"}},
		{scenarios.Effect{Response: scenarios.ResponseRateLimited, RetryAfter: 1500 * time.Millisecond}, 429, `{"type":"RateLimited","message":"Too many requests"}`, [2]string{"Retry-After", "2"}},
		{scenarios.Effect{Response: scenarios.ResponseServerError}, 500, `{"type":"ServerError","message":"Internal server error"}`, [2]string{}},
		{scenarios.Effect{Response: scenarios.ResponseMaintenance, RetryAfter: time.Minute}, 503, `{"type":"Maintenance","message":"The service is down for maintenance"}`, [2]string{"Retry-After", "60"}},
		{scenarios.Effect{Response: scenarios.ResponseUnauthorized, RetryAfter: time.Second}, 401, "", [2]string{"Retry-After", "1"}},
		{scenarios.Effect{Response: scenarios.ResponseServerError, RetryAfter: 90 * time.Second}, 500, "", [2]string{"Retry-After", "90"}},
		{scenarios.Effect{Status: 503, RetryAfter: 7 * time.Second, Body: "mine"}, 503, "mine", [2]string{"Retry-After", "7"}},
		{scenarios.Effect{Status: 204, RetryAfter: 7 * time.Second}, 204, "", [2]string{"Retry-After", "7"}},
		{scenarios.Effect{Status: 418}, 418, `{"type":"Fault","message":"I'm a teapot"}`, [2]string{}},
		{scenarios.Effect{Status: 502, Headers: map[string]string{"x-mine": "yes"}, Body: "mine"}, 502, "mine", [2]string{"X-Mine", "yes"}},
	} {
		a := mocktest.Send(t, faulty(t, scenarios.Fault{Name: "f", Effect: c.effect}).URL, "GET "+mocktest.WebhooksPath, "")
		if a.Status != c.status || c.want != "" && a.Body != c.want || a.Header.Get(c.header[0]) != c.header[1] {
			t.Errorf("%+v: %d %s %v", c.effect, a.Status, a.Body, a.Header)
		}
	}
}

// Transport faults as a raw socket sees them.
func TestBrokenTransport(t *testing.T) {
	t.Parallel()
	ask := func(srv *mockserver.TestServer, method, target, body string) (string, error) {
		t.Helper()
		host := strings.TrimPrefix(srv.URL, "http://")
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
		fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer any\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", method, target, host, len(body), body)
		answer, err := io.ReadAll(conn)
		return string(answer), err
	}
	for _, c := range []struct {
		effect scenarios.Effect
		want   func(answer string, err error) bool
	}{
		{scenarios.Effect{Transport: scenarios.TransportResetPeer}, func(a string, err error) bool { return a == "" && errors.Is(err, syscall.ECONNRESET) }},
		{scenarios.Effect{Transport: scenarios.TransportEmptyResponse}, func(a string, err error) bool { return a == "" && err == nil }},
		{scenarios.Effect{Transport: scenarios.TransportTimeout, Timeout: 20 * time.Millisecond}, func(a string, err error) bool { return a == "" && err == nil }},
		{scenarios.Effect{Transport: scenarios.TransportRandomThenClose}, func(a string, err error) bool { return len(a) == 64 && !strings.HasPrefix(a, "HTTP") && err == nil }},
		{scenarios.Effect{Transport: scenarios.TransportMalformedChunk}, func(a string, err error) bool {
			response, broken := http.ReadResponse(bufio.NewReader(strings.NewReader(a)), nil)
			if broken != nil || response.StatusCode != 200 || err != nil {
				return false
			}
			_, broken = io.ReadAll(response.Body)
			return broken != nil && strings.Contains(broken.Error(), "chunk")
		}},
		{scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 300}, func(a string, err error) bool {
			return len(a) == 300 && strings.HasPrefix(a, "HTTP/1.1 200 OK\r\n") && strings.Contains(a, `{"count":1`) && err == nil
		}},
		{scenarios.Effect{Status: 503, Body: "mine", Transport: scenarios.TransportLimitData, LimitData: 30}, func(a string, err error) bool {
			return a == "HTTP/1.1 503 Service Unavailab"[:30] && err == nil
		}},
		{scenarios.Effect{Transport: scenarios.TransportLimitData}, func(a string, err error) bool { return a == "" && err == nil }},
	} {
		srv := faulty(t, scenarios.Fault{Name: "broken", Effect: c.effect})
		if a, err := ask(srv, "GET", mocktest.WebhooksPath, ""); !c.want(a, err) {
			t.Errorf("%+v: %q %v", c.effect, a, err)
		}
		if r := srv.Requests().Fault("broken").Once(t); r.Status != 0 && c.effect.Transport != scenarios.TransportLimitData {
			t.Errorf("%+v: recorded with %d", c.effect, r.Status)
		}
		if a := mocktest.Send(t, srv.URL, "GET /__admin/health", ""); a.Status != 200 {
			t.Errorf("the admin API: %d", a.Status)
		}
	}
	// A client that leaves ends the silence.
	srv := faulty(t, scenarios.Fault{Name: "silence", Effect: scenarios.Effect{Transport: scenarios.TransportTimeout}})
	client := &http.Client{Timeout: 50 * time.Millisecond}
	if response, err := client.Get(srv.URL + mocktest.WebhooksPath); err == nil {
		_ = response.Body.Close()
		t.Error("it was answered")
	}
	srv.Requests().Fault("silence").Once(t)

	// What was lost on its way may have been done all the same.
	for _, done := range []bool{true, false} {
		srv := faulty(t, scenarios.Fault{Name: "lost", Operation: "webhooks.post", TakesEffect: done, Effect: scenarios.Effect{Transport: scenarios.TransportResetPeer}},
			scenarios.Fault{Name: "refused", Operation: "webhook.delete", TakesEffect: done, Effect: scenarios.Effect{Status: 500}})
		if a, err := ask(srv, "POST", mocktest.WebhooksPath, `{"name":"lost"}`); a != "" || err == nil {
			t.Errorf("%q %v", a, err)
		}
		if a := mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhookPath, ""); a.Status != 500 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		want := map[bool][]string{true: {"lost"}, false: {"My Webhook"}}[done]
		if got := mocktest.ListWebhooks(t, srv, "").Names(); !slices.Equal(got, want) {
			t.Errorf("takes effect: %t, and there is %v", done, got)
		}
		if r := srv.Requests().Fault("lost").Once(t); r.Status != map[bool]int{true: 201, false: 0}[done] {
			t.Errorf("recorded with %d", r.Status)
		}
	}
}

// Responses are held back, sent in parts, and throttled. The times are those of
// a clock that goes on when everybody waits, so that they are exact.
func TestSlowResponses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		effect      scenarios.Effect
		least, most time.Duration
	}{
		{"fixed", scenarios.Effect{Latency: &scenarios.Latency{Fixed: 50 * time.Second}}, 50 * time.Second, 50 * time.Second},
		{"between", scenarios.Effect{Latency: &scenarios.Latency{Min: 30 * time.Second, Max: 60 * time.Second}}, 30 * time.Second, 60 * time.Second},
		{"log-normal", scenarios.Effect{Latency: &scenarios.Latency{Median: 40 * time.Second, Sigma: 0.01}}, 38 * time.Second, 42 * time.Second},
		{"in parts", scenarios.Effect{Latency: &scenarios.Latency{Chunks: 4, PerChunk: 15 * time.Second}}, 60 * time.Second, 60 * time.Second},
		{"throttled", scenarios.Effect{Throttle: 100}, 16 * time.Second, 17 * time.Second},
		{"with a status", scenarios.Effect{Status: 503, Latency: &scenarios.Latency{Fixed: 50 * time.Second}}, 50 * time.Second, 50 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{
				Faults:       []scenarios.Fault{{Name: "slow", Operation: "webhooks.get", Effect: c.effect}},
				Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "My Webhook"}}}},
			}))
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			a := mocktest.Serve(s, "GET", mocktest.WebhooksPath, "")
			if took := time.Since(began); took < c.least || took > c.most {
				t.Errorf("%s: took %s for %d bytes", c.name, took, a.Body.Len())
			}
			if c.effect.Status == 0 && (a.Code != 200 || !json.Valid(a.Body.Bytes())) {
				t.Errorf("%s: %d %q", c.name, a.Code, a.Body)
			}
		})
	}
	// A reset ends what is held back.
	srv := faulty(t, scenarios.Fault{Name: "slow", Effect: scenarios.Effect{Latency: &scenarios.Latency{Fixed: time.Hour}}})
	answers := make(chan mocktest.Response, 1)
	go func() { answers <- mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "") }()
	mocktest.Until(t, "the fault applies", func() bool { return srv.Faults()[0].Applied > 0 })
	srv.Reset()
	if a := <-answers; a.Status != 200 {
		t.Errorf("%d", a.Status)
	}
}
