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

// userTokenLife is how long a token of POST /auth/user is valid. The real value
// is not public; this one is ours.
const userTokenLife = 24 * time.Hour

// Why a token is refused.
var (
	ErrTokenExpired = errors.New("the access token has expired")
	errTokenInvalid = errors.New("the access token is not valid")
)

// Caller is the sender of a request, as its token identifies it.
type Caller struct {
	Scopes  []string
	Grants  contract.Grants
	expires time.Time // zero for never
}

// tokens holds the access tokens and users of a world.
type tokens struct {
	api    *contract.API
	strict bool
	secret []byte // signs and reads JWTs
	users  []scenarios.User
	Any    *Caller // the caller of an unknown token in an open world

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
		// Without a configured secret, the world alone can sign tokens.
		t.secret = make([]byte, 32)
		g.Bytes(t.secret)
	}
	t.Any = t.newCaller([]string{contract.ScopeAllUser}, time.Time{})
	for _, token := range auth.Tokens {
		t.byToken[token.Token] = t.newCaller(token.Scopes, token.Expires)
	}
	return t
}

func (t *tokens) newCaller(scopes []string, expires time.Time) *Caller {
	return &Caller{Scopes: scopes, Grants: t.api.Grants(scopes), expires: expires}
}

// issue adds a token with scopes.
func (t *tokens) issue(token string, scopes []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byToken[token] = t.newCaller(slices.Clone(scopes), time.Time{})
}

// Identify returns the caller of a token. A request without a token has no
// caller and causes no error: the check of the scopes refuses it.
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

// claims are the claims of a JWT of the API.
type claims struct {
	Scope []string `json:"scope"`
	jwt.RegisteredClaims
}

// identifyUnknown reads a token as a JWT. In an open world every other text is a
// valid token too.
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
		return t.newCaller(c.Scope, time.Time{}), nil
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, ErrTokenExpired
	case !t.strict:
		return t.Any, nil
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		// The real framework ignores such a token.
		return nil, nil
	default:
		return nil, errTokenInvalid
	}
}

// LogIn checks a user's password, and returns a token with the scope all.User.
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

// known returns the tokens of the world, sorted.
func (t *tokens) known() []scenarios.Token {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var list []scenarios.Token
	for _, token := range slices.Sorted(maps.Keys(t.byToken)) {
		caller := t.byToken[token]
		list = append(list, scenarios.Token{Token: token, Scopes: slices.Clone(caller.Scopes), Expires: caller.expires})
	}
	return list
}
