package recording

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
)

// Proxy passes requests on to the real API and checks both sides as they pass.
// It is an http.Handler that takes the place of a stand-in.
//
// Whatever a request says, it goes to the one API, whose name is looked up
// once, unless HTTPS_PROXY names a proxy, which does so. Upgrades are not passed on: what follows one could not be seen.
// Redirects go back to the client. Responses arrive uncompressed.
type Proxy struct {
	base    *url.URL
	token   secret.Secret
	via     string // by which this proxy recognizes its own requests
	forward *httputil.ReverseProxy
	traffic *report.Collector
}

// NewProxy returns a proxy to the API at a base URL such as
// https://api.losant.com, whose certificate one of the roots has signed; nil is
// those of the system. It fails where [live.NewClient] does. The API is what the traffic
// is held against; nil is that of [contract.Newest]. A token
// that is not blank is sent in place of the clients' own; requests of pages of
// other machines, which could use it, are then refused. Observe, when it is not
// nil, is called with each exchange of an operation; calls may be concurrent.
func NewProxy(baseURL string, token secret.Secret, roots *x509.CertPool, api *contract.API, observe func(*contract.Exchange)) (*Proxy, error) {
	base, err := live.ParseBaseURL(baseURL)
	if err != nil {
		return nil, err
	}
	transport, err := outbound.Pinned(base, roots)
	if err != nil {
		return nil, err
	}
	checked := &contract.Transport{Base: transport, Hosts: []string{base.Host}, API: api, OnExchange: observe}
	p := &Proxy{base: base, token: token, via: "losantmock-" + rand.Text(), traffic: report.Collect(checked)}
	p.forward = &httputil.ReverseProxy{
		Rewrite:      p.rewrite,
		Transport:    checked,
		ErrorHandler: p.fail,
		ErrorLog:     log.New(io.Discard, "", 0),
	}
	return p, nil
}

// Report returns a copy of the report of the traffic so far.
func (p *Proxy) Report() *report.Report { return p.traffic.Report() }

// ServeHTTP passes a request on, and the response back. A body of more than 4
// MiB is refused with 413, and a request that came through this proxy already
// with 508. Where the API does not respond, the response is 502.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.Contains(r.Header.Get("Via"), p.via):
		refuse(w, http.StatusLoopDetected, "LoopDetected", "The API's address leads to this proxy itself")
	case !p.token.IsZero() && !p.trusts(r):
		refuse(w, http.StatusForbidden, "Forbidden", "This proxy sends a token of its own: only programs and pages of this machine may use it")
	default:
		r.Body = http.MaxBytesReader(w, r.Body, maxProxied)
		p.forward.ServeHTTP(w, r)
	}
}

// maxProxied is the largest body of a request that is passed on, in bytes.
const maxProxied = 4 << 20

// trusts reports whether a request comes from a program, or from a page that
// this machine itself has served.
func (p *Proxy) trusts(r *http.Request) bool {
	if !live.TrustedHost(r.Host) {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Header.Get("Sec-Fetch-Site") != "cross-site"
	}
	u, err := url.Parse(origin)
	return err == nil && u.User == nil && live.IsLoopback(u)
}

// How long a client of the proxy may take.
const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = time.Minute
	shutdownTimeout   = 3 * time.Second
)

// Serve passes requests on until ctx is done; then it finishes those in flight,
// for at most 3 seconds, and returns nil. It fails where the listener does.
func (p *Proxy) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: p, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
		defer cancel()
		if server.Shutdown(deadline) != nil {
			_ = server.Close() // what is in flight takes too long
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-ended
	return nil
}

// rewrite makes the request to the API. Fields that are for one hop alone, and
// those that Connection names, were removed before.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.base)
	// A query that net/url can't parse is passed on as it stands all the same.
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	for _, name := range []string{"Upgrade", "Connection", "Te", "Trailer", "Forwarded"} {
		r.Out.Header.Del(name)
	}
	r.Out.Header.Set("Accept-Encoding", "identity")
	r.Out.Header.Add("Via", "1.1 "+p.via)
	if !p.token.IsZero() {
		r.Out.Header.Set("Authorization", "Bearer "+p.token.Reveal())
		r.Out.URL.RawQuery = withoutTokens(r.Out.URL.RawQuery)
	}
}

// withoutTokens returns a query without the tokens of a client, which the API
// would prefer to the proxy's.
func withoutTokens(raw string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		name, _, _ = strings.Cut(name, "[")
		if name != "access_token" && name != "jwt" {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// fail responds where the API did not. The client learns why, without any
// secret.
func (p *Proxy) fail(w http.ResponseWriter, _ *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, "PayloadTooLarge", "The body has more bytes than the proxy passes on")
		return
	}
	refuse(w, http.StatusBadGateway, "BadGateway", "The API did not respond: "+p.token.Scrub(err.Error()))
}

// refuse responds with an error in the form of the API's own.
func refuse(w http.ResponseWriter, status int, kind, message string) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	_ = e.Encode(struct { // texts can always be encoded
		Type    string `json:"type"`
		Message string `json:"message"`
	}{kind, message})
	body.Truncate(body.Len() - 1) // Encode ends with a newline
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a client that has gone away is no error of ours
}
