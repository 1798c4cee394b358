package admin

import (
	"crypto/subtle"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// Guard protects the admin API from pages of other origins. Whoever develops
// with a stand-in has a browser open too, and any page in it can send requests
// to this machine. The guard passes only requests that such a page can't send.
type Guard struct {
	Hosts []string // that the Host header may name beside the usual ones
	Token string   // bearer token that calls need; blank for none

	worlds *world.Worlds
}

// trusts reports whether a Host header is one that a page of another site can't
// send. The hosts of sandboxes are of this machine, or of the one who has named
// their suffix.
func (g *Guard) trusts(host string) bool {
	_, ofSandbox := g.worlds.NameByHost(host)
	return ofSandbox || live.TrustedHost(host, g.Hosts...)
}

// check returns why a call of the admin API may not pass; nil when it may.
func (g *Guard) check(r *http.Request) error {
	if err := g.checkOrigin(r); err != nil {
		return err
	}
	switch {
	case !isPage(r) && !g.authorized(r):
		return failure(http.StatusUnauthorized, "", "send the admin token: Authorization: Bearer ...")
	case writes(r) && !typedOrNothing(r):
		return failure(http.StatusUnsupportedMediaType, "", "send Content-Type: application/json, or application/yaml for a scenario")
	default:
		return nil
	}
}

// checkOrigin returns why a request may be one of a page of another origin; nil
// when it can't be.
func (g *Guard) checkOrigin(r *http.Request) error {
	switch {
	case !g.trusts(r.Host):
		return failure(http.StatusMisdirectedRequest, "", "the Host header names "+wire.Quoted(r.Host)+": ask by IP address or localhost, or start the server with --admin-host")
	case r.Header.Get("Sec-Fetch-Site") == "cross-site" || !ownOrigin(r):
		return failure(http.StatusForbidden, "", "the request comes from a page of another origin")
	default:
		return nil
	}
}

// MayMakeSandbox returns why a request may not make a sandbox by its first use;
// nil when it may. A page may use a sandbox that is there. One of another origin
// that could make them would fill the server with them, and the page of the admin
// API would make those again that somebody has deleted.
func (g *Guard) MayMakeSandbox(r *http.Request) error {
	status, err := http.StatusForbidden, g.checkOrigin(r)
	switch {
	case err != nil:
	case r.Header.Get("Sec-Fetch-Site") == "same-site":
		err = errors.New("the request comes from a page of another origin")
	case fromPage(r):
		status, err = http.StatusNotFound, errors.New("the request comes from a page")
	default:
		return nil
	}
	return failure(status, "", "there is no such sandbox, and this request may not make one: "+err.Error()+". Make it with POST "+root+"/sandboxes")
}

// fromPage reports whether a request comes from a page, rather than from a program or
// from an address that was typed. On plain HTTP to an address that is not this machine's
// own, a browser says so in Origin or Referer alone.
func fromPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site != "none"
	}
	return r.Header.Get("Origin") != "" || r.Header.Get("Referer") != ""
}

// ownOrigin reports whether a request comes from no page, or from one of this
// server. A browser that says so in neither Origin nor Sec-Fetch-Site, as on plain
// HTTP to an address that is not this machine's own, has the page in Referer.
func ownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" && r.Header.Get("Sec-Fetch-Site") == "" {
		origin = r.Header.Get("Referer")
	}
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
