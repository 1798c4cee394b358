// Package live sends requests to a live API, the real one or a stand-in.
//
// A [Client] sends its token to one host and no other, slowly to one that is not
// this machine. [ParseBaseURL] and [IsLoopback] say where a token may go.
// [NewLocalClient] sends requests to a handler of this process in place of a
// server.
package live

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/curl"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/secret"
)

// The limits of a client. They keep it polite to the real service, and its run
// bounded.
const (
	pace        = 500 * time.Millisecond // between two requests to a host that is not loopback
	callTimeout = 30 * time.Second
)

// Client sends requests to a live server, the real one or a stand-in.
// It sends its token to the host that it was made for and no other: it follows
// no redirect, and looks its host's name up once, unless the environment names a
// proxy, which does so. It sends at most two requests a second to a host that is not loopback.
// It sends a call again, 3 times at most, where a limit or the network stood in the
// way: see [Client.Do]. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	token secret.Secret // zero for a client that sends none
	roots *x509.CertPool
	http  *http.Client
	pace  time.Duration

	ofThirdParty bool // whether calls are those of a third party, which knows no Accept-Version

	mu   sync.Mutex
	next time.Time // when the next request may go
}

// NewClient returns a client for a base URL such as https://api.losant.com, which
// trusts the authorities in roots; nil is those of the system. Requests go through
// the proxy that HTTPS_PROXY and NO_PROXY name. It fails where [ParseBaseURL] does,
// and for a proxy that is none. The caller closes the client.
func NewClient(baseURL string, token secret.Secret, roots *x509.CertPool) (*Client, error) {
	base, err := ParseBaseURL(baseURL)
	if err != nil {
		return nil, err
	}
	transport, err := outbound.Pinned(base, roots)
	if err != nil {
		return nil, err
	}
	return newClient(base, token, roots, transport, callTimeout), nil
}

func newClient(base *url.URL, token secret.Secret, roots *x509.CertPool, transport http.RoundTripper, timeout time.Duration) *Client {
	c := &Client{base: base, token: token, roots: roots, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       timeout,
	}}
	if !IsLoopback(base) {
		c.pace = pace
	}
	return c
}

// ParseBaseURL reads the address of an API that a token may be sent to. It fails
// for a URL with a user, a query or a fragment, and for plain http to another
// host than this machine, which would send the token in the clear.
func ParseBaseURL(text string) (*url.URL, error) { return parseURL(text, "the token") }

// parseURL reads a base URL below which a secret is sent.
func parseURL(text, secret string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSuffix(text, "/"))
	switch {
	case err != nil:
		return nil, errors.New("the base URL can't be read, want one such as https://api.losant.com")
	case base.Scheme != "https" && base.Scheme != "http" || base.Hostname() == "" || base.Opaque != "":
		return nil, errors.New("the base URL must be one such as https://api.losant.com")
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("the base URL must have no user, query or fragment")
	case base.Scheme == "http" && !IsLoopback(base):
		return nil, fmt.Errorf("%s would go to %s in the clear: use https, or plain http on this machine alone", secret, base.Host)
	}
	return base, nil
}

// BaseURL returns the URL that the client was made for.
func (c *Client) BaseURL() string { return c.base.String() }

// Pace returns the time between two requests: 0 to a host that is loopback.
func (c *Client) Pace() time.Duration { return c.pace }

// Call is a request for a client to send.
type Call struct {
	Method string
	// Target is path and query below the base URL.
	Target string
	// Header has further fields. Without Accept and, for a body, Content-Type,
	// these are application/json, without Accept-Version it is the newest one. A
	// Content-Type of no values is not sent.
	Header http.Header
	// Body is the body to send; nil sends none.
	Body []byte
	// Auth is the value of the header Authorization in place of the client's
	// own token; nil is the client's own, and blank sends none. A client without a
	// token sends none for nil.
	Auth *string
	// Safe says that a POST does no harm when it is carried out twice: it is sent again
	// as other calls are.
	Safe bool
}

func (c *Client) once(ctx context.Context, call Call) (*contract.Exchange, error) {
	target, err := url.Parse(call.Target)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, c.base.String()+call.Target, bytes.NewReader(call.Body))
	if err != nil {
		return nil, err
	}
	for name, values := range call.Header {
		request.Header[name] = values
	}
	if _, given := call.Header["Content-Type"]; !given && call.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if request.Header.Get("Accept-Version") == "" && !c.ofThirdParty {
		request.Header.Set("Accept-Version", "^"+contract.Newest.String())
	}
	if request.Header.Get("Accept") == "" {
		request.Header.Set("Accept", "application/json")
	}
	seen := request.Header.Clone() // without the token
	auth := call.Auth
	if auth == nil && c.token.IsZero() {
		auth = new("")
	}
	if auth == nil {
		request.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	} else {
		seen.Set("Authorization", *auth)
		if *auth != "" {
			request.Header.Set("Authorization", *auth)
		}
	}
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := readBody(response)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", call.Method, call.Target, err)
	}
	return &contract.Exchange{
		Method: call.Method, URL: target, RequestHeader: seen, RequestBody: call.Body,
		Status: response.StatusCode, Header: response.Header, Body: body,
	}, nil
}

// readBody returns the body of a response, without its encoding. Behind a response that
// switches to another protocol there is none: what follows has no end.
func readBody(response *http.Response) ([]byte, error) {
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil, nil
	}
	body, err := decode.ReadResponse(response.Body)
	if err != nil {
		return nil, err
	}
	return decode.InflateResponse(body, response.Header.Get("Content-Encoding"))
}

// wait returns when the next request may be sent.
func (c *Client) wait(ctx context.Context) error {
	c.mu.Lock()
	at := c.next
	if now := time.Now(); at.Before(now) {
		at = now
	}
	c.next = at.Add(c.pace)
	c.mu.Unlock()
	return sleep(ctx, time.Until(at))
}

// Close closes idle connections. It returns nil.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// TokenVariable is the environment variable that holds the token of the real
// API.
const TokenVariable = "LOSANT_API_TOKEN"

// ownHeaders are the header fields that a command does not repeat: the client adds them
// to each call by itself, or for its own sake.
var ownHeaders = []string{"Accept-Version", "Accept-Encoding", "Authorization"}

// Curl returns a command that sends the request of an exchange again and shows
// the header of the response. The client's own token is taken from the
// environment. It is blank for a request that no command can send.
func (c *Client) Curl(e *contract.Exchange) string { return c.CurlWithFile(e, "") }

// CurlWithFile is [Client.Curl] with the name of a file that the command reads the
// body from; blank for a body in the command itself.
func (c *Client) CurlWithFile(e *contract.Exchange, bodyFile string) string {
	again := curl.Request{
		Method: e.Method, Scheme: c.base.Scheme, Host: c.base.Host, Target: c.base.EscapedPath() + e.URL.RequestURI(),
		Header: http.Header{}, Body: e.RequestBody, BodyFile: bodyFile,
	}
	authorization, own := e.RequestHeader["Authorization"]
	switch {
	case !own:
		again.TokenVariable = TokenVariable
	case authorization[0] != "":
		again.Header["Authorization"] = authorization
	}
	for name, values := range e.RequestHeader {
		if !slices.Contains(ownHeaders, name) && (name != "Accept" || values[0] != "application/json") {
			again.Header[name] = values
		}
	}
	command, err := again.Command("-i")
	if err != nil {
		return ""
	}
	return command
}

// Token returns the client's own token, to replace it in texts.
func (c *Client) Token() secret.Secret { return c.token }
