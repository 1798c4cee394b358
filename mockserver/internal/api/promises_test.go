//go:build promises

package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// Hostile filters over 10,000 names have their response soon, and clients that do
// something else meanwhile do not wait for them.
func TestHostileFiltersDisturbNobody(t *testing.T) {
	names := scenarios.Generate{Count: 10_000, Webhook: scenarios.Webhook{Name: strings.Repeat("a", 240) + "{{n}}"}}
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Generate: []scenarios.Generate{names}}}}))
	filters := []string{
		strings.Repeat("{*,*a}", 6) + "c?", strings.Repeat("{*,*a}", 4) + "c?", strings.Repeat("{,a}", 25) + "b*", strings.Repeat("*a", 120) + "b", strings.Repeat("?*", 120) + "b",
		strings.Repeat("[!b]*", 50) + "b", "{" + strings.Repeat("*a*,", 60) + "b}", strings.Repeat("*", 255), strings.Repeat("?", 255), strings.Repeat("{", 255), "*" + strings.Repeat("a", 253) + "*",
	}
	p99 := func(took []time.Duration) time.Duration {
		slices.Sort(took)
		return took[len(took)*99/100]
	}
	once := func(request, body string) time.Duration {
		began := time.Now()
		if a := mocktest.Send(t, srv.URL, request, body, mocktest.SendsJSON); a.Status >= 500 {
			t.Errorf("%s: %d", request, a.Status)
		}
		return time.Since(began)
	}
	// Several tries: the machine may be busy with something else for a while.
	for try := 1; ; try++ {
		var slowest time.Duration
		var lists, others []time.Duration
		for range 200 {
			lists = append(lists, once("GET "+mocktest.WebhooksPath+"?perPage=100", ""))
		}
		stop, done := make(chan bool), make(chan bool)
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				default:
					others = append(others, once("POST "+mocktest.WebhooksPath, `{"name":"x"}`), once("GET "+mocktest.WebhookPath, ""))
				}
			}
		}()
		for _, filter := range filters {
			slowest = max(slowest, once("GET "+mocktest.WebhooksPath+"?filterField=name&filter="+url.QueryEscape(filter), ""))
		}
		close(stop)
		<-done
		list, other := p99(lists), p99(others)
		if fine := list <= 50*time.Millisecond && slowest <= 250*time.Millisecond && other <= 50*time.Millisecond; fine || try == 5 {
			t.Attr("L6", fmt.Sprintf("a list: p99 %s; the slowest of %d hostile filters %s, others meanwhile p99 %s", list.Round(10*time.Microsecond), len(filters), slowest.Round(time.Millisecond), other.Round(10*time.Microsecond)))
			if !fine {
				t.Errorf("list %s, hostile %s, others %s", list, slowest, other)
			}
			return
		}
	}
}
