package outbound

import (
	"context"
	"net"
	"strings"
	"time"
)

// IsLocal reports whether a host is this machine itself: a loopback address, localhost,
// or a name below that, as RFC 6761 has it. It looks up no name.
func IsLocal(host string) bool {
	ip := net.ParseIP(host)
	return isLocalName(host) || ip != nil && ip.IsLoopback()
}

func isLocalName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Dial returns a function that connects to an address within a time. Names below
// localhost lead to this machine, which not every resolver knows.
func Dial(timeout time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: timeout}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(address); err == nil && isLocalName(host) {
			address = net.JoinHostPort("localhost", port)
		}
		return dialer.DialContext(ctx, network, address)
	}
}
