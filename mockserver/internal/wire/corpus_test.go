package wire_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// malformed are texts that are no request, or too much of one: what somebody
// sends who wants to break a server, or has broken a client.
func malformed() map[string]string {
	corpus := map[string]string{}
	add := func(name, text string) { corpus[name] = text }
	const host = "Host: x\r\n"
	get := func(path string) string { return "GET " + path + " HTTP/1.1\r\n" + host + "\r\n" }
	controls := []byte{0, 1, 7, 8, 9, 10, 11, 12, 13, 27, 31, 127, 128, 255}
	for _, b := range controls {
		c := string([]byte{b})
		add(fmt.Sprintf("%#x in the method", b), "G"+c+"T / HTTP/1.1\r\n"+host+"\r\n")
		add(fmt.Sprintf("%#x before the method", b), c+"GET / HTTP/1.1\r\n"+host+"\r\n")
		add(fmt.Sprintf("%#x in the path", b), get("/app"+c+"s"))
		add(fmt.Sprintf("%#x in the query", b), get(mocktest.WebhooksPath+"?filter="+c))
		add(fmt.Sprintf("%#x in the version", b), "GET / HTTP/1"+c+".1\r\n"+host+"\r\n")
		add(fmt.Sprintf("%#x in a header's name", b), "GET / HTTP/1.1\r\n"+host+"X"+c+"Y: z\r\n\r\n")
		add(fmt.Sprintf("%#x in a header's value", b), "GET / HTTP/1.1\r\n"+host+"X: a"+c+"b\r\n\r\n")
		add(fmt.Sprintf("%#x in the Host", b), "GET / HTTP/1.1\r\nHost: a"+c+"b\r\n\r\n")
		add(fmt.Sprintf("%#x in a length", b), "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+"Content-Length: 1"+c+"0\r\n\r\n0123456789")
		add(fmt.Sprintf("%#x in a chunk's size", b), "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n1"+c+"\r\nx\r\n0\r\n\r\n")
		add(fmt.Sprintf("%#x in JSON", b), postJSON(`{"name":"`+c+`"`))
	}
	for _, version := range []string{"HTTP/0.9", "HTTP/1", "HTTP/1.", "HTTP/1.2", "HTTP/2.0", "HTTP/3", "HTTP/9.9", "HTTP/-1.1", "HTTP/1.1.1", "http/1.1", "HTTP 1.1", "HTTPS/1.1", "FTP/1.1", "", " "} {
		add("the version "+version, "GET / "+version+"\r\n"+host+"\r\n")
	}
	for _, path := range []string{
		"", "*", "x", "//", "/\\", "?", "#", "/#x", "http://", "http:///", "http://x:y@z/", "http://[::1", "://x", "/%", "/%0", "/%zz", "/%00", "/%2f..%2f", "/..", "/../../etc/passwd",
		"/%2e%2e/%2e%2e", "/" + strings.Repeat("../", 100), "/" + strings.Repeat("%2f", 1000), "/" + strings.Repeat("a/", 5000), "/" + strings.Repeat("%", 100), "/webhooks/", "/webhooks//", "/webhooks/%00",
		"/webhooks/%zz", "/webhooks/" + strings.Repeat("t", 10000), "/__admin/%zz", "/__sandbox/", "/__sandbox//", "/__sandbox/%zz/x", "/__sandbox/../x", "/__sandbox/" + strings.Repeat("s", 200) + "/",
	} {
		add("the path "+short(path), get(path))
		add("a POST to the path "+short(path), "POST "+path+" HTTP/1.1\r\n"+host+"Content-Length: 1\r\n\r\n{")
	}
	for _, length := range []string{"", "-1", "+5", "5 5", "5,5", "0x5", "5.0", "1e1", "abc", "99999999999999999999", "9223372036854775807", "18446744073709551616", "\t5x", "٥"} {
		add("the length "+length, "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+"Content-Length: "+length+"\r\n\r\nhello")
	}
	for _, coding := range []string{"xchunked", "chunked, chunked", "gzip, chunked", "chunked, gzip", "identity", "\x0bchunked", "chunked\x00", "chunk", "", "CHUNKED;q=1"} {
		add("the transfer coding "+coding, "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+"Transfer-Encoding: "+coding+"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
		add("a length beside the transfer coding "+coding, "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+"Content-Length: 5\r\nTransfer-Encoding: "+coding+"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	}
	for _, size := range []string{"", "-1", "g", "0x5", "ffffffffffffffffff", "5;", "5;" + strings.Repeat("e", 5000), " 5", "5 ", "\n"} {
		add("the chunk size "+short(size), "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n"+size+"\r\nhello\r\n0\r\n\r\n")
	}
	for _, line := range []string{
		"X", "X Y", ":", ": x", " : x", " X: y", "X : y", "X\t: y", "(X): y", "X\"Y: z", "X: y\r\n folded", "X: y\r\n\tfolded", "Host: y", "Host:", "Content-Length: 5\r\nContent-Length: 6",
		"Content-Length: 5\r\ncontent-length: 5", "Expect: 200-ok", "Connection: close, close, keep-alive", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x", "Trailer: Content-Length",
		"Authorization: " + strings.Repeat("Bearer ", 1000), "Authorization: Bearer \xff\xfe", "Cookie: " + strings.Repeat("a=b;", 5000), "Accept-Encoding: " + strings.Repeat("gzip,", 3000),
		"Content-Type: " + strings.Repeat("a/b;", 3000), "Content-Encoding: gzip", "Content-Encoding: \xff", "Origin: \xff", "Accept-Version: " + strings.Repeat("9", 9000), "Sec-Websocket-Key: x\r\nUpgrade: websocket\r\nConnection: Upgrade",
	} {
		add("the header "+short(line), "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\n"+host+line+"\r\nContent-Length: 2\r\n\r\n{}")
	}
	for i, text := range []string{
		"\r\n\r\n\r\n", "\n", "GET", "GET /", "GET /\r\n\r\n", "GET  /  HTTP/1.1\r\n\r\n", "/ GET HTTP/1.1\r\n\r\n", " GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"\x00\x00\x00\x00", "\xff\xfe\xfd", "SSH-2.0-x\r\n", "EHLO x\r\n", "*1\r\n$4\r\nPING\r\n", "{\"jsonrpc\":\"2.0\"}\r\n\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\nGET / HTTP/1.1\r\n" + host + "\r\n",
		strings.Repeat("A", 70_000), strings.Repeat("A", 70_000) + " / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\n" + "Host: x\nX: y\r\r\n\n", "CONNECT x:1 HTTP/1.1\r\n" + host + "\r\n", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
		"GET / HTTP/1.1\r\n" + strings.Repeat("X: y\r\n", 3000) + host + "\r\n", "TRACE / HTTP/1.1\r\n" + host + "\r\n", "get / HTTP/1.1\r\n" + host + "\r\n", "GÈT / HTTP/1.1\r\n" + host + "\r\n",
	} {
		add(fmt.Sprintf("text %d", i), text)
	}
	for i, body := range []string{
		"", " ", "{", "}", "[", "]", "nul", "{]", `{"`, `{"name`, `{"name":`, `{"name":}`, `{"name":"x",}`, `{"name":"x"}{`, `{'name':'x'}`, `{name:"x"}`, `{"name":"x"} //`, "\ufeff{}", "\xff\xfe{\x00}\x00", `{"name":NaN}`, `{"name":-}`, `{"name":01}`, `{"name":1.}`, `{"name":.1}`,
		`{"name":1e}`, `{"name":"\u12"}`, `{"name":"\x"}`, `{"name":"` + "\n" + `"}`, strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 20_000), strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
	} {
		add(fmt.Sprintf("JSON %d", i), postJSON(body))
	}
	return corpus
}

func postJSON(body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n%s\r\nContent-Length: %d\r\n\r\n%s", mocktest.WebhooksPath, mocktest.SendsJSON, len(body), body)
}

func short(text string) string { return fmt.Sprintf("%.40q", text) }

// Whatever arrives is refused with a 4xx, 501 or 505, or is served as what it
// can be read as, or the connection ends. What no handler has seen is counted,
// and the next client is served as ever.
func TestACorpusOfMalformedRequests(t *testing.T) {
	t.Parallel()
	corpus := malformed()
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	known := func() int { // of the server
		health := mocktest.Decode[struct{ RejectedBeforeHandler int }](t, mocktest.Send(t, srv.URL, "GET /__admin/health", ""))
		return srv.Requests().Count() + health.RejectedBeforeHandler
	}
	statuses := map[int]int{}
	for name, text := range corpus {
		before := known()
		status, answers := provoke(t, host, text)
		statuses[status]++
		// Names of sandboxes may be none: there is no journal of those.
		if got := known() - before; got < answers && !strings.Contains(text, "/__sandbox/") && !strings.Contains(text, "/__admin/") {
			t.Errorf("%s: %d answers, and %d are recorded or counted", name, answers, got)
		}
		if status >= 500 && status != 501 && status != 505 {
			t.Errorf("%s: %d", name, status)
		}
		mocktest.Case{Request: "GET /", Status: 200}.Run(t, srv)
	}
	if len(corpus) < 300 {
		t.Errorf("only %d", len(corpus))
	}
	for _, r := range srv.Requests().All() {
		if r.Panic != "" {
			t.Errorf("%s: %s", r.Target, r.Panic)
		}
	}
	t.Attr("X3", fmt.Sprintf("%d malformed requests: %d answered with 4xx, %d with 501 or 505, %d taken, %d without an answer; every answer recorded or counted", len(corpus),
		between(statuses, 400, 499), between(statuses, 500, 599), between(statuses, 200, 399), statuses[0]))
}

func between(statuses map[int]int, from, to int) (n int) {
	for status, times := range statuses {
		if status >= from && status <= to {
			n += times
		}
	}
	return n
}

// provoke sends a text and returns the status of the first response, 0 where the
// connection ends without, and how many there were.
func provoke(t *testing.T, host, text string) (status, answers int) {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	go func() {
		_, _ = io.WriteString(conn, text) // the server may end it before
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	for reader := bufio.NewReader(conn); ; answers++ {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%.100q hangs", text)
			}
			return status, answers
		}
		if answers == 0 {
			status = response.StatusCode
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}
