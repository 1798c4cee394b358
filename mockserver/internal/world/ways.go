package world

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
)

// localSuffix is the suffix of hosts that lead to this machine by themselves, in
// browsers and in curl.
const localSuffix = "localhost"

// NameByHost returns the name of the sandbox that a host leads to, such as that of
// orders.localhost:8080, and reports whether there is one. The name is in lower
// case, as browsers send it.
func (all *Worlds) NameByHost(host string) (name string, ok bool) {
	if withoutPort, _, err := net.SplitHostPort(host); err == nil {
		host = withoutPort
	}
	host = strings.ToLower(host)
	for _, suffix := range []string{localSuffix, all.Settings.SandboxHost} {
		if name, ok := strings.CutSuffix(host, "."+suffix); ok && suffix != "" {
			return name, true
		}
	}
	return "", false
}

// host returns the host that leads to a sandbox, without the port; blank for a name
// that is not in lower case.
func (w *World) host() string {
	if w.name != strings.ToLower(w.name) {
		return ""
	}
	return w.name + "." + cmp.Or(w.all.Settings.SandboxHost, localSuffix)
}

// Token returns the access token that leads to a sandbox; blank for the main world.
func (w *World) Token() string { return w.token }

// sandboxTokenPrefix begins the access tokens that lead to sandboxes.
const sandboxTokenPrefix = "sandbox_"

func newSandboxToken() string { return sandboxTokenPrefix + rand.Text() }

// ErrTokenRevoked reports the access token of a sandbox that was dropped.
var ErrTokenRevoked = errors.New("the sandbox of this access token was dropped")

// ByToken returns the sandbox that the access token of a request leads to: its own
// token, and those that were made in it, as by a log-in. It returns nil for a token that
// leads to none, and for one that the main world lists. Calls of webhooks have no access
// token. The error reports that the sandbox was dropped: the main world, which may take
// any token, is not meant.
func (all *Worlds) ByToken(r *http.Request) (*World, error) {
	if _, called := trigger.TokenOf(r); called {
		return nil, nil
	}
	token := decode.AccessToken(decode.ParseQuery(r.URL.RawQuery), r.Header.Get("Authorization")).Text
	own := state.OwnToken(token)
	if !strings.HasPrefix(own, sandboxTokenPrefix) || all.Main.Era().State.Tokens.Lists(token) {
		return nil, nil
	}
	if w := all.sandboxes.byToken(own, time.Now()); w != nil {
		return w, nil
	}
	return nil, ErrTokenRevoked
}
