// Package adminclient calls the admin API of a running server.
package adminclient

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/certificate"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/spf13/pflag"
)

// Client calls the admin API of a running server. Its errors say whether the
// program was called wrongly or could not check.
type Client struct {
	URL    string
	Token  string
	Beside bool // in the same container: called directly, whatever name its certificate has

	// Patience is how long the server has to begin its response, beside the time
	// that it was asked to wait; by default defaultPatience.
	Patience time.Duration
	Waiting  time.Duration // that the server was asked to wait
}

// defaultPatience is how long a server has to accept a connection, and then to begin
// its response. For the whole of it, it has patientFor times as long.
const (
	defaultPatience = 10 * time.Second
	patientFor      = 6
)

func (c *Client) longestSilence() time.Duration { return cmp.Or(c.Patience, defaultPatience) }

// HTTPClient returns a client that does not wait for ever.
func (c *Client) HTTPClient() *http.Client {
	transport := outbound.New(certificate.Trusted())
	transport.DialContext = outbound.Dial(c.longestSilence())
	transport.ResponseHeaderTimeout = c.longestSilence() + c.Waiting
	transport.DisableKeepAlives = true // a client makes few calls
	if c.Beside {
		transport.Proxy = nil
		transport.TLSClientConfig.InsecureSkipVerify = true
	}
	return &http.Client{Transport: transport}
}

// AddFlags adds the flags that name a server.
func (c *Client) AddFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.URL, "url", "http://localhost:8080", "base `URL` of the server, with the prefix of a sandbox where it is for one")
	flags.StringVar(&c.Token, "admin-token", "", "bearer `token` of the server's admin API")
}

// sandboxPath matches the paths that the URL of a server may have.
var sandboxPath = regexp.MustCompile(`^(/__sandbox/[^/]+)?/?$`)

// server returns the URL of the server, with the prefix of a sandbox where it is for one.
func (c *Client) server() (*url.URL, error) {
	base, err := url.Parse(c.URL)
	switch {
	case err != nil || !NamesServer(base):
		return nil, fmt.Errorf("--url %q: want the URL of a server, such as http://localhost:8080", c.URL)
	case strings.Contains(base.Path, "/__admin"):
		return nil, fmt.Errorf("--url %q: leave /__admin out: want the URL of the server", c.URL)
	case !sandboxPath.MatchString(base.EscapedPath()):
		return nil, fmt.Errorf("--url %q: want no path but that of a sandbox, such as /__sandbox/orders", c.URL)
	}
	base.RawPath = "" // %61 is a
	return base, nil
}

// NewRequest returns a request for a path below the server's URL.
func (c *Client) NewRequest(ctx context.Context, method, path string, body []byte) (*http.Request, error) {
	base, err := c.server()
	if err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, method, strings.TrimSuffix(base.String(), "/")+path, bytes.NewReader(body))
}

// Do sends a call and returns the response, which the caller must close. A response
// that is not 200 is an error with its reason.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	request, err := c.NewRequest(ctx, method, "/__admin"+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.HTTPClient().Do(request)
	if err != nil {
		return nil, c.Unreachable(err)
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		return nil, c.refused(method, path, response)
	}
	return response, nil
}

// NamesServer reports whether a URL is one that a server can have, below which a path
// can stand.
func NamesServer(u *url.URL) bool {
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "80"), 10, 16)
	isServer := u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https") && err == nil && port > 0
	return isServer && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

// CheckSandbox returns an error if the URL is that of a sandbox that is not there. A
// Call to its URL would make the sandbox, and find nothing in it.
func (c *Client) CheckSandbox(ctx context.Context) error {
	server, err := c.server()
	if err != nil {
		return err
	}
	name, inside := strings.CutPrefix(strings.TrimSuffix(server.Path, "/"), "/__sandbox/")
	if !inside {
		return nil
	}
	var list struct{ Sandboxes []struct{ Name string } }
	all := *c
	all.URL = (&url.URL{Scheme: server.Scheme, User: server.User, Host: server.Host}).String()
	if err := all.Get(ctx, "/sandboxes", "sandboxes", &list); err != nil {
		return err
	}
	var names []string
	for _, box := range list.Sandboxes {
		names = append(names, box.Name)
	}
	if slices.Contains(names, name) {
		return nil
	}
	return exit.Unsure(fmt.Errorf("no sandbox has the name %q%s", name, nearest.DidYouMean(name, names)))
}

