package live

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/outbound"
)

// IsLoopback reports whether the host of a URL is localhost, a name below it or a
// loopback address. It looks up no name.
func IsLoopback(u *url.URL) bool { return outbound.IsLocal(u.Hostname()) }

// TrustedHost reports whether a Host header is one that a page of another site
// can't send: an address, localhost or another name without a dot, such as that
// of a service in a compose file, or one of the other names that are given. A
// page whose own name leads to this machine sends that name.
func TrustedHost(host string, others ...string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	return net.ParseIP(name) != nil || name != "" && !strings.ContainsAny(name, ".:") ||
		slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(other, name) })
}
