package admin

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Guard protects the admin API from pages of other origins. Whoever develops
// with a stand-in has a browser open too, and any page in it can send requests
// to this machine. The guard passes only requests that such a page can't send.
type Guard struct {
	Hosts []string // that the Host header may name beside the usual ones
	Token string   // bearer token that calls need; blank for none
}

// check returns why a request may not pass; nil when it may.
func (g *Guard) check(r *http.Request) error {
	switch {
	case !suite.TrustedHost(r.Host, g.Hosts...):
		return failure(http.StatusMisdirectedRequest, "", "the Host header names "+wire.Quoted(r.Host)+": ask by IP address or localhost, or start the server with --admin-host")
	case !g.ownOrigin(r) || r.Header.Get("Sec-Fetch-Site") == "cross-site":
		return failure(http.StatusForbidden, "", "the request comes from a page of another origin")
	case !isPage(r) && !g.authorized(r):
		return failure(http.StatusUnauthorized, "", "send the admin token: Authorization: Bearer ...")
	case writes(r) && !typedOrNothing(r):
		return failure(http.StatusUnsupportedMediaType, "", "send Content-Type: application/json, or application/yaml for a scenario")
	default:
		return nil
	}
}

func (g *Guard) ownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.User == nil && u.Host == r.Host && (u.Scheme == "http" || u.Scheme == "https")
}

func (g *Guard) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return g.Token == "" || ok && subtle.ConstantTimeCompare([]byte(token), []byte(g.Token)) == 1
}

func writes(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// typedOrNothing reports whether a body, if there is one, has a content type
// for which a browser asks the server first.
func typedOrNothing(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.ContentLength == 0 || err == nil && (kind == "application/json" || kind == "application/yaml")
}
