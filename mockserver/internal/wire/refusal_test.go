package wire_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// Requests that no handler sees are recorded and logged like all others: those that
// net/http refuses, and those for a sandbox that there can't be.
func TestRefusedRequestsAreRecorded(t *testing.T) {
	t.Parallel()
	const ok = "Host: x\r\nConnection: close\r\n"
	const malformed = " HTTP/1.1\r\nHost: x\r\nX;: y\r\n\r\n"
	for name, c := range map[string]struct {
		text                 string
		method, target, body string
		status               int
	}{
		"a broken escape":          {"POST /a%zz?b=%zz HTTP/1.1\r\n" + ok + "Content-Length: 1\r\n\r\nx", "POST", "/a%zz?b=%zz", "x", 404},
		"no Host":                  {"GET /b HTTP/1.1\r\n\r\n", "GET", "/b", "", 400},
		"a version of its own":     {"GET /b HTTP/9.9\r\n\r\n", "GET", "/b", "", 505},
		"an unknown expectation":   {"POST /b HTTP/1.1\r\n" + ok + "Expect: miracles\r\n\r\n", "POST", "/b", "", 417},
		"an unknown encoding":      {"POST /b HTTP/1.1\r\n" + ok + "Transfer-Encoding: x\r\n\r\n", "POST", "/b", "", 501},
		"a malformed header field": {"GET /b HTTP/1.1\r\nHost : x\r\n\r\n", "GET", "/b", "", 400},
		"TLS":                      {"\x16\x03\x01\r\n\r\n", "", "", "\x16\x03\x01\r\n\r\n", 400},
		"a name of no sandbox":     {"POST /__sandbox/-/b HTTP/1.1\r\n" + ok + "Content-Length: 1\r\n\r\nx", "POST", "/__sandbox/-/b", "x", 404},
		"a sandbox":                {"GET /__sandbox/a/b%zz HTTP/1.1\r\n" + ok + "\r\n", "GET", "/b%zz", "", 404},
		"behind another request":   {"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /a%zz HTTP/1.1\r\n" + ok + "\r\n", "GET", "/a%zz", "", 404},
		"behind a long body":       {"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + strings.Repeat("G", 20000) + "POST /c" + malformed, "POST", "/c", "POST /c" + malformed, 400},
		"behind a long header":     {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("G", 20000) + "\r\n\r\nPOST /c" + malformed, "POST", "/c", "POST /c" + malformed, 400},
		"between other requests":   {"GET / HTTP/1.1\r\nHost: x\r\n\r\n\r\nPUT /d" + malformed + "GET /e HTTP/1.1\r\nHost: x\r\n\r\n", "PUT", "/d", "PUT /d" + malformed, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var logged []string
			srv := mockserver.Start(t, mockserver.WithLogger(slog.New(mocktest.LogFunc(func(message string, attrs map[string]string) {
				mu.Lock()
				defer mu.Unlock()
				if message == "request" {
					logged = append(logged, attrs["method"]+" "+attrs["path"])
				}
			}))))
			mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), c.text)
			path, _, _ := strings.Cut(c.target, "?")
			mocktest.Until(t, "the request is logged", func() bool { // it may come behind the one that has its response
				mu.Lock()
				defer mu.Unlock()
				return slices.Contains(logged, c.method+" "+path)
			})
			base := ""
			if name == "a sandbox" {
				base = "/__sandbox/a"
			}
			r := newest(t, srv, base)
			if r.Status != c.status || r.Method != c.method || r.Target != c.target || string(r.Body) != c.body || r.Pending || r.Aborted || len(r.ResponseBody) == 0 && c.status != 417 {
				t.Errorf("recorded as %+v", r)
			}
		})
	}
}

// What net/http refuses has a hint in the log and in the journal, and counts in health.
func TestRefusalsHaveAHint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, want string
		status     int
	}{
		"TLS":                {"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", "start the server with --tls", 400},
		"a large header":     {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 80<<10) + "\r\n\r\n", "at most 64 KiB", 431},
		"an unknown version": {"GET / HTTP/9.9\r\nHost: x\r\n\r\n", "HTTP/1.0, HTTP/1.1 and HTTP/2", 505},
		"a broken escape":    {"GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n", "write %25", 404},
		"a blank":            {"GET /webhooks/my token HTTP/1.1\r\nHost: x\r\n\r\n", "write %20", 400},
		"words":              {"hello there\r\n\r\n", "this is no request of HTTP", 400},
		"no Host":            {"GET / HTTP/1.1\r\n\r\n", "the header Host", 400},
		"an illegal field":   {"GET / HTTP/1.1\r\nHost: x\r\nX y: z\r\n\r\n", "", 400}, // which the response says
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log buffer
			srv := mockserver.Start(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), c.text)
			waitFor(t, &log, fmt.Sprintf("status=%d", c.status))
			if r := newest(t, srv, ""); r.Status != c.status || !strings.Contains(r.Hint, c.want) || c.want == "" && r.Hint != "" {
				t.Errorf("%d, hint %q, want %d, %q", r.Status, r.Hint, c.status, c.want)
			}
			if !strings.Contains(log.String(), c.want) {
				t.Errorf("the log is %s", log.String())
			}
			if n := rejected(t, srv.Client(), srv.URL); n != 1 {
				t.Errorf("health counts %d", n)
			}
		})
	}
}

// rejected returns how many requests health counts that no handler has seen.
func rejected(t *testing.T, client *http.Client, url string) int {
	t.Helper()
	var health struct{ RejectedBeforeHandler int }
	_, text := do(t, client, newRequest(t, "GET", url+"/__admin/health", nil))
	if err := json.Unmarshal([]byte(text), &health); err != nil {
		t.Error(err)
	}
	return health.RejectedBeforeHandler
}

// newest returns the newest request of the world with a base path.
func newest(t *testing.T, srv *mockserver.TestServer, base string) mockserver.Request {
	t.Helper()
	a := mocktest.Send(t, srv.URL, "GET "+base+"/__admin/requests", "")
	list := mocktest.Decode[struct{ Requests []mockserver.Request }](t, a).Requests
	if len(list) == 0 {
		t.Fatal("nothing is recorded")
	}
	return list[0]
}

// A call of the admin API is never recorded, however it is refused.
func TestRefusedCallsOfTheAdminAPIAreNotRecorded(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, target := range []string{"/__admin/a%zz", "/__sandbox/-/__admin/health", "/__sandbox/-/__admin/a%zz"} {
		if a := mocktest.Exchange(t, host, "GET "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); a.Status != 404 {
			t.Errorf("%s: %d", target, a.Status)
		}
	}
	srv.Requests().Never(t)
}
