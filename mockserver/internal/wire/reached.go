package wire

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
)

// Reached returns the host, with its port, at which a request has reached this server: the
// Host, or the address of the connection where the Host is a name other than localhost. Such
// a name may lead to another server, as that of the real API does.
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
