package mockserver

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract/suite"
)

// guard stands before the admin API. Whoever develops with a stand-in has a
// browser open too, and any page in it can send requests to this machine; so
// the guard lets in what no foreign page can send.
type guard struct {
	hosts []string // names that the Host header may have beside the usual ones
	token string   // asked for as a bearer token; blank for none
}

// refuse tells why a request may not pass, or gives nil.
func (g *guard) refuse(r *http.Request) *adminRefusal {
	switch {
	case !suite.TrustedHost(r.Host, g.hosts...):
		return &adminRefusal{http.StatusMisdirectedRequest, "the Host header names " + quoted(r.Host) + ": ask by IP address or localhost, or start the server with --admin-host"}
	case !g.ownOrigin(r) || r.Header.Get("Sec-Fetch-Site") == "cross-site":
		return &adminRefusal{http.StatusForbidden, "the request comes from a page of another origin"}
	case !isPage(r) && !g.authorized(r):
		return &adminRefusal{http.StatusUnauthorized, "send the admin token: Authorization: Bearer ..."}
	case writes(r) && !typedOrNothing(r):
		return &adminRefusal{http.StatusUnsupportedMediaType, "send Content-Type: application/json, or application/yaml for a scenario"}
	default:
		return nil
	}
}

type adminRefusal struct {
	status int
	reason string
}

func (g *guard) ownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.User == nil && u.Host == r.Host && (u.Scheme == "http" || u.Scheme == "https")
}

func (g *guard) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return g.token == "" || ok && subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) == 1
}

func writes(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// typedOrNothing asks for a content type that no page can send without asking
// first.
func typedOrNothing(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.ContentLength == 0 || err == nil && (kind == "application/json" || kind == "application/yaml")
}
