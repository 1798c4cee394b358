package world

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"net/http"
	"regexp"
	"strconv"
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
// case, as browsers send it, and with a port that is none it is the whole host, which no
// sandbox can have. A dot behind the host changes nothing.
func (all *Worlds) NameByHost(host string) (name string, ok bool) {
	host = strings.ToLower(host)
	name, port, _ := strings.Cut(host, ":")
	name = strings.TrimSuffix(name, ".")
	for _, suffix := range []string{localSuffix, all.Settings.SandboxHost} {
		inside, ok := strings.CutSuffix(name, "."+suffix)
		if !ok || suffix == "" {
			continue
		}
		if _, err := strconv.ParseUint(port, 10, 16); port != "" && err != nil {
			return host, true
		}
		return inside, true
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

// sandboxToken matches what looks like an access token that leads to a sandbox. It
// ends with a check of its text by the key of the worlds: no list of the tokens of
// dropped sandboxes is needed.
var sandboxToken = regexp.MustCompile(`^` + sandboxTokenPrefix + `([A-Z2-7]{26})_([A-Z2-7]+)$`)

func (all *Worlds) newSandboxToken() string {
	text := rand.Text()
	return sandboxTokenPrefix + text + "_" + all.tokenCheck(text)
}

// tokenCheck returns the check of the text in a sandbox's token.
func (all *Worlds) tokenCheck(text string) string {
	mac := hmac.New(sha256.New, all.tokenKey)
	mac.Write([]byte(text))
	return base32.StdEncoding.EncodeToString(mac.Sum(nil)[:15])
}

// Why the access token of a sandbox leads nowhere.
var (
	ErrTokenRevoked = errors.New("the sandbox of this access token was dropped")
	ErrTokenUnknown = errors.New("this server has made no sandbox with this access token: it is mistyped, or from before a restart: POST /__admin/sandboxes returns one")
)

// ByToken returns the sandbox that the access token of a request leads to: its own
// token, and those that were made in it, as by a log-in. It returns nil for a token that
// leads to none, and for one that the main world lists. Calls of webhooks have no access
// token. The error reports a token of no sandbox that is there: the main world, which may
// take any token, is not meant.
func (all *Worlds) ByToken(r *http.Request) (*World, error) {
	if _, called := trigger.TokenOf(r); called {
		return nil, nil
	}
	var query decode.Query
	if decode.MayHaveToken(r.URL.RawQuery) {
		query = decode.ParseQuery(r.URL.RawQuery)
	}
	token := decode.AccessToken(query, r.Header.Get("Authorization")).Text
	own := state.OwnToken(token)
	parts := sandboxToken.FindStringSubmatch(own)
	if parts == nil || all.Main.Era().State.Tokens.Lists(token) {
		return nil, nil
	}
	if w := all.sandboxes.byToken(own, time.Now()); w != nil {
		return w, nil
	}
	if parts[2] != all.tokenCheck(parts[1]) {
		return nil, ErrTokenUnknown
	}
	return nil, ErrTokenRevoked
}
