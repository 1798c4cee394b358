package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
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

// BenchmarkRequests asks without a socket in between: what is left is the
// server's own work, the journal's with it.
func BenchmarkRequests(b *testing.B) {
	world := &scenarios.Scenario{
		Triggers: scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 1 << 20, Per: time.Millisecond}},
		Applications: []scenarios.Application{{
			ID: app, Name: "a", Webhooks: []scenarios.Webhook{{ID: hook, Name: "My Webhook", Token: "the_webhook_token"}},
			Generate: []scenarios.Generate{{Count: 999, Webhook: scenarios.Webhook{Name: "Device {{n}}"}}},
		}},
	}
	for _, c := range []struct{ name, method, target, body string }{
		{"webhook.get", "GET", myHook, ""},
		{"webhooks.get/10", "GET", hooks + "?perPage=10", ""},
		{"webhooks.get/100", "GET", hooks + "?perPage=100", ""},
		{"webhooks.post", "POST", hooks, `{"name":"Door opened"}`},
		{"trigger", "POST", "/webhooks/the_webhook_token", `{"event":"opened"}`},
	} {
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
