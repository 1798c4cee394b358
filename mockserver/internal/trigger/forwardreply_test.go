package trigger_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/authority"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// responding serves the responses of targets, each at the path of its name.
func responding(t *testing.T, responses map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for name, respond := range responses {
		mux.HandleFunc("/"+name, respond)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// rawly sends a response as it is written.
func rawly(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what is left unread resets the connection
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = conn.Write([]byte(text))
			_ = conn.Close()
		}
	}
}

// gzipped returns a text, compressed.
func gzipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}

// encoded sends a body that has an encoding.
func encoded(encoding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.Header().Set("Content-Type", "text/csv")
		_, _ = w.Write(body)
	}
}

// hooksTo returns a server with a webhook for each response, and what it logs.
func hooksTo(t *testing.T, waits bool, responses map[string]http.HandlerFunc) (*mockserver.TestServer, *mocktest.Log, *httptest.Server) {
	t.Helper()
	target := responding(t, responses)
	logged := new(mocktest.Log)
	var hooks []scenarios.Webhook
	for name := range responses {
		hook := forwardTo(name, target.URL+"/"+name)
		hook.Token, hook.WaitForReply = name, waits
		hooks = append(hooks, hook)
	}
	return mockserver.Start(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil))), mockserver.WithWorld(&scenarios.Scenario{
		Applications: []scenarios.Application{{Name: "a", Webhooks: hooks}},
	})), logged, target
}

// What a target responds with is passed on as it is meant: each value of a header
// field, a body without its encoding, and nothing about the connection.
func TestHeadersAndBodiesOfForwardedReplies(t *testing.T) {
	t.Parallel()
	srv, _, _ := hooksTo(t, true, map[string]http.HandlerFunc{
		"cookies": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
		},
		"gzip":       encoded("gzip", gzipped("a,b")),
		"identity":   encoded("identity", []byte("a,b")),
		"connection": rawly("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTE: x\r\nProxy-Connection: close\r\nKeep-Alive: x\r\nX-Mine: yes\r\n\r\n"),
	})
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/cookies", ""); !slices.Equal(a.Header["Set-Cookie"], []string{"a=1", "b=2"}) {
		t.Errorf("%v", a.Header)
	}
	for _, name := range []string{"gzip", "identity"} {
		a := mocktest.Send(t, srv.URL, "PUT /webhooks/"+name, "")
		if a.Status != 200 || a.Body != "a,b" || a.Header.Get("Content-Encoding") != "" || a.Header.Get("Content-Type") != "text/csv" {
			t.Errorf("%s: %d %q %v", name, a.Status, a.Body, a.Header)
		}
	}
	if h := mocktest.Send(t, srv.URL, "PUT /webhooks/connection", "").Header; h.Get("X-Mine") != "yes" || h.Get("Te")+h.Get("Proxy-Connection")+h.Get("Keep-Alive") != "" {
		t.Errorf("%v", h)
	}
}

// A response that can't be passed on is named where one looks, with its URL and why.
func TestRepliesThatCannotBePassedOn(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", scenarios.MaxReplyBody+1)
	wants := map[string]string{
		"status":   "status 600 is not between 100 and 599",
		"protocol": "its status is 101",
		"large":    "its body has more than 262144 bytes",
		"bomb":     `its body has the Content-Encoding "gzip": The body has more bytes than allowed: 262144`,
		"brotli":   `its body has the Content-Encoding "br"`,
		"no-gzip":  `its body has the Content-Encoding "gzip": The body is not gzip`,
	}
	srv, logged, target := hooksTo(t, true, map[string]http.HandlerFunc{
		"status":   rawly("HTTP/1.1 600 What\r\nContent-Length: 0\r\n\r\n"),
		"protocol": rawly("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
		"large":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(large)) },
		"bomb":     encoded("gzip", gzipped(large)),
		"brotli":   encoded("br", []byte("x")),
		"no-gzip":  encoded("gzip", []byte("x")),
	})
	for name, want := range wants {
		a := mocktest.Send(t, srv.URL, "PUT /webhooks/"+name, "")
		place := "POST " + target.URL + "/" + name + ": its response can't be passed on: "
		if a.Status != 400 || !strings.Contains(mocktest.Decode[struct{ Error string }](t, a).Error, place+want) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		r := srv.Requests().Webhook(name).Once(t)
		if !strings.Contains(r.Hint, place+want) || !strings.Contains(r.Trigger.Problem, place+want) || !strings.Contains(logged.String(), place) {
			t.Errorf("%s: the hint is %q, the problem %q, and the log\n%s", name, r.Hint, r.Trigger.Problem, logged)
		}
	}
}

// Where no caller sees the status of a target, one that reports a failure is noted.
func TestFailuresThatNoCallerSees(t *testing.T) {
	t.Parallel()
	responses := map[string]http.HandlerFunc{}
	for _, status := range []int{200, 204, 302, 404, 500} {
		responses[fmt.Sprint(status)] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	srv, logged, _ := hooksTo(t, false, responses)
	for name := range responses {
		if a := mocktest.Send(t, srv.URL, "PUT /webhooks/"+name, ""); a.Status != 200 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for _, name := range []string{"302", "404", "500"} {
		mocktest.Until(t, name+" is noted", func() bool {
			problem := srv.Triggers().Webhook(name).Within(time.Minute).Once(t).Problem
			return strings.Contains(problem, "it has responded with "+name) && strings.Contains(logged.String(), "it has responded with "+name)
		})
	}
	for _, name := range []string{"200", "204"} {
		if problem := srv.Triggers().Webhook(name).Once(t).Problem; problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

// A certificate that is for another name is no matter of the authorities.
func TestCertificatesOfTargets(t *testing.T) {
	t.Parallel()
	own, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := own.Sign("other.example")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(own.Root)
	target := httptest.NewUnstartedServer(http.NotFoundHandler())
	target.Config.ErrorLog = log.New(io.Discard, "", 0)
	target.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	target.StartTLS()
	t.Cleanup(target.Close)
	hook := forwardTo("named", target.URL)
	hook.Token = "named"
	srv := mockserver.Start(t, mockserver.WithRootCAs(roots), mockserver.WithWorld(&scenarios.Scenario{
		Applications: []scenarios.Application{{Name: "a", Webhooks: []scenarios.Webhook{hook}}},
	}))
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/named", ""); a.Status != 400 || !strings.Contains(a.Body, "name a host of the certificate in forward") || strings.Contains(a.Body, "--ca-file") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
