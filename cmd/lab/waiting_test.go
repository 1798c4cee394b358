//go:build linux && promises

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"
)

// hostilePatterns match slowly, each in its own way.
var hostilePatterns = []string{
	`{"bodyPatterns": [{"matchesJsonPath": "$..*[?(@.k == $..*[?(@.k)].k)]"}]}`,
	`{"bodyPatterns": [{"matches": ".*` + strings.Repeat("(a|aa)*", 30) + `q"}]}`,
	`{"bodyPatterns": [{"equalToJson": "` + strings.ReplaceAll(largeBody("other"), `"`, `\"`) + `", "ignoreArrayOrder": true}]}`,
}

// largeBody is JSON of some 48 kB.
func largeBody(text string) string {
	return `{"d":[` + strings.Repeat(`{"k":"`+text+`","n":1},`, 2000) + `0]}`
}

// post sends JSON, and returns how long the response took.
func post(t *testing.T, url, body string) time.Duration {
	t.Helper()
	began := time.Now()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err != nil || response.StatusCode >= 500 && response.StatusCode != http.StatusServiceUnavailable { // the work was too much
		t.Errorf("%s: %s %.300s %v", url, response.Status, text, err)
	}
	return time.Since(began)
}

// What is created by hand can be exported in time.
func TestExportsOfManyRequests(t *testing.T) {
	measured(t, "N1", func() (bool, string) {
		s := serve(t)
		for i := range 4000 {
			post(t, s.url+benchHooks+"?access_token=any", fmt.Sprintf(`{"name": "webhook %d"}`, i))
		}
		var slowest time.Duration
		for _, path := range []string{"/requests/export?format=har", "/requests/export?format=jsonl", "/requests/export?format=curl", "/scenario", "/requests"} {
			began := time.Now()
			if _, err := s.get("/__admin" + path); err != nil {
				t.Error(err)
			}
			slowest = max(slowest, time.Since(began))
		}
		return slowest <= 5*time.Second, fmt.Sprintf("4,000 created webhooks: at most %s, for HAR, lines, commands, the scenario and the list", slowest.Round(time.Millisecond))
	})
}

// Whatever one client asks of the journal, the others do not wait for it, and it
// does not wait for longer than it has said.
func TestNobodyWaitsForSomebodyElse(t *testing.T) {
	s := serve(t)
	const kept = 20
	for range kept {
		post(t, s.url+"/webhooks/the_webhook_token", largeBody("a"))
	}
	measured(t, "N2", func() (bool, string) {
		var asking sync.WaitGroup
		var slowest time.Duration
		asked := make(chan bool)
		for _, pattern := range hostilePatterns {
			asking.Go(func() {
				post(t, s.url+"/__admin/requests/remove", pattern)
			})
		}
		go func() {
			asking.Wait()
			close(asked)
		}()
		others := 0
		for done := false; !done; others++ {
			select {
			case <-asked:
				done = true
			default:
				slowest = max(slowest, post(t, s.url+"/webhooks/the_webhook_token", `{"a":1}`))
			}
		}
		return slowest <= time.Second, fmt.Sprintf("%d hostile patterns to remove %d requests: at most %s for %d others", len(hostilePatterns), kept, slowest.Round(time.Millisecond), others)
	})
	measured(t, "N3", func() (bool, string) {
		var latest time.Duration
		for _, pattern := range hostilePatterns {
			took := post(t, s.url+"/__admin/requests/wait", `{"request": `+pattern+`, "timeout": "200ms"}`)
			latest = max(latest, took-200*time.Millisecond)
		}
		return latest <= 3*time.Second, fmt.Sprintf("%d hostile patterns: a response at most %s after the timeout", len(hostilePatterns), latest.Round(time.Millisecond))
	})
}

// Who waits in a sandbox is told soon that it was dropped.
func TestWaitersAreToldOfTheDrop(t *testing.T) {
	measured(t, "N3", func() (bool, string) {
		s := serve(t)
		post(t, s.url+"/__admin/sandboxes", `{"name": "dropped"}`)
		for range 20 {
			post(t, s.url+"/__sandbox/dropped/webhooks/the_webhook_token", largeBody("a"))
		}
		clients := 2 * len(hostilePatterns)
		waiting, told := make(chan bool, clients), make(chan time.Time, clients)
		for _, pattern := range hostilePatterns {
			for path, body := range map[string]string{"wait": `{"request": ` + pattern + `, "timeout": "1m"}`, "stream": ""} {
				go func() {
					waitInSandbox(t, s.url+"/__sandbox/dropped/__admin/requests/"+path, body, waiting)
					told <- time.Now()
				}()
			}
		}
		for range clients {
			<-waiting
		}
		request, err := http.NewRequestWithContext(t.Context(), "DELETE", s.url+"/__admin/sandboxes/dropped", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := do(request); err != nil {
			t.Fatal(err)
		}
		dropped := time.Now()
		var latest time.Duration
		for range clients {
			latest = max(latest, (<-told).Sub(dropped))
		}
		return latest <= 3*time.Second, fmt.Sprintf("%d waits and streams are told %s after their sandbox was dropped", clients, latest.Round(time.Millisecond))
	})
}

// waitInSandbox sends a question, or asks for a stream if body is empty, and returns
// when it ends. It reports that the handler has begun: a request that comes after the
// drop would make the sandbox anew.
func waitInSandbox(t *testing.T, url, body string, waiting chan<- bool) {
	begun := sync.OnceFunc(func() { waiting <- true })
	defer begun()
	ctx, leave := context.WithTimeout(t.Context(), 2*time.Minute)
	defer leave()
	method := "GET"
	if body != "" {
		method = "POST"
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: begun})
	}
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Expect", "100-continue")
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	begun() // the header of a stream
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Error(err)
	}
}
