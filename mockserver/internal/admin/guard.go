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

// Guard stands before the admin API. Whoever develops with a stand-in has a
// browser open too, and any page in it can send requests to this machine; so
// the guard lets in what no foreign page can send.
type Guard struct {
	Hosts []string // names that the Host header may have beside the usual ones
	Token string   // asked for as a bearer token; blank for none
}

// refuse tells why a request may not pass, or gives nil.
func (g *Guard) refuse(r *http.Request) *refusal {
	switch {
	case !suite.TrustedHost(r.Host, g.Hosts...):
		return &refusal{http.StatusMisdirectedRequest, "the Host header names " + wire.Quoted(r.Host) + ": ask by IP address or localhost, or start the server with --admin-host"}
	case !g.ownOrigin(r) || r.Header.Get("Sec-Fetch-Site") == "cross-site":
		return &refusal{http.StatusForbidden, "the request comes from a page of another origin"}
	case !isPage(r) && !g.authorized(r):
		return &refusal{http.StatusUnauthorized, "send the admin token: Authorization: Bearer ..."}
	case writes(r) && !typedOrNothing(r):
		return &refusal{http.StatusUnsupportedMediaType, "send Content-Type: application/json, or application/yaml for a scenario"}
	default:
		return nil
	}
}

type refusal struct {
	status int
	reason string
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

// typedOrNothing asks for a content type that no page can send without asking
// first.
func typedOrNothing(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.ContentLength == 0 || err == nil && (kind == "application/json" || kind == "application/yaml")
}
