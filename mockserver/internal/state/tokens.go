package state

import (
	"crypto/subtle"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// userTokenLife is how long a token of POST /auth/user lasts. The real one's
// life is not public; this one is ours.
const userTokenLife = 24 * time.Hour

// Why a token is refused.
var (
	ErrTokenExpired = errors.New("the access token has expired")
	errTokenInvalid = errors.New("the access token is not valid")
)

// Caller is who asks: a token that the world knows, or what stands for any.
type Caller struct {
	Scopes  []string
	Grants  contract.Grants
	expires time.Time // zero is never
}

// tokens knows the access tokens and users of a world.
type tokens struct {
	api    *contract.API
	strict bool
	secret []byte // signs and reads JWTs
	users  []scenarios.User
	Any    *Caller // any token in an open world

	mu      sync.RWMutex
	byToken map[string]*Caller
}

func newTokens(api *contract.API, auth scenarios.Auth, g *ids) *tokens {
	t := &tokens{
		api:     api,
		strict:  auth.Mode == scenarios.AuthStrict,
		secret:  []byte(auth.JWTSecret),
		byToken: map[string]*Caller{},
	}
	if len(t.secret) == 0 {
		// Nobody but the world itself can sign tokens then.
		t.secret = make([]byte, 32)
		g.Bytes(t.secret)
	}
	t.Any = t.bearer([]string{contract.ScopeAllUser}, time.Time{})
	for _, token := range auth.Tokens {
		t.byToken[token.Token] = t.bearer(token.Scopes, token.Expires)
	}
	return t
}

func (t *tokens) bearer(scopes []string, expires time.Time) *Caller {
	return &Caller{Scopes: scopes, Grants: t.api.Grants(scopes), expires: expires}
}

// issue makes a token with scopes that the world knows from now on.
func (t *tokens) issue(token string, scopes []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byToken[token] = t.bearer(slices.Clone(scopes), time.Time{})
}

// Identify tells who a token belongs to. Without a token there is nobody, and
// no error: that is the scope's matter.
func (t *tokens) Identify(token string, at time.Time) (*Caller, error) {
	if token == "" {
		return nil, nil
	}
	t.mu.RLock()
	known := t.byToken[token]
	t.mu.RUnlock()
	if known == nil {
		return t.identifyUnknown(token, at)
	}
	if !known.expires.IsZero() && !at.Before(known.expires) {
		return nil, ErrTokenExpired
	}
	return known, nil
}

// claims is what a JWT of the API carries.
type claims struct {
	Scope []string `json:"scope"`
	jwt.RegisteredClaims
}

// identifyUnknown reads a token as a JWT; in an open world any other will do.
func (t *tokens) identifyUnknown(token string, at time.Time) (*Caller, error) {
	if !t.strict && strings.Count(token, ".") != 2 {
		return t.Any, nil
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c,
		func(*jwt.Token) (any, error) { return t.secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithTimeFunc(func() time.Time { return at }))
	switch {
	case err == nil:
		return t.bearer(c.Scope, time.Time{}), nil
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, ErrTokenExpired
	case !t.strict:
		return t.Any, nil
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		// The real framework takes such a token for none at all.
		return nil, nil
	default:
		return nil, errTokenInvalid
	}
}

// LogIn checks a user's password and issues a token of the scope all.User.
func (t *tokens) LogIn(email, password string, at time.Time) (userID, token string, ok bool) {
	for _, user := range t.users {
		if strings.EqualFold(user.Email, email) && subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 1 {
			return user.ID, t.sign(user.ID, at), true
		}
	}
	return "", "", false
}

func (t *tokens) sign(userID string, at time.Time) string {
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Scope: []string{contract.ScopeAllUser},
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   userID,
			IssuedAt:  jwt.NewNumericDate(at),
			ExpiresAt: jwt.NewNumericDate(at.Add(userTokenLife)),
		},
	}).SignedString(t.secret)
	if err != nil {
		panic("mockserver: a secret signs any text: " + err.Error())
	}
	return signed
}

// known are the tokens that the world knows, sorted.
func (t *tokens) known() []scenarios.Token {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var list []scenarios.Token
	for _, token := range slices.Sorted(maps.Keys(t.byToken)) {
		b := t.byToken[token]
		list = append(list, scenarios.Token{Token: token, Scopes: slices.Clone(b.Scopes), Expires: b.expires})
	}
	return list
}
