// Package outbound connects to other hosts: through the proxy that the environment
// names, with the authorities of a file, and to no address that it may not.
//
// The variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY are those of package httpproxy.
// There is no proxy for this machine itself, whose names are localhost and all below it.
// A proxy looks names up by itself: where a name leads to is checked without one.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	dialTimeout   = 10 * time.Second
	headerTimeout = 30 * time.Second
)

// New returns a transport for requests to any address. Responses arrive as they are
// sent, compressed or not. The roots are nil for those of [SystemRoots].
func New(roots *x509.CertPool) *http.Transport {
	if roots == nil {
		roots = SystemRoots()
	}
	return transport(roots)
}

func transport(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy: environmentProxy(),
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
			return refusedByProxy(response)
		},
		DialContext:         Dial(dialTimeout),
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
	t := New(roots)
	proxy, err := t.Proxy(&http.Request{URL: base})
	if err != nil {
		return nil, err
	}
	t.ResponseHeaderTimeout = headerTimeout
	t.Proxy = func(r *http.Request) (*url.URL, error) {
		if r.URL.Scheme != base.Scheme || r.URL.Host != base.Host {
			return nil, fmt.Errorf("%s is not %s, the one host to connect to", r.URL.Host, base.Host)
		}
		return proxy, nil
	}
	if proxy == nil {
		host := base.Hostname()
		t.DialContext = (&pinnedDialer{host: host, named: isLocalName(host) || net.ParseIP(host) != nil, look: systemLookup}).dial
	}
	return t, nil
}

// OpenTransport is a transport of [Open].
type OpenTransport struct {
	*http.Transport
	ready func() // to be called before the first request
}

// RoundTrip sends a request. A proxy that wants a password does not stand in for the
// host: its response is an error.
func (t OpenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.ready()
	response, err := t.Transport.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusProxyAuthRequired {
		return response, err
	}
	if proxy, err := t.Proxy(r); err != nil || proxy == nil {
		return response, err
	}
	_ = response.Body.Close()
	return nil, refusedByProxy(response)
}

// Open returns a transport for requests to any host. It refuses addresses of the
// local link, where clouds serve credentials. The roots are nil for those of
// [SystemRoots], which take some time to read and are read at the first request.
func Open(roots *x509.CertPool) OpenTransport {
	t := transport(roots)
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
	return OpenTransport{t, sync.OnceFunc(func() {
		if roots == nil {
			t.TLSClientConfig.RootCAs = SystemRoots()
		}
	})}
}
