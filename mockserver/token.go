package mockserver

import (
	"crypto/subtle"
	"errors"
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

// bearer is who asks: a token that the world knows, or what stands for any.
type bearer struct {
	scopes  []string
	grants  contract.Grants
	expires time.Time // zero is never
}

// doorkeeper knows the tokens and users of a world.
type doorkeeper struct {
	api    *contract.API
	strict bool
	secret []byte // signs and reads JWTs
	users  []scenarios.User
	any    *bearer // any token in an open world

	mu     sync.RWMutex
	tokens map[string]*bearer
}

func newDoorkeeper(api *contract.API, auth scenarios.Auth, g *ids) *doorkeeper {
	d := &doorkeeper{
		api:    api,
		strict: auth.Mode == scenarios.AuthStrict,
		secret: []byte(auth.JWTSecret),
		tokens: map[string]*bearer{},
	}
	if len(d.secret) == 0 {
		// Nobody but the world itself can sign tokens then.
		d.secret = make([]byte, 32)
		g.bytes(d.secret)
	}
	d.any = d.bearer([]string{"all.User"}, time.Time{})
	for _, token := range auth.Tokens {
		d.tokens[token.Token] = d.bearer(token.Scopes, token.Expires)
	}
	return d
}

func (d *doorkeeper) bearer(scopes []string, expires time.Time) *bearer {
	return &bearer{scopes: scopes, grants: d.api.Grants(scopes), expires: expires}
}

// issue makes a token with scopes that the world knows from now on.
func (d *doorkeeper) issue(token string, scopes []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tokens[token] = d.bearer(slices.Clone(scopes), time.Time{})
}

// identify tells who a token belongs to. Without a token there is nobody, and
// no error: that is the scope's matter.
func (d *doorkeeper) identify(token string, at time.Time) (*bearer, *reply) {
	if token == "" {
		return nil, nil
	}
	d.mu.RLock()
	known := d.tokens[token]
	d.mu.RUnlock()
	if known == nil {
		return d.identifyUnknown(token, at)
	}
	if !known.expires.IsZero() && !at.Before(known.expires) {
		return nil, unauthorized("Access token has expired")
	}
	return known, nil
}

// claims is what a JWT of the API carries.
type claims struct {
	Scope []string `json:"scope"`
	jwt.RegisteredClaims
}

// identifyUnknown reads a token as a JWT; in an open world any other will do.
func (d *doorkeeper) identifyUnknown(token string, at time.Time) (*bearer, *reply) {
	if !d.strict && strings.Count(token, ".") != 2 {
		return d.any, nil
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c,
		func(*jwt.Token) (any, error) { return d.secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithTimeFunc(func() time.Time { return at }))
	switch {
	case err == nil:
		return d.bearer(c.Scope, time.Time{}), nil
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, unauthorized("Access token has expired")
	case !d.strict:
		return d.any, nil
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		// The real framework takes such a token for none at all.
		return nil, nil
	default:
		return nil, unauthorized("Invalid access token")
	}
}

// logIn checks a user's password and issues a token of the scope all.User.
func (d *doorkeeper) logIn(email, password string, at time.Time) (userID, token string, ok bool) {
	for _, user := range d.users {
		if strings.EqualFold(user.Email, email) && subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 1 {
			return user.ID, d.sign(user.ID, at), true
		}
	}
	return "", "", false
}

func (d *doorkeeper) sign(userID string, at time.Time) string {
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Scope: []string{"all.User"},
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   userID,
			IssuedAt:  jwt.NewNumericDate(at),
			ExpiresAt: jwt.NewNumericDate(at.Add(userTokenLife)),
		},
	}).SignedString(d.secret)
	if err != nil {
		panic("mockserver: a secret signs any text: " + err.Error())
	}
	return signed
}
