package suite

import (
	"context"
	"net"
	"net/netip"
)

// Pace is the time between two requests to the real service.
const Pace = pace

// PaceLikeTheRealService slows a client down as if its host were not loopback.
func PaceLikeTheRealService(c *Client) { c.pace = pace }

// PinnedDial dials one host, whose name is looked up by a function.
func PinnedDial(host string, look func() []netip.Addr) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &pinnedDialer{host: host, look: func(context.Context, string) ([]netip.Addr, error) { return look(), nil }}
	return d.dial
}
