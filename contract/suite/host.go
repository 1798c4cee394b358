package suite

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

// IsLoopback reports whether a URL leads to this machine by its very name:
// localhost, or a loopback address.
func IsLoopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// TrustedHost reports whether a Host header names this machine in a way that no
// foreign page can use: by an address, as localhost or by another name without
// a dot, which is that of a service in a compose file, or by one of the other
// names that are given. A page that makes its own name lead to this machine has
// to use that name.
func TrustedHost(host string, others ...string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	return net.ParseIP(name) != nil || name != "" && !strings.ContainsAny(name, ".:") ||
		slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(other, name) })
}
