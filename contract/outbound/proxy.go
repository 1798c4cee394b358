package outbound

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxyVariables are the variables of the environment that may name a proxy.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}

// environmentProxy returns the function that finds the proxy of a request, as
// [http.Transport] has it. It fails for a variable that names no proxy, which would
// otherwise be the same as none: the request would go out directly.
func environmentProxy() func(*http.Request) (*url.URL, error) {
	malformed := slices.IndexFunc(proxyVariables, func(name string) bool {
		text := os.Getenv(name)
		return text != "" && !namesProxy(text)
	})
	proxyOf := httpproxy.FromEnvironment().ProxyFunc()
	return func(r *http.Request) (*url.URL, error) {
		switch {
		case IsLocal(r.URL.Hostname()):
			return nil, nil
		case malformed >= 0: // its value may have a password
			return nil, proxyError(proxyVariables[malformed] + " is no URL of a proxy, such as http://proxy.example:3128")
		default:
			return proxyOf(r.URL)
		}
	}
}

// namesProxy reports whether a text is a proxy as package httpproxy reads it: a URL, or
// one without its scheme.
func namesProxy(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" {
		u, err = url.Parse("http://" + text)
	}
	if err != nil || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return false
	}
	host, port := u.Hostname(), u.Port()
	if _, err := strconv.ParseUint(port, 10, 16); err != nil && port != "" || strings.HasSuffix(u.Host, ":") {
		return false
	}
	return host != "" && (net.ParseIP(host) != nil || !strings.ContainsAny(host, ": %"))
}

// proxyError is what is wrong with the proxy of a request.
type proxyError string

func (e proxyError) Error() string { return string(e) }

// ProxyProblem returns what is wrong with the proxy, if the error of a transport is
// about the proxy; otherwise it is blank.
func ProxyProblem(err error) string {
	var own proxyError
	if errors.As(err, &own) {
		return string(own)
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "proxyconnect" {
		return fmt.Sprintf("the proxy can't be reached: %v", op.Err)
	}
	return ""
}

// refusedByProxy returns the error of a proxy's own response; nil for one that
// connects.
func refusedByProxy(response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError("the proxy has responded with " + response.Status)
}
