package faults_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// overHTTP2 returns a client that speaks HTTP/2 without TLS, and counts its connections.
func overHTTP2(t *testing.T) (client *http.Client, connections *atomic.Int32) {
	t.Helper()
	connections = new(atomic.Int32)
	transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		connections.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 2 * time.Minute}, connections
}

// Over HTTP/2, faults of the connection end every request on it, and those of a
// response its stream alone.
func TestBrokenTransportOverHTTP2(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		effect scenarios.Effect
		shared bool   // whether the connection ends
		status int    // 0 for no response
		body   string // that begins the response
		whole  bool   // whether the body is complete
	}{
		{scenarios.Effect{Transport: scenarios.TransportResetPeer}, true, 0, "", false},
		{scenarios.Effect{Transport: scenarios.TransportEmptyResponse}, true, 0, "", false},
		{scenarios.Effect{Transport: scenarios.TransportRandomThenClose}, true, 0, "", false},
		{scenarios.Effect{Transport: scenarios.TransportTimeout, Timeout: 20 * time.Millisecond}, false, 0, "", false},
		{scenarios.Effect{Transport: scenarios.TransportMalformedChunk}, false, 200, "no chunk", false},
		{scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 1}, false, 0, "", false},
		{scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 300}, false, 200, `{"count":1`, false},
		{scenarios.Effect{Transport: scenarios.TransportLimitData, LimitData: 1 << 20}, false, 200, `{"count":1`, true},
	} {
		t.Run(c.effect.Transport, func(t *testing.T) {
			t.Parallel()
			srv := faulty(t, scenarios.Fault{Name: "f", Operation: contract.OperationWebhooksGet, Effect: c.effect})
			client, connections := overHTTP2(t)
			stream, err := client.Get(srv.URL + "/__admin/requests/stream")
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Body.Close()

			response, err := client.Get(srv.URL + mocktest.WebhooksPath + "?access_token=any")
			switch {
			case err == nil && c.status == 0:
				t.Errorf("responds with %s", response.Status)
			case err != nil && c.status != 0:
				t.Error(err)
			case err == nil:
				defer response.Body.Close()
				body, err := io.ReadAll(response.Body)
				if response.StatusCode != c.status || !strings.HasPrefix(string(body), c.body) || (err == nil) != c.whole {
					t.Errorf("%s %s %v", response.Status, body, err)
				}
			}
			if c.shared {
				if _, err := io.Copy(io.Discard, stream.Body); err == nil {
					t.Error("the other request on the connection ends in order")
				}
				return
			}
			after, err := client.Get(srv.URL + "/applications?after=1&access_token=any")
			if err != nil {
				t.Fatal(err)
			}
			after.Body.Close()
			for lines := bufio.NewScanner(stream.Body); ; {
				if !lines.Scan() {
					t.Fatalf("the other request on the connection ends: %v", lines.Err())
				}
				if strings.Contains(lines.Text(), "after=1") {
					break
				}
			}
			if n := connections.Load(); n != 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// What varies of a pedantic response is legal HTTP/2.
func TestPedanticResponsesOverHTTP2(t *testing.T) {
	t.Parallel()
	srv := faulty(t)
	world := srv.Scenario()
	world.Pedantic = &scenarios.Pedantic{Seed: new(uint64(7))}
	srv.Replace(world)
	client, _ := overHTTP2(t)
	lengths := map[bool]bool{} // whether a response had its length
	for range 20 {
		response, err := client.Get(srv.URL + mocktest.WebhooksPath + "?access_token=any")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 || !strings.Contains(string(body), "My Webhook") || len(response.Header["Content-Type"]) != 1 {
			t.Fatalf("%s %v %s %v", response.Status, response.Header, body, err)
		}
		lengths[response.ContentLength >= 0] = true
	}
	if len(lengths) != 2 {
		t.Errorf("lengths: %v", lengths)
	}
}
