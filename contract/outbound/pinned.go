package outbound

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// lookup finds the addresses of a name.
type lookup func(ctx context.Context, host string) ([]netip.Addr, error)

func systemLookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if isLocalName(host) {
		host = "localhost"
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// pinnedDialer connects to one host and no other. Its name is looked up once:
// a name that leads elsewhere later, as in an attack by DNS, changes nothing.
// Where the host is a name that is not this machine's, it must not lead to
// this machine, nor to an address that only the local network has.
type pinnedDialer struct {
	host  string
	named bool // by its address, or as this machine
	look  lookup

	mu        sync.Mutex
	addresses []netip.Addr
}

func (d *pinnedDialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if host != d.host {
		return nil, fmt.Errorf("%s is not %s, the one host to connect to", host, d.host)
	}
	addresses, err := d.resolve(ctx)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	var conn net.Conn
	for _, a := range addresses {
		if conn, err = dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (d *pinnedDialer) resolve(ctx context.Context) ([]netip.Addr, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.addresses != nil {
		return d.addresses, nil
	}
	found, err := d.look(ctx, d.host)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		if !d.named && !public(a.Unmap()) {
			return nil, fmt.Errorf("%s leads to %s, which is no address of a public service", d.host, a)
		}
	}
	d.addresses = found
	return found, nil
}

// embedded are the prefixes of IPv6 addresses that stand for an IPv4 address.
var embedded = []netip.Prefix{
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("::/96"),
}

// public reports whether an address is one of the internet's.
func public(a netip.Addr) bool {
	for _, prefix := range embedded {
		if prefix.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}
