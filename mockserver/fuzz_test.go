package mockserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// FuzzWire writes whatever bytes to a connection. The server answers what can
// be answered, never with a failure of its own, and ends the connection.
func FuzzWire(f *testing.F) {
	for _, seed := range []string{
		"GET /applications?perPage=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n",
		"POST /webhooks/the_webhook_token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
		"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	server, err := New(WithJournalLimits(100, 1<<20))
	if err != nil {
		f.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	f.Cleanup(func() {
		cancel()
		<-done
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
		go func() {
			_, _ = conn.Write(text)
			_ = conn.(*net.TCPConn).CloseWrite()
		}()
		answer, err := io.ReadAll(conn)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%q hangs after %q", text, answer)
		}
		for _, failure := range []string{"HTTP/1.1 500 ", "HTTP/1.1 502 ", "HTTP/1.1 503 "} {
			if bytes.Contains(answer, []byte(failure)) && !bytes.Contains(text, []byte(failure)) {
				t.Fatalf("%q gets %q", text, answer)
			}
		}
	})
}

// FuzzRedact puts a token into every place of a request, with anything around
// it. It is in no export, and what is clean stays as it is.
func FuzzRedact(f *testing.F) {
	const canary = "cAnArY-0123456789-secret"
	f.Add("/applications", "a=b", "x", `{"a":1}`, "session=1")
	f.Add("/webhooks/"+canary+"/x", "access_token="+canary, "Bearer "+canary, `{"token":"`+canary+`"}`, "a="+canary)
	f.Fuzz(func(t *testing.T, path, query, header, body, cookie string) {
		for _, text := range []string{path, query, header, body, cookie} {
			if strings.Contains(strings.ReplaceAll(text, canary, ""), "TOKEN-") || strings.Contains(text, "CODE-") || strings.Contains(text, "PASSWORD-") || strings.Contains(text, "COOKIE-") {
				t.Skip("it has placeholders already")
			}
		}
		r := Request{
			Method: "POST", Host: "x", Target: "/" + strings.TrimPrefix(path, "/") + "?" + query, Token: canary,
			Header: http.Header{"Authorization": {"Bearer " + canary}, "X": {header}, "Cookie": {cookie}}, Body: []byte(body),
			ResponseHeader: http.Header{"X": {header}}, ResponseBody: []byte(`{"token":"` + canary + `"}`),
		}
		clean := redacted([]Request{r})
		for _, format := range ExportFormats {
			var out bytes.Buffer
			if err := Export(&out, format, []Request{r}, false); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(out.String(), canary) {
				t.Fatalf("%s shows the token: %s", format, out.String())
			}
		}
		if again := redacted(clean); !reflect.DeepEqual(again, clean) {
			t.Fatalf("twice redacted:\n%+v\n%+v", clean, again)
		}
	})
}

// FuzzJournal reads whatever stands in a journal file. What is read as a
// request is written as the same again, and opening a file leaves it with
// whole lines.
func FuzzJournal(f *testing.F) {
	s, err := New()
	if err != nil {
		f.Fatal(err)
	}
	request(s, "POST", "/webhooks/the_webhook_token?x=%zz", "\x00\xff")
	line, err := s.Requests().All()[0].line()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add(append(line, `{"id":`...))
	f.Add([]byte("\n\n{}\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		requests, _ := ReadJournal(bytes.NewReader(text)) // a line that is none is told
		for _, r := range requests {
			written, err := r.line()
			if err != nil {
				t.Fatal(err)
			}
			again, err := ReadJournal(bytes.NewReader(written))
			if err != nil || len(again) != 1 {
				t.Fatalf("%s is read as %+v, %v", written, again, err)
			}
			if twice, err := again[0].line(); err != nil || !bytes.Equal(twice, written) {
				t.Fatalf("%s\nis written as\n%s%v", written, twice, err)
			}
		}
		path := filepath.Join(dir, "journal.jsonl")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := openJournalFile(path, false, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		_ = file.file.Close()
		left, err := os.ReadFile(path)
		if err != nil || len(left) > 0 && left[len(left)-1] != '\n' || !bytes.HasPrefix(text, left) {
			t.Fatalf("%q is left of %q, %v", left, text, err)
		}
	})
}

// FuzzPattern asks the journal with whatever pattern. It is refused, or
// answered soon, and means the same when it is asked again.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{
		`{"method":"POST","urlPattern":"/app.*","headers":{"X":{"contains":"y"}}}`, `{"operation":"webhooks.post","bodyPatterns":[{"matchesJsonPath":"$.name"},{"equalToJson":{"a":[1,2]},"ignoreArrayOrder":true}]}`,
		`{"urlPathTemplate":"/a/{b}","pathParameters":{"b":{"matches":"[a-z]+"}}}`, `{"queryParameters":{"a":{"or":[{"absent":true},{"not":{"equalTo":"x"}}]}}}`,
	} {
		f.Add(seed, `{"name":"x","list":[1,[2]]}`)
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		p, err := parsePattern([]byte(text))
		if err != nil {
			return
		}
		r := httptest.NewRequest("POST", "/applications/575ec8687ae143cd83dc4a97/webhooks?a=b&c[]=d", nil)
		r.Header.Set("X", "y")
		e := newEntry(r, time.Time{}).answeredWith(outcome{body: []byte(body), answer: reply{status: 201}})
		matched := p.match(newSubject(e))
		if p.match(newSubject(e)) != matched {
			t.Fatalf("%s matches and does not", text)
		}
	})
}
