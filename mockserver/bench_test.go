package mockserver_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// sink is a client that takes everything and keeps nothing.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(b []byte) (int, error) { s.bytes += len(b); return len(b), nil }

// benchRows are what the benchmarks ask for.
var benchRows = []struct{ name, method, target, body string }{
	{"webhook.get", "GET", mocktest.WebhookPath, ""},
	{"webhooks.get/10", "GET", mocktest.WebhooksPath + "?perPage=10", ""},
	{"webhooks.get/100", "GET", mocktest.WebhooksPath + "?perPage=100", ""},
	{"webhooks.post", "POST", mocktest.WebhooksPath, `{"name":"Door opened"}`},
	{"trigger", "POST", "/webhooks/the_webhook_token", `{"event":"opened"}`},
}

func benchWorld() *scenarios.Scenario {
	return &scenarios.Scenario{
		Triggers: scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 1 << 20, Per: time.Millisecond}},
		Applications: []scenarios.Application{{
			ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{{ID: mocktest.WebhookID, Name: "My Webhook", Token: "the_webhook_token"}},
			Generate: []scenarios.Generate{{Count: 999, Webhook: scenarios.Webhook{Name: "Device {{n}}"}}},
		}},
	}
}

// BenchmarkRequests asks without a socket in between: what is left is the
// server's own work, the journal's with it.
func BenchmarkRequests(b *testing.B) {
	world := benchWorld()
	for _, c := range benchRows {
		b.Run(c.name, func(b *testing.B) {
			s, err := mockserver.New(mockserver.WithWorld(world), mockserver.WithJournalLimits(10_000, 1<<30))
			if err != nil {
				b.Fatal(err)
			}
			template := httptest.NewRequest(c.method, c.target, nil)
			template.Header.Set("Authorization", "Bearer any")
			template.Header.Set("User-Agent", "benchmark")
			template.Header.Set("Accept", "application/json")
			if c.body != "" {
				template.Header.Set("Content-Type", "application/json")
				template.ContentLength = int64(len(c.body))
			}
			b.ReportAllocs()
			for b.Loop() {
				request := *template
				request.Body = body{bytes.NewReader([]byte(c.body))}
				w := &sink{header: http.Header{}}
				s.ServeHTTP(w, &request)
				if w.status >= 300 {
					b.Fatal(fmt.Sprint(w.status))
				}
			}
		})
	}
}

type body struct{ *bytes.Reader }

func (body) Close() error { return nil }

// BenchmarkBesideABareHandler asks over sockets, by turns with a bare handler
// that writes a constant of the same size. The metric is the server's speed as
// a part of the bare handler's; the load shares the machine with both, which
// losantmock bench keeps apart.
func BenchmarkBesideABareHandler(b *testing.B) {
	for _, c := range benchRows {
		b.Run(c.name, func(b *testing.B) {
			s, err := mockserver.New(mockserver.WithWorld(benchWorld()), mockserver.WithJournalLimits(10_000, 1<<30))
			if err != nil {
				b.Fatal(err)
			}
			mock := httptest.NewServer(s)
			defer mock.Close()
			constant := []byte(strings.Repeat("x", mocktest.Serve(s, c.method, c.target, c.body).Body.Len()))
			bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Content-Length", strconv.Itoa(len(constant)))
				_, _ = w.Write(constant)
			}))
			defer bare.Close()
			var own, limit time.Duration
			const batch = 2000
			for b.Loop() {
				limit += drive(b, bare, c.method, c.target, c.body, batch)
				own += drive(b, mock, c.method, c.target, c.body, batch)
			}
			b.ReportMetric(limit.Seconds()/own.Seconds(), "of-bare")
			b.ReportMetric(float64(b.N*batch)/own.Seconds(), "req/s")
		})
	}
}

// drive sends so many requests on 32 connections, and tells how long it took.
func drive(b *testing.B, srv *httptest.Server, method, target, body string, n int) time.Duration {
	b.Helper()
	const connections = 32
	host := strings.TrimPrefix(srv.URL, "http://")
	request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer any\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", method, target, host, len(body), body)
	var asking sync.WaitGroup
	began := time.Now()
	for range connections {
		asking.Go(func() {
			conn, err := net.Dial("tcp", host)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			answers := bufio.NewReaderSize(conn, 64<<10)
			for range n / connections {
				_, _ = io.WriteString(conn, request)
				response, err := http.ReadResponse(answers, nil)
				if err != nil || response.StatusCode > 299 {
					b.Errorf("%v %v", response, err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
			}
		})
	}
	asking.Wait()
	return time.Since(began)
}
