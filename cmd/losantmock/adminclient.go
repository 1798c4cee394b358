package main

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

// adminClient calls the admin API of a running server. Its errors say whether the
// program was called wrongly or could not check.
type adminClient struct {
	url    string
	token  string
	beside bool // in the same container: called directly, whatever name its certificate has

	// patience is how long the server has to begin its response, beside the time
	// that it was asked to wait; by default defaultPatience.
	patience time.Duration
	waiting  time.Duration // that the server was asked to wait
}

// defaultPatience is how long a server has to accept a connection, and then to begin
// its response. For the whole of it, it has patientFor times as long.
const (
	defaultPatience = 10 * time.Second
	patientFor      = 6
)

func (c *adminClient) longestSilence() time.Duration { return cmp.Or(c.patience, defaultPatience) }

// httpClient returns a client that does not wait for ever.
func (c *adminClient) httpClient() *http.Client {
	transport := outbound.New(certificate.Trusted())
	transport.DialContext = outbound.Dial(c.longestSilence())
	transport.ResponseHeaderTimeout = c.longestSilence() + c.waiting
	transport.DisableKeepAlives = true // a client makes few calls
	if c.beside {
		transport.Proxy = nil
		transport.TLSClientConfig.InsecureSkipVerify = true
	}
	return &http.Client{Transport: transport}
}

func (c *adminClient) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.url, "url", "http://localhost:8080", "base `URL` of the server, with the prefix of a sandbox where it is for one")
	flags.StringVar(&c.token, "admin-token", "", "bearer `token` of the server's admin API")
}

// sandboxPath matches the paths that the URL of a server may have.
var sandboxPath = regexp.MustCompile(`^(/__sandbox/[^/]+)?/?$`)

// server returns the URL of the server, with the prefix of a sandbox where it is for one.
func (c *adminClient) server() (*url.URL, error) {
	base, err := url.Parse(c.url)
	switch {
	case err != nil || !namesServer(base):
		return nil, fmt.Errorf("--url %q: want the URL of a server, such as http://localhost:8080", c.url)
	case strings.Contains(base.Path, "/__admin"):
		return nil, fmt.Errorf("--url %q: leave /__admin out: want the URL of the server", c.url)
	case !sandboxPath.MatchString(base.EscapedPath()):
		return nil, fmt.Errorf("--url %q: want no path but that of a sandbox, such as /__sandbox/orders", c.url)
	}
	base.RawPath = "" // %61 is a
	return base, nil
}

// newRequest returns a request for a path below the server's URL.
func (c *adminClient) newRequest(ctx context.Context, method, path string, body []byte) (*http.Request, error) {
	base, err := c.server()
	if err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, method, strings.TrimSuffix(base.String(), "/")+path, bytes.NewReader(body))
}

// do sends a call and returns the response, which the caller must close. A response
// that is not 200 is an error with its reason.
func (c *adminClient) do(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	request, err := c.newRequest(ctx, method, "/__admin"+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.httpClient().Do(request)
	if err != nil {
		return nil, c.unreachable(err)
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		return nil, c.refused(method, path, response)
	}
	return response, nil
}

// namesServer reports whether a URL is one that a server can have, below which a path
// can stand.
func namesServer(u *url.URL) bool {
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "80"), 10, 16)
	isServer := u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https") && err == nil && port > 0
	return isServer && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

// checkSandbox returns an error if the URL is that of a sandbox that is not there. A
// call to its URL would make the sandbox, and find nothing in it.
func (c *adminClient) checkSandbox(ctx context.Context) error {
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
	all.url = (&url.URL{Scheme: server.Scheme, User: server.User, Host: server.Host}).String()
	if err := all.get(ctx, "/sandboxes", "sandboxes", &list); err != nil {
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

// get requests JSON, and decodes it. The JSON of a losantmock has the member.
func (c *adminClient) get(ctx context.Context, path, member string, into any) error {
	return c.call(ctx, http.MethodGet, path, nil, member, into)
}

func (c *adminClient) call(ctx context.Context, method, path string, body []byte, member string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, patientFor*c.longestSilence()+c.waiting)
	defer cancel()
	response, err := c.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s was cut off: %w", c.url, err))
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil || members[member] == nil {
		return exit.Unsure(c.notLosantmock())
	}
	if err := json.Unmarshal(text, into); err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s can't be read: %w", c.url, err))
	}
	return nil
}

// naming says how to name another server.
const naming = "--url or LOSANTMOCK_URL"

// unreachable returns the error of a request that got no response.
func (c *adminClient) unreachable(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		err = fmt.Errorf(`%s: connection refused: start a server with "losantmock serve", or name another one with %s`, c.url, naming)
	}
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		err = fmt.Errorf("%s does not speak TLS: write http:// for https:// in %s", c.url, naming)
	case errors.As(err, &certificate) && errors.As(err, new(x509.HostnameError)):
		err = fmt.Errorf("%s: %w: use a name of its certificate in %s", c.url, certificate.Err, naming)
	case errors.As(err, &certificate):
		err = fmt.Errorf("%s: its certificate is not trusted: %w: trusted are the authorities of the system, which SSL_CERT_FILE replaces on Linux, and the one that --tls has made for this user", c.url, certificate.Err)
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = fmt.Errorf("%s does not respond: %w", c.url, err)
	}
	return exit.Unsure(err)
}

// notLosantmock returns the error of a response that losantmock does not send.
func (c *adminClient) notLosantmock() error {
	return fmt.Errorf("no losantmock responds at %s: name its URL with %s", c.url, naming)
}

// refused returns the error of a response that is not 200. The server has
// understood the call if it responds with 400 or 422: the caller has to change it.
func (c *adminClient) refused(method, path string, response *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s was cut off: %w", c.url, err))
	}
	reason := reasonOf(text)
	status := response.StatusCode
	switch {
	case reason == "" && bytes.Contains(text, []byte("an HTTP request to an HTTPS server")):
		return exit.Unsure(fmt.Errorf("%s speaks TLS: write https:// for http:// in %s", c.url, naming))
	case reason == "":
		return exit.Unsure(fmt.Errorf("%s %s responds with %s: %w", method, path, response.Status, c.notLosantmock()))
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return exit.Misused(errors.New(reason))
	default:
		return exit.Unsure(fmt.Errorf("%s %s responds with %s: %s", method, path, response.Status, reason))
	}
}

// reasonOf returns the message of the admin API's error document; blank for any
// other text. Its own sentence takes the place of WireMock's.
func reasonOf(text []byte) string {
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
