package mockserver_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

func TestPathsWithABrokenEscape(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, path := range []string{"/applications/%zz/webhooks", "/%", "/applications/%2", "/a%g0?x=%zz"} {
		a := exchange(t, host, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
		bare, _, _ := strings.Cut(path, "?")
		want := `{"type":"NotFound","message":"` + bare + ` does not exist"}`
		if a.status != 404 || a.body != want || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if n := Recorder(t, srv, "").RejectedBeforeHandler; n != 4 {
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
// answer is never a 5xx but for what HTTP itself asks for (501), and the next
// request is answered as ever.
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
		"a bad chunk":                  {"POST " + hooks + " HTTP/1.1\r\n" + ok + sendsJSON + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		"a length too large to read":   {"POST " + hooks + " HTTP/1.1\r\n" + ok + sendsJSON + "\r\nContent-Length: 1048577\r\n\r\n" + strings.Repeat(" ", 1048577), 413},
		"a glob of 10,000 stars":       {"GET " + hooks + "?filterField=name&filter=" + strings.Repeat("*", 10_000) + " HTTP/1.1\r\n" + ok + "\r\n", 400},
		"a glob of open braces":        {"GET " + hooks + "?filterField=name&filter={{{{[[[ HTTP/1.1\r\n" + ok + "\r\n", 400},
		"100,000 parameters":           {"GET " + hooks + "?" + strings.Repeat("a&", 25_000) + " HTTP/1.1\r\n" + ok + "\r\n", 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := exchange(t, host, c.text); a.status != c.status {
				t.Errorf("%d %.200s, want %d", a.status, a.body, c.status)
			}
			wireCase{request: "GET " + hooks, status: 200}.run(t, srv)
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
	_, err = io.WriteString(conn, "POST "+hooks+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n"+sendsJSON+"\r\nContent-Length: 100\r\n\r\n{\"name\":")
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
	if l := list(t, srv, ""); l.TotalCount != 1 {
		t.Errorf("a webhook was made of it")
	}
}

func TestPatternsThatTakeExponentialTimeAreRefused(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	create(t, srv, `{"name":"`+strings.Repeat("a", 255)+`"}`)
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
		a := send(t, srv.URL, "GET "+hooks+"?filterField=name&filter="+escape(filter), "")
		if a.status != status {
			t.Errorf("%s: %d %.200s, want %d", filter, a.status, a.body, status)
		}
	}
}
