package wire_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

// A request with both Transfer-Encoding and Content-Length is refused and its
// connection closed, wherever it stands on the connection and however its bytes
// arrive. What only looks like one is served.
func TestARequestHasOneLength(t *testing.T) {
	t.Parallel()
	t.Attr("T6", "20 sequences of requests, each in parts of 3 sizes")
	const (
		host    = "Host: x\r\n"
		before  = "POST /webhooks/x HTTP/1.1\r\n" + host
		both    = before + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
		upgrade = "GET / HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
		hidden  = "0\r\n\r\nGET /applications HTTP/1.1\r\n" + host + "\r\n"
		chunks  = "3;a=\"b\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\n"
	)
	for name, c := range map[string]struct {
		text    string
		served  int // how many requests are served before
		refused bool
	}{
		"the length first":                {both + hidden, 0, true},
		"the encoding first":              {before + "Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: 4\r\n\r\n" + hidden, 0, true},
		"in any case of letters":          {before + "tRANSFER-eNCODING:chunked\r\ncontent-LENGTH:4\r\n\r\n" + hidden, 0, true},
		"with folded lines":               {before + "Transfer-Encoding:\r\n chunked\r\nContent-Length:\r\n\t4\r\n\r\n" + hidden, 0, true},
		"without carriage returns":        {strings.ReplaceAll(both, "\r", "") + hidden, 0, true},
		"an encoding that is unknown":     {before + "Transfer-Encoding: x\r\nContent-Length: 4\r\n\r\n" + hidden, 0, true},
		"a value that has a colon":        {before + "Transfer-Encoding: a:b\r\nContent-Length: 4:4\r\n\r\n" + hidden, 0, true},
		"of HTTP/1.0":                     {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + hidden, 0, true},
		"behind a request without a body": {"GET / HTTP/1.1\r\n" + host + "\r\n" + both + hidden, 1, true},
		"behind a body":                   {before + "Content-Length: 3\r\n\r\nabc" + both + hidden, 1, true},
		"behind blank lines":              {before + "Content-Length: 3\r\n\r\nabc\r\n\r\n" + both + hidden, 1, true},
		"behind chunks":                   {before + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "\r\n" + both + hidden, 1, true},
		"behind a trailer":                {before + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "X: y\r\n\r\n" + both + hidden, 1, true},
		"behind an old request":           {"POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + both + hidden, 1, true},
		"behind an upgrade that fails":    {upgrade + both + hidden, 1, true},
		"behind two upgrades that fail":   {upgrade + upgrade + both + hidden, 2, true},
		"in a body":                       {before + "Content-Length: " + "85\r\n\r\n" + both[:85], 1, false},
		"in a chunk":                      {before + "Transfer-Encoding: chunked\r\n\r\n55\r\n" + both[:85] + "\r\n0\r\n\r\n", 1, false},
		"each in one request":             {before + "Content-Length: 0\r\n\r\n" + before + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + before + "Content-Length: 1\r\n\r\nx", 3, false},
		"in names that are longer":        {before + "X-Transfer-Encoding: chunked\r\nTransfer-Encodings: x\r\nContent-Length: 1\r\n\r\nx", 1, false},
	} {
		for _, part := range []int{1, 7, len(c.text)} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				srv := mockserver.Start(t)
				statuses := inParts(t, strings.TrimPrefix(srv.URL, "http://"), c.text, part)
				refused := len(statuses) == c.served+1 && statuses[c.served] == 400
				if len(statuses) < c.served || refused != c.refused || !c.refused && len(statuses) != c.served {
					t.Fatalf("in parts of %d bytes: %d", part, statuses)
				}
				r := newest(t, srv, "")
				_, sized := r.Header["Content-Length"]
				_, encoded := r.Header["Transfer-Encoding"]
				if c.refused && (r.Status != 400 || r.Method != "POST" || !sized || !encoded) {
					t.Errorf("in parts of %d bytes: recorded as %+v", part, r)
				}
			})
		}
	}
}

// inParts writes a text to a server in parts, and returns the statuses of the
// responses until the server closes the connection.
func inParts(t *testing.T, host, text string, part int) (statuses []int) {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	go func() {
		for rest := text; rest != ""; {
			n := min(part, len(rest))
			_, _ = io.WriteString(conn, rest[:n]) // the server may have closed it
			rest = rest[n:]
		}
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	reader := bufio.NewReader(conn)
	for {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return statuses // the end, or the reset of a connection with unread bytes
		}
		_, _ = io.Copy(io.Discard, response.Body)
		statuses = append(statuses, response.StatusCode)
	}
}
