package state

import (
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
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

// tokens holds the access tokens and users of a world. It does not change: tokens
// that are made later are added to issued.
type tokens struct {
	api    *contract.API
	strict bool
	secret []byte // signs and reads JWTs
	users  []scenarios.User
	Any    *Caller // the caller of an unknown token in an open world

	byToken map[string]*Caller // of the scenario
	issued  *Issued
}

func newTokens(api *contract.API, auth scenarios.Auth, g *ids, issued *Issued) *tokens {
	t := &tokens{
		api:     api,
		strict:  auth.Mode == scenarios.AuthStrict,
		secret:  []byte(auth.JWTSecret),
		byToken: map[string]*Caller{},
		issued:  issued,
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

// Identify returns the caller of a token. A request without a token has no
// caller and causes no error: the check of the scopes refuses it.
func (t *tokens) Identify(token string, at time.Time) (*Caller, error) {
	if token == "" {
		return nil, nil
	}
	known := t.byToken[token]
	if known == nil {
		if scopes, ok := t.issued.scopesOf(token); ok {
			return t.newCaller(scopes, time.Time{}), nil
		}
		return t.identifyUnknown(token, at)
	}
	if !known.expires.IsZero() && !at.Before(known.expires) {
		return nil, ErrTokenExpired
	}
	return known, nil
}

// ScopesOf returns the scopes of a token; nil for one that is not valid.
func (t *tokens) ScopesOf(token string, at time.Time) []string {
	caller, err := t.Identify(token, at)
	if caller == nil || err != nil {
		return nil
	}
	return caller.Scopes
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
	list := slices.DeleteFunc(t.issued.list(), func(i scenarios.Token) bool { return t.byToken[i.Token] != nil })
	for token, caller := range t.byToken {
		list = append(list, scenarios.Token{Token: token, Scopes: slices.Clone(caller.Scopes), Expires: caller.expires})
	}
	slices.SortFunc(list, func(a, b scenarios.Token) int { return strings.Compare(a.Token, b.Token) })
	return list
}
