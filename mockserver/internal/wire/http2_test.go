package wire_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// priorKnowledge returns a client that speaks HTTP/2 without TLS.
func priorKnowledge(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 2 * time.Minute}
}

// do sends a request and returns its response with the body.
func do(t *testing.T, client *http.Client, request *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func newRequest(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	return request
}

// Without TLS, a client may begin with HTTP/2. Its requests get the responses that they
// get over HTTP/1.1, and the journal has them as they were.
func TestHTTP2WithPriorKnowledge(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	client := priorKnowledge(t)
	large := `{"name":"` + strings.Repeat("x", 2<<20) + `"}`
	for _, c := range []struct {
		method, target, body string
		status               int
		want                 string
	}{
		{"GET", mocktest.WebhooksPath, "", 200, `{"count":1`},
		{"HEAD", mocktest.WebhooksPath, "", 405, ""},
		{"POST", mocktest.WebhooksPath, `{"name":"New"}`, 201, `"name":"New"`},
		{"POST", mocktest.WebhooksPath, large, 413, ""},
		{"OPTIONS", mocktest.WebhooksPath, "", 204, ""},
		{"GET", "/none", "", 405, ""},
		{"POST", "/webhooks/the_webhook_token", "{}", 200, ""},
	} {
		request := newRequest(t, c.method, srv.URL+c.target, strings.NewReader(c.body))
		if response, body := do(t, client, request); response.StatusCode != c.status || response.Proto != "HTTP/2.0" || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %s %s %.200s", c.method, c.target, response.Proto, response.Status, body)
		}
	}
	all := srv.Requests().All()
	if len(all) != 7 || all[2].Proto != "HTTP/2.0" || all[2].Scheme != "http" || string(all[2].Body) != `{"name":"New"}` || all[2].Target != mocktest.WebhooksPath {
		t.Fatalf("%+v", all)
	}
	if command, err := all[0].Command(); err != nil || !strings.Contains(command, " --http2-prior-knowledge ") {
		t.Errorf("%s %v", command, err)
	}
}

// A connection of HTTP/2 has no Upgrade: a webhook that is a WebSocket responds without
// the field, which is illegal there.
func TestAWebSocketIsNotOpenedOverHTTP2(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{Name: "A", Webhooks: []scenarios.Webhook{
		{Name: "Socket", Token: "socket_token", IsWebsocket: true},
	}}}}))
	response, body := do(t, priorKnowledge(t), newRequest(t, "GET", srv.URL+"/webhooks/socket_token", nil))
	if response.StatusCode != http.StatusUpgradeRequired || len(response.Header["Upgrade"])+len(response.Header["Connection"]) > 0 {
		t.Errorf("%s %v %s", response.Status, response.Header, body)
	}
}

// What net/http refuses over HTTP/2 is counted and logged, and the connection goes on.
func TestRefusalsOverHTTP2AreCounted(t *testing.T) {
	t.Parallel()
	var log buffer
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	conn := connect(t, strings.TrimPrefix(srv.URL, "http://"))
	var fields string
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "http"}, {":authority", "x"}, {":path", "/applications/%zz"}} {
		fields += "\x00" + string(rune(len(field[0]))) + field[0] + string(rune(len(field[1]))) + field[1]
	}
	const settings, headers, complete, reset = 4, 1, 5, 3
	if _, err := io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"+frame(settings, 0, 0, "")+frame(headers, complete, 1, fields)); err != nil {
		t.Fatal(err)
	}
	for kind := byte(0); kind != reset; {
		var head [9]byte
		if _, err := io.ReadFull(conn.reader, head[:]); err != nil {
			t.Fatal(err)
		}
		kind = head[3]
		if _, err := conn.reader.Discard(int(head[1])<<8 | int(head[2])); err != nil {
			t.Fatal(err)
		}
	}
	if n, all := rejected(t, priorKnowledge(t), srv.URL), srv.Requests().All(); n != 1 || len(all) != 0 {
		t.Errorf("health counts %d, and %d are recorded", n, len(all))
	}
	if !strings.Contains(log.String(), "a request over HTTP/2 was refused, and is not recorded") {
		t.Error(log.String())
	}
}

// frame returns a frame of HTTP/2.
func frame(kind, flags, stream byte, payload string) string {
	return string([]byte{0, 0, byte(len(payload)), kind, flags, 0, 0, 0, stream}) + payload
}

// buffer is a log that may be read while it is written.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String returns what was written.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// A body over HTTP/2 may look like a refusal of net/http, and is sent as it is.
func TestABodyThatLooksLikeARefusal(t *testing.T) {
	t.Parallel()
	const refusal = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
	srv := mockserver.Start(t)
	srv.AddFault(scenarios.Fault{Name: "f", Operation: "webhooks.get", Effect: scenarios.Effect{
		Status: 502, Body: refusal, Latency: &scenarios.Latency{Chunks: 1, PerChunk: time.Millisecond}, // in a write of its own
	}})
	if response, body := do(t, priorKnowledge(t), newRequest(t, "GET", srv.URL+mocktest.WebhooksPath, nil)); response.StatusCode != 502 || body != refusal {
		t.Errorf("%s %q", response.Status, body)
	}
	if all := srv.Requests().All(); len(all) != 1 {
		t.Errorf("%d requests are recorded", len(all))
	}
}

// When a server ends, a request over HTTP/2 that is in flight gets its response.
func TestShutdownLetsRequestsOverHTTP2Finish(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	body, late := io.Pipe()
	request := newRequest(t, "POST", fmt.Sprintf("http://%s/applications", listener.Addr()), body)
	responded := make(chan *http.Response, 1)
	client := priorKnowledge(t)
	go func() {
		response, err := client.Do(request)
		if err != nil {
			t.Error(err)
		}
		responded <- response
	}()
	if _, err := io.WriteString(late, `{"name":`); err != nil {
		t.Fatal(err)
	}
	for len(server.Requests().All()) == 0 { // it waits for the body
		time.Sleep(time.Millisecond)
	}
	end()
	for probe, err := net.Dial("tcp", listener.Addr().String()); err == nil; probe, err = net.Dial("tcp", listener.Addr().String()) {
		probe.Close() // until it takes no new connection
	}
	if _, err := io.WriteString(late, `"late"}`); err != nil {
		t.Fatal(err)
	}
	late.Close()
	if response := <-responded; response == nil || response.StatusCode != http.StatusCreated {
		t.Errorf("%v", response)
	} else {
		response.Body.Close()
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Clients refuse a whole response over HTTP/2 with a header field that is about the
// connection, or with spaces around a value: neither is sent, however a fault writes it.
func TestHeadersThatHTTP2DoesNotAllow(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithPedantic(), mockserver.WithWorld(&scenarios.Scenario{Faults: []scenarios.Fault{{Name: "f", Effect: scenarios.Effect{
		Status: 503,
		Headers: map[string]string{
			"TE": "x", "upgrade": "x", "Keep-Alive": "x", "Proxy-Connection": "x", "X-Mine": " yes ",
		},
	}}}}))
	client := priorKnowledge(t)
	for range 10 { // the pedant writes names in lower case now and then
		response, _ := do(t, client, newRequest(t, "GET", srv.URL+"/applications", nil))
		h := response.Header
		if response.StatusCode != 503 || h.Get("Te")+h.Get("Upgrade")+h.Get("Keep-Alive")+h.Get("Proxy-Connection") != "" || h.Get("X-Mine") != "yes" {
			t.Errorf("%s %v", response.Status, h)
		}
	}
}