// Get requests JSON, and decodes it. The JSON of a losantmock has the member.
func (c *Client) Get(ctx context.Context, path, member string, into any) error {
	return c.Call(ctx, http.MethodGet, path, nil, member, into)
}

// Call sends a call with a body, and decodes the response as [Client.Get] does.
func (c *Client) Call(ctx context.Context, method, path string, body []byte, member string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, patientFor*c.longestSilence()+c.Waiting)
	defer cancel()
	response, err := c.Do(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s was cut off: %w", c.URL, err))
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil || members[member] == nil {
		return exit.Unsure(c.NotLosantmock())
	}
	if err := json.Unmarshal(text, into); err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s can't be read: %w", c.URL, err))
	}
	return nil
}

// Naming says how to name another server.
const Naming = "--url or LOSANTMOCK_URL"

// Operations returns the names of the operations that the server has; none where it does
// not say so.
func (c *Client) Operations(ctx context.Context) []string {
	var defined struct{ Names []string }
	if c.CheckSandbox(ctx) != nil || c.Get(ctx, "/definition", "names", &defined) != nil {
		return nil
	}
	return defined.Names
}

// Unreachable returns the error of a request that got no response.
func (c *Client) Unreachable(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		err = fmt.Errorf(`%s: connection refused: start a server with "losantmock serve", or name another one with %s`, c.URL, Naming)
	}
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		err = fmt.Errorf("%s does not speak TLS: write http:// for https:// in %s", c.URL, Naming)
	case errors.As(err, &certificate) && errors.As(err, new(x509.HostnameError)):
		err = fmt.Errorf("%s: %w: use a name of its certificate in %s", c.URL, certificate.Err, Naming)
	case errors.As(err, &certificate):
		err = fmt.Errorf("%s: its certificate is not trusted: %w: trusted are the authorities of the system, which SSL_CERT_FILE replaces on Linux, and the one that --tls has made for this user", c.URL, certificate.Err)
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = fmt.Errorf("%s does not respond: %w", c.URL, err)
	}
	return exit.Unsure(err)
}

// NotLosantmock returns the error of a response that losantmock does not send.
func (c *Client) NotLosantmock() error {
	return fmt.Errorf("no losantmock responds at %s: name its URL with %s", c.URL, Naming)
}

// refused returns the error of a response that is not 200. The server has
// understood the call if it responds with 400 or 422: the caller has to change it.
func (c *Client) refused(method, path string, response *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s was cut off: %w", c.URL, err))
	}
	reason := ReasonOf(text)
	status := response.StatusCode
	switch {
	case reason == "" && bytes.Contains(text, []byte("an HTTP request to an HTTPS server")):
		return exit.Unsure(fmt.Errorf("%s speaks TLS: write https:// for http:// in %s", c.URL, Naming))
	case reason == "":
		return exit.Unsure(fmt.Errorf("%s %s responds with %s: %w", method, path, response.Status, c.NotLosantmock()))
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return exit.Misused(errors.New(reason))
	default:
		return exit.Unsure(fmt.Errorf("%s %s responds with %s: %s", method, path, response.Status, reason))
	}
}

// ReasonOf returns the message of the admin API's error document; blank for any
// other text. Its own sentence takes the place of WireMock's.
func ReasonOf(text []byte) string {
	var document struct {
		Errors []struct {
			Title, Detail, Message string
			Source                 struct{ Pointer string }
		}
	}
	if json.Unmarshal(text, &document) != nil || len(document.Errors) == 0 {
		return ""
	}
	e := document.Errors[0]
	parts := slices.DeleteFunc([]string{e.Title, e.Source.Pointer, cmp.Or(e.Message, e.Detail)}, func(part string) bool { return part == "" })
	return strings.Join(parts, ": ")
}
