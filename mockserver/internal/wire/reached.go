package wire

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
)

// Reached returns the host, with its port, at which a request has reached this server. It
// is the address of the connection where the Host is a name, which leads elsewhere on
// another machine, or without what the client did to reach this server by it.
func Reached(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if _, isIP := netip.ParseAddr(host); err == nil && (isIP == nil || host == "localhost") {
		return r.Host
	}
	address, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if address == nil {
		return cmp.Or(r.Host, "localhost")
	}
	return address.String()
}
