package wire_test

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// A client may leave at any byte of its request. There is at most one entry
// for it, marked as aborted where its end was on its way, and nothing is left
// behind: TestMain looks for that.
func TestClientsThatLeaveAtEveryByte(t *testing.T) {
	t.Parallel()
	const head = "Host: x\r\nAuthorization: Bearer any\r\nX-Padding: " // with a padding, so that headers are cut too
	padding := strings.Repeat("p", 700) + "\r\n"
	var cuts, entries atomic.Int64
	for _, c := range []struct{ name, request, body string }{
		{"a read", "GET " + mocktest.WebhookPath + " HTTP/1.1\r\n" + head + padding + "\r\n", ""},
		{"a list", "GET " + mocktest.WebhooksPath + "?filterField=name&filter=my* HTTP/1.1\r\n" + head + padding + "\r\n", ""},
		{"a create", "POST " + mocktest.WebhooksPath + " HTTP/1.1\r\n" + head + padding + mocktest.SendsJSON + "\r\nContent-Length: 30\r\n\r\n", `{"name":"cut off by a client"}`},
		{"a create in chunks", "POST " + mocktest.WebhooksPath + " HTTP/1.1\r\n" + head + padding + mocktest.SendsJSON + "\r\nTransfer-Encoding: chunked\r\n\r\n", "1e\r\n{\"name\":\"cut off by a client\"}\r\n0\r\n\r\n"},
		{"a call of a webhook", "POST /webhooks/the_webhook_token/door HTTP/1.1\r\n" + head + padding + "Content-Length: 18\r\n\r\n", `{"event":"opened"}`},
		{"an admin call", "POST /__admin/requests/count HTTP/1.1\r\nX-Padding: " + padding + "Host: localhost\r\n" + mocktest.SendsJSON + "\r\nContent-Length: 16\r\n\r\n", `{"method":"GET"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			host := strings.TrimPrefix(srv.URL, "http://")
			text := c.request + c.body
			var leaving sync.WaitGroup
			places := make(chan bool, 64)
			for cut := 1; cut < len(text); cut++ {
				places <- true
				leaving.Go(func() {
					defer func() { <-places }()
					leave(t, host, text[:cut], cut%2 == 0)
				})
			}
			leaving.Wait()
			mocktest.Until(t, "every request is done with", func() bool {
				return !slices.ContainsFunc(srv.Requests().All(), func(r mockserver.Request) bool { return r.Pending })
			})
			cuts.Add(int64(len(text) - 1))
			all := srv.Requests().All()
			if len(all) > len(text)-1 {
				t.Errorf("%d entries for %d requests", len(all), len(text)-1)
			}
			for _, r := range all {
				if r.Panic != "" || !r.Aborted && (r.Status < 400 || r.Operation == "") && !strings.HasPrefix(c.name, "a create in chunks") {
					t.Errorf("recorded as %+v", r)
				}
			}
			entries.Add(int64(len(all)))
			mocktest.Case{Request: "GET " + mocktest.WebhookPath, Status: 200}.Run(t, srv)
		})
	}
	t.Cleanup(func() {
		t.Attr("X1", fmt.Sprintf("%d cuts, %d entries, no panic, nothing left running", cuts.Load(), entries.Load()))
	})
}

// leave sends a part of a request and is gone: abruptly, or when the server has
// answered what there was to answer.
func leave(t *testing.T, host, part string, abruptly bool) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, part); err != nil {
		t.Error(err)
		return
	}
	if abruptly {
		_ = conn.(*net.TCPConn).SetLinger(0)
		return
	}
	_ = conn.(*net.TCPConn).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(2 * time.Minute))
	if answer, err := io.ReadAll(conn); err != nil {
		t.Errorf("%d bytes: %q %v", len(part), answer, err)
	}
}
