package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// pinnedDial dials one host, whose name is looked up by a function.
func pinnedDial(host string, look func() []netip.Addr) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &pinnedDialer{host: host, look: func(context.Context, string) ([]netip.Addr, error) { return look(), nil }}
	return d.dial
}

// A name is looked up once, must be that of a public service, and no other
// host is dialled.
func TestTheHostIsPinned(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255",
		"::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
		"64:ff9b:1::7f00:1", "2002:7f00:1::", "2001::7f00:1", "::7f00:1",
	} {
		dial := pinnedDial("api.example", func() []netip.Addr { return []netip.Addr{netip.MustParseAddr(address)} })
		if _, err := dial(t.Context(), "tcp", "api.example:443"); err == nil || !strings.Contains(err.Error(), "no address of a public service") {
			t.Errorf("%s: %v", address, err)
		}
	}
	// A name that leads to this machine at the second look is dialled where it
	// led at first. Nobody listens there, and the context ends soon.
	looks := 0
	dial := pinnedDial("api.example", func() []netip.Addr {
		if looks++; looks == 1 {
			return []netip.Addr{netip.MustParseAddr("203.0.113.1")}
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	})
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		conn, err := dial(ctx, "tcp", "api.example:443")
		cancel()
		if err == nil { // there are networks in which every address responds
			err = errors.New(conn.RemoteAddr().String())
			_ = conn.Close()
		}
		if !strings.Contains(err.Error(), "203.0.113.1") && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	}
	if looks != 1 {
		t.Errorf("looked up %d times", looks)
	}
	t.Attr("S7", "20 addresses of this machine and its network refused, a name looked up once")
	if _, err := dial(t.Context(), "tcp", "other.example:443"); err == nil {
		t.Error("another host was dialled")
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	base, _ := url.Parse("http://127.0.0.1:1")
	transport, err := Pinned(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), "GET", strings.Replace(server.URL, "127.0.0.1", "localhost", 1), nil)
	if response, err := transport.RoundTrip(request); err == nil {
		_ = response.Body.Close()
		t.Error("another name of the same machine was dialled")
	}
}
