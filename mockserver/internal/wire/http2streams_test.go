package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

// A connection has 100 calls that wait at once, over TLS and without, and each gets
// its own reply.
func TestHeldCallsOverHTTP2(t *testing.T) {
	t.Parallel()
	world := mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{Name: "A", Webhooks: []scenarios.Webhook{
		{Name: "waits", Token: "waits", WaitForReply: true},
	}}}})
	secured, plain := mockserver.Start(t, world, mockserver.WithTLS(nil)), mockserver.Start(t, world)
	for srv, client := range map[*mockserver.TestServer]*http.Client{secured: secured.Client(), plain: priorKnowledge(t)} {
		scheme, _, _ := strings.Cut(srv.URL, ":")
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			do(t, client, newRequest(t, "GET", srv.URL+"/applications", nil)) // opens the connection
			const calls = 100
			problems := make(chan error, calls)
			for i := range calls {
				path := fmt.Sprintf("/%d", i)
				request := newRequest(t, "GET", srv.URL+"/webhooks/waits"+path, nil)
				go func() { problems <- echoes(client, request, path) }()
			}
			for _, trigger := range srv.Triggers().Within(2*time.Minute).Times(t, calls) {
				data := trigger.Payload.Data
				do(t, client, newRequest(t, "POST", srv.URL+"/__admin/replies/"+data.ReplyID, strings.NewReader(fmt.Sprintf(`{"body":%q}`, data.Path))))
			}
			for range calls {
				if err := <-problems; err != nil {
					t.Error(err)
				}
			}
			connections := map[string]bool{}
			for _, r := range srv.Requests().All() {
				connections[r.RemoteAddr] = true
			}
			if len(connections) != 1 {
				t.Errorf("there were %d connections", len(connections))
			}
		})
	}
}

// echoes returns an error unless a request over HTTP/2 has a body as its response.
func echoes(client *http.Client, request *http.Request, body string) error {
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && (response.ProtoMajor != 2 || string(text) != body) {
		err = fmt.Errorf("%s responds with %s %q", request.URL.Path, response.Proto, text)
	}
	return err
}

// running is a server whose end a test decides.
type running struct {
	*mockserver.Server
	address string
	end     func()
	ended   chan error
}

func startRunning(t *testing.T) *running {
	t.Helper()
	server, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	r := &running{server, listener.Addr().String(), end, make(chan error, 1)}
	go func() { r.ended <- server.Serve(ctx, listener) }()
	t.Cleanup(end)
	return r
}

// An event stream over HTTP/2 ends in order when the server does.
func TestEventStreamsOverHTTP2EndWithTheServer(t *testing.T) {
	t.Parallel()
	r := startRunning(t)
	client := priorKnowledge(t)
	response, err := client.Do(newRequest(t, "GET", "http://"+r.address+"/__admin/requests/stream", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	do(t, client, newRequest(t, "GET", "http://"+r.address+"/applications", nil))
	r.end()
	events, err := io.ReadAll(response.Body)
	if err != nil || response.ProtoMajor != 2 || !strings.Contains(string(events), "/applications") {
		t.Errorf("%s %q %v", response.Proto, events, err)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
}

// A client that reads nothing of one stream gets the other ones, and does not keep the
// server from ending.
func TestAStreamThatIsNotReadOverHTTP2(t *testing.T) {
	t.Parallel()
	r := startRunning(t)
	if err := r.AddFault(scenarios.Fault{Name: "large", Path: "/large", Effect: scenarios.Effect{Status: 200, Body: strings.Repeat("x", 1<<20)}}); err != nil {
		t.Fatal(err)
	}
	client := priorKnowledge(t)
	client.Transport.(*http.Transport).HTTP2 = &http.HTTP2Config{MaxReceiveBufferPerStream: 64 << 10}
	response, err := client.Do(newRequest(t, "GET", "http://"+r.address+"/large", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for range 20 {
		if other, _ := do(t, client, newRequest(t, "GET", "http://"+r.address+"/applications", nil)); other.StatusCode != http.StatusOK {
			t.Error(other.Status)
		}
	}
	if first, last := r.Requests().All()[0], r.Requests().All()[20]; first.RemoteAddr != last.RemoteAddr {
		t.Error("the other streams have a connection of their own")
	}
	r.end()
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
	if n, err := io.Copy(io.Discard, response.Body); err == nil {
		t.Errorf("the response that was not read has come to its end after %d bytes", n)
	}
}

// The server tells an idle connection of HTTP/2 that it ends, and closes it.
func TestIdleConnectionsOfHTTP2EndWithTheServer(t *testing.T) {
	t.Parallel()
	r := startRunning(t)
	conn := connect(t, r.address)
	const settings, ack, goAway = 4, 1, 7
	if _, err := io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"+frame(settings, 0, 0, "")+frame(settings, ack, 0, "")); err != nil {
		t.Fatal(err)
	}
	kinds := map[byte]bool{}
	for {
		var head [9]byte
		_, err := io.ReadFull(conn.reader, head[:])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds[head[3]] = true
		if _, err := conn.reader.Discard(int(head[1])<<8 | int(head[2])); err != nil {
			t.Fatal(err)
		}
		r.end() // once the connection is one of HTTP/2
	}
	if !kinds[goAway] {
		t.Errorf("the frames are of the kinds %v, and none is GOAWAY", kinds)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
}
