package live_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
)

// respond returns a handler with one response.
func respond(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// A call is sent again where that can help and does no harm.
func TestCallsThatAreRepeated(t *testing.T) {
	t.Parallel()
	reset := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	cut := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
	})
	page := func(status int) http.HandlerFunc { return respond(status, "Content-Type", "text/html; charset=utf-8") }
	for _, c := range []struct {
		name, method string
		first        http.HandlerFunc
		refusals     int32 // how often it responds first
		want, sent   int   // status, 0 for an error
	}{
		{"429 with Retry-After", "GET", respond(429, "Retry-After", "0"), 2, 200, 3},
		{"429 with a date that is past", "GET", respond(429, "Retry-After", "Mon, 13 Jun 2016 04:00:00 GMT"), 1, 200, 2},
		{"429 for an hour", "GET", respond(429, "Retry-After", "3600"), 1, 429, 1},
		{"429 without Retry-After", "GET", respond(429), 1, 200, 2},
		{"429 for ever", "GET", respond(429, "Retry-After", "0"), 99, 429, 4},
		{"502", "PATCH", respond(502), 1, 200, 2},
		{"503", "HEAD", respond(503), 3, 200, 4},
		{"504", "OPTIONS", respond(504), 1, 200, 2},
		{"a reset", "GET", reset, 2, 200, 3},
		{"a cut", "DELETE", cut, 1, 200, 2},
		{"HTML", "GET", page(200), 1, 200, 2},
		{"500", "GET", respond(500), 1, 500, 1},
		{"a POST that was not carried out", "POST", respond(429, "Retry-After", "0"), 1, 200, 2},
		{"a POST that a proxy refused", "POST", page(403), 1, 200, 2},
		{"a safe POST: 503", "safe POST", respond(503), 2, 200, 3},
		{"a safe POST: a reset", "safe POST", reset, 1, 200, 2},
		{"a POST that was not carried out: without Retry-After", "POST", respond(429), 1, 200, 2},
		{"a POST that may have been carried out: 503", "POST", respond(503, "Retry-After", "0"), 1, 503, 1},
		{"a POST that may have been carried out: HTML", "POST", page(500), 1, 500, 1},
		{"a POST that may have been carried out: a reset", "POST", reset, 1, 0, 1},
	} {
		var sent atomic.Int32
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if sent.Add(1) <= c.refusals {
				c.first(w, r)
			}
		}))
		e, err := client(t, server.URL, "token").Do(t.Context(), live.Call{Method: strings.TrimPrefix(c.method, "safe "), Target: "/", Safe: strings.HasPrefix(c.method, "safe ")})
		status := 0
		if err == nil {
			status = e.Status
		}
		if status != c.want || int(sent.Load()) != c.sent {
			t.Errorf("%s: %d %v, sent %d times", c.name, status, err, sent.Load())
		}
	}
}

// Whether a DELETE did what it should is unknown where its response was lost and the
// next one is 404.
func TestALostResponseToADelete(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		429: "404",
		502: "DELETE /x: the first response was lost, and the one to its repetition is 404",
	} {
		sent := 0
		c := live.NewLocalClient(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if sent++; sent == 1 {
				w.WriteHeader(status)
				return
			}
			w.WriteHeader(404)
		}), secret.New("token"))
		e, err := c.Do(t.Context(), live.Call{Method: "DELETE", Target: "/x"})
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprint(e.Status)
		}
		if got != want {
			t.Errorf("%d: %s", status, got)
		}
	}
}

// Calls are repeated at the pace of the service, and no wait goes beyond the
// deadline, by a clock that goes on when everybody waits.
func TestPausesBetweenCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header []string
		want   time.Duration
	}{
		"without Retry-After": {nil, (1 + 2 + 4) * live.Pace},
		"seconds":             {[]string{"Retry-After", "60"}, 3 * time.Minute},
		"a date":              {[]string{"Retry-After", "Sat, 01 Jan 2000 00:02:00 GMT"}, 2 * time.Minute}, // the clock begins at 2000
		"the deadline":        {[]string{"Retry-After", "119"}, 2 * 119 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := live.NewLocalClient(respond(503, c.header...), secret.New("token"))
			live.PaceLikeTheRealService(client)
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			e, err := client.Do(ctx, live.Call{Method: "GET", Target: "/"})
			took := time.Since(began)
			if err != nil || e.Status != 503 || took < c.want || took > c.want+3*live.Pace {
				t.Errorf("%s: %+v %v after %s, want %s", name, e, err, took, c.want)
			}
		})
	}
}
