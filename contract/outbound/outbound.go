// Package outbound connects to other hosts: through the proxy that the environment
// names, with the authorities of a file, and to no address that it may not.
//
// The variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY are those of
// [http.ProxyFromEnvironment], which never uses a proxy for this machine itself. A
// proxy looks names up by itself: where a name leads to is checked without one.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	dialTimeout   = 10 * time.Second
	headerTimeout = 30 * time.Second
)

// newTransport returns a transport with what all have in common. Responses arrive
// as they are sent, compressed or not. The roots are nil for those of the system.
func newTransport(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		TLSHandshakeTimeout: dialTimeout,
		DisableCompression:  true,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     90 * time.Second,
	}
}

// Pinned returns a transport for requests to the host of a base URL and no other,
// whose name it looks up once. A name must lead to a public address; an address, and
// localhost, may be any. It fails for a proxy that is none.
func Pinned(base *url.URL, roots *x509.CertPool) (*http.Transport, error) {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base})
	if err != nil { // which may have the proxy's password
		return nil, errors.New("HTTPS_PROXY or HTTP_PROXY is no URL of a proxy, such as http://proxy.example:3128")
	}
	t := newTransport(roots)
	t.ResponseHeaderTimeout = headerTimeout
	t.Proxy = func(r *http.Request) (*url.URL, error) {
		if r.URL.Scheme != base.Scheme || r.URL.Host != base.Host {
			return nil, fmt.Errorf("%s is not %s, the one host to connect to", r.URL.Host, base.Host)
		}
		return proxy, nil
	}
	if proxy == nil {
		host := base.Hostname()
		t.DialContext = (&pinnedDialer{host: host, named: host == "localhost" || net.ParseIP(host) != nil, look: systemLookup}).dial
	}
	return t, nil
}

// Open returns a transport for requests to any host. It refuses addresses of the
// local link, where clouds serve credentials.
func Open(roots *x509.CertPool) *http.Transport {
	t := newTransport(roots)
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if remote, ok := conn.RemoteAddr().(*net.TCPAddr); ok && remote.IP.IsLinkLocalUnicast() {
			_ = conn.Close()
			return nil, fmt.Errorf("%s is an address of the local link", remote.IP)
		}
		return conn, nil
	}
	return t
}
