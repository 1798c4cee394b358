//go:build linux && promises

package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Clients that read nothing take all connections that there are: the admin API
// responds all the same, and they are dropped.
func TestClientsThatDoNotRead(t *testing.T) {
	const clients = 210
	s := startServer(t, limited(serveCommand(t), "-n 256"))
	before := s.descriptors()
	asking := []byte(strings.Repeat("GET "+benchHooks+"?perPage=1000 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n", 200))
	for range clients {
		conn := openConn(t, s)
		defer conn.Close()
		_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
		_, _ = conn.Write(asking) // fails for those that are closed
	}
	began := time.Now()
	response, err := (&http.Client{Timeout: 15 * time.Second}).Get(s.url + "/__admin/health")
	responded := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	held := s.descriptors() - before
	until(t, "those that do not read are dropped", func() bool { return s.descriptors() <= before+8 })
	dropped := time.Since(began)
	promised(t, "X14", held > 150 && responded <= 15*time.Second && dropped <= 30*time.Second,
		fmt.Sprintf("%d clients hold %d connections: health after %s, all dropped after %.0f s", clients, held, responded.Round(time.Millisecond), dropped.Seconds()))
}
