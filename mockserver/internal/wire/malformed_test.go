package wire_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

func TestPathsWithABrokenEscape(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, path := range []string{"/applications/%zz/webhooks", "/%", "/applications/%2", "/a%g0?x=%zz"} {
		a := mocktest.Exchange(t, host, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
		bare, _, _ := strings.Cut(path, "?")
		want := `{"type":"NotFound","message":"` + bare + ` does not exist"}`
		if a.Status != 404 || a.Body != want || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if n := mocktest.Decode[struct{ RejectedBeforeHandler int }](t, mocktest.Send(t, srv.URL, "GET /__admin/requests", "")).RejectedBeforeHandler; n != 4 {
		t.Errorf("%d are counted", n)
	}
	// Behind a good request on the same connection it is the same.
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	if _, err := io.WriteString(conn, "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	if n, err := conn.Read(buffer); err != nil || !strings.HasPrefix(string(buffer[:n]), "HTTP/1.1 405") {
		t.Fatalf("%q %v", buffer[:n], err)
	}
	if _, err := io.WriteString(conn, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(rest), "HTTP/1.1 404 ") || !strings.HasSuffix(string(rest), `"/%zz does not exist"}`) {
		t.Errorf("%q %v", rest, err)
	}
}

// TestBadRequestsGetAClearNo sends what is no request, or too much of one. The
// response is never a 5xx but for what HTTP itself asks for (501), and the next
// request is served as ever.
func TestBadRequestsGetAClearNo(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	const ok = "Host: x\r\nConnection: close\r\nAuthorization: Bearer any\r\n"
	for name, c := range map[string]struct {
		text   string
		status int
	}{
		"a path of 100 KB":             {"GET /" + strings.Repeat("a", 100_000) + " HTTP/1.1\r\n" + ok + "\r\n", 431},
		"a path of 50 KB":              {"GET /applications/" + strings.Repeat("a", 50_000) + " HTTP/1.1\r\n" + ok + "\r\n", 405},
		"a header of 100 KB":           {"GET / HTTP/1.1\r\n" + ok + "X: " + strings.Repeat("a", 100_000) + "\r\n\r\n", 431},
		"a flood of header fields":     {"GET / HTTP/1.1\r\n" + ok + numbered("X-%d: 1\r\n", 2000) + "\r\n", 431},
		"a flood of one header field":  {"GET / HTTP/1.1\r\n" + ok + strings.Repeat("X: 1\r\n", 2000) + "\r\n", 431},
		"a flood without end":          {"GET / HTTP/1.1\r\n" + ok + numbered("X-%d: 1\r\n", 50_000) + "\r\n", 431},
		"no Host":                      {"GET / HTTP/1.1\r\n\r\n", 400},
		"two Hosts":                    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		"a blank before the colon":     {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
		"a NUL in the header":          {"GET / HTTP/1.1\r\n" + ok + "X: \x00\r\n\r\n", 400},
		"another protocol":             {"GET / SPDY/9\r\n" + ok + "\r\n", 400},
		"an unknown version":           {"GET / HTTP/9.9\r\n" + ok + "\r\n", 505},
		"garbage":                      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},
		"two lengths":                  {"POST / HTTP/1.1\r\n" + ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400},
		"a negative length":            {"POST / HTTP/1.1\r\n" + ok + "Content-Length: -1\r\n\r\n", 400},
		"a length beyond measure":      {"POST / HTTP/1.1\r\n" + ok + "Content-Length: 99999999999999999999\r\n\r\n", 400},
		"an unknown transfer encoding": {"POST / HTTP/1.1\r\n" + ok + "Transfer-Encoding: xchunked\r\n\r\n", 501},
		"an unknown expectation":       {"POST / HTTP/1.1\r\n" + ok + "Expect: miracles\r\n\r\n", 417},
		"a bad chunk":                  {"POST " + mocktest.WebhooksPath + " HTTP/1.1\r\n" + ok + mocktest.SendsJSON + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		"a length too large to read":   {"POST " + mocktest.WebhooksPath + " HTTP/1.1\r\n" + ok + mocktest.SendsJSON + "\r\nContent-Length: 1048577\r\n\r\n" + strings.Repeat(" ", 1048577), 413},
		"a glob of 10,000 stars":       {"GET " + mocktest.WebhooksPath + "?filterField=name&filter=" + strings.Repeat("*", 10_000) + " HTTP/1.1\r\n" + ok + "\r\n", 400},
		"a glob of open braces":        {"GET " + mocktest.WebhooksPath + "?filterField=name&filter={{{{[[[ HTTP/1.1\r\n" + ok + "\r\n", 400},
		"100,000 parameters":           {"GET " + mocktest.WebhooksPath + "?" + strings.Repeat("a&", 25_000) + " HTTP/1.1\r\n" + ok + "\r\n", 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := mocktest.Exchange(t, host, c.text); a.Status != c.status {
				t.Errorf("%d %.200s, want %d", a.Status, a.Body, c.status)
			}
			mocktest.Case{Request: "GET " + mocktest.WebhooksPath, Status: 200}.Run(t, srv)
		})
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestBodiesThatEndEarlyAreRecordedAsAborted(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	_, err = io.WriteString(conn, "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n"+mocktest.SendsJSON+"\r\nContent-Length: 100\r\n\r\n{\"name\":")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") {
		t.Errorf("%q %v", answer, err)
	}
	conn.Close()
	r, ok := srv.Requests().First()
	if !ok || !r.Aborted || string(r.Body) != `{"name":` {
		t.Errorf("recorded as %+v", r)
	}
	if l := mocktest.ListWebhooks(t, srv, ""); l.TotalCount != 1 {
		t.Errorf("a webhook was made of it")
	}
}

func TestPatternsThatTakeExponentialTimeAreRefused(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	mocktest.Create(t, srv, `{"name":"`+strings.Repeat("a", 255)+`"}`)
	for filter, status := range map[string]int{
		strings.Repeat("{*,*a}", 6) + "c?":      400,
		strings.Repeat("{,a}", 25) + "b*":       400,
		strings.Repeat("*a", 120) + "b":         200,
		strings.Repeat("[!b]*", 50) + "b":       200,
		"{" + strings.Repeat("*a*,", 60) + "b}": 200,
		strings.Repeat("?", 255):                200,
		`\`:                                     400,
		`{a,{b,c}}`:                             400,
		"{" + strings.Repeat("a", 253) + "}":    200,
		"[a-":                                   400,
		"]":                                     200,
		strings.Repeat("{", 255):                400,
	} {
		a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?filterField=name&filter="+url.QueryEscape(filter), "")
		if a.Status != status {
			t.Errorf("%s: %d %.200s, want %d", filter, a.Status, a.Body, status)
		}
	}
}
