package state

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// UserTokenSeconds is how long a token of POST /auth/user is valid by default. The
// real value is not public; this one is ours.
const UserTokenSeconds = 24 * 60 * 60

// maxTokenSeconds keeps the end of a token within what a date can be.
const maxTokenSeconds = 100 * 365 * 24 * 60 * 60

// WantedToken is what a user wants of a token: its scopes, and how long it is
// valid.
type WantedToken struct {
	Scopes  []string
	Seconds float64
}

// Why a token is refused.
var (
	ErrTokenExpired = errors.New("the access token has expired")
	ErrTokenInvalid = errors.New("the access token is not valid")
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
	// OfItem returns the scopes of a token that is an item, such as an API token, and
	// whether it is one. The error is why it is not valid.
	OfItem func(token string, at time.Time) (scopes []string, known bool, err error)
}

func newTokens(api *contract.API, auth scenarios.Auth, g *ids, issued *Issued) *tokens {
	t := &tokens{
		api:     api,
		strict:  auth.Mode == scenarios.AuthStrict,
		secret:  []byte(auth.JWTSecret),
		byToken: map[string]*Caller{},
		issued:  issued,
		OfItem:  func(string, time.Time) ([]string, bool, error) { return nil, false, nil },
	}
	if len(t.secret) == 0 {
		// Without a configured secret, the world alone can sign tokens.
		secret := make([]byte, 32)
		g.Bytes(secret)
		t.secret = issued.keepSecret(secret)
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
	if scopes, isItem, err := t.OfItem(token, at); err != nil {
		return nil, err
	} else if isItem {
		return t.newCaller(scopes, time.Time{}), nil
	}
	known := t.byToken[token]
	if known == nil {
		if scopes, ok := t.issued.scopesOf(token); ok {
			return t.newCaller(scopes, time.Time{}), nil
		}
		if t.issued.wasOfItem(token) {
			return nil, ErrTokenInvalid // the item was there before a reset
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

// claims are the claims of a JWT that the API signs.
type claims struct {
	Scope []string `json:"scope"`
	jwt.RegisteredClaims
}

// received are the claims of a JWT that a client sends. Their types are checked
// where they matter: a scope that is no list grants nothing.
type received struct{ jwt.MapClaims }

// UnmarshalJSON decodes the claims.
func (r *received) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &r.MapClaims) }

// GetExpirationTime returns the claim exp. To MapClaims 0 is none, and to the API it
// is long past.
func (r received) GetExpirationTime() (*jwt.NumericDate, error) {
	if seconds, ok := r.MapClaims["exp"].(float64); ok {
		return dateOf(seconds), nil
	}
	return r.MapClaims.GetExpirationTime()
}

// GetNotBefore returns the claim nbf.
func (r received) GetNotBefore() (*jwt.NumericDate, error) {
	if seconds, ok := r.MapClaims["nbf"].(float64); ok {
		return dateOf(seconds), nil
	}
	return r.MapClaims.GetNotBefore()
}

// dateOf returns a date in seconds since 1970, which is at most some 30,000 years
// away: one of more digits would be another date.
func dateOf(seconds float64) *jwt.NumericDate {
	const most = 1e12
	return jwt.NewNumericDate(time.Unix(int64(max(-most, min(seconds, most))), 0))
}

// scopes returns the texts in the claim scope.
func (r received) scopes() []string {
	list, _ := r.MapClaims["scope"].([]any)
	var scopes []string
	for _, item := range list {
		if scope, ok := item.(string); ok {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// identifyUnknown reads a token as a JWT. In an open world every other text is a
// valid token too.
func (t *tokens) identifyUnknown(token string, at time.Time) (*Caller, error) {
	if !t.strict && strings.Count(token, ".") != jwtDots {
		return t.Any, nil
	}
	var r received
	_, err := jwt.ParseWithClaims(token, &r,
		func(*jwt.Token) (any, error) { return t.secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithTimeFunc(func() time.Time { return at }))
	switch {
	case err == nil:
		return t.newCaller(r.scopes(), time.Time{}), nil
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, ErrTokenExpired
	case !t.strict && !errors.Is(err, jwt.ErrTokenInvalidClaims): // it is no token of this world
		return t.Any, nil
	default:
		return nil, ErrTokenInvalid
	}
}

// LogIn checks a user's password, and returns the token that the user wants.
func (t *tokens) LogIn(email, password string, wanted WantedToken, at time.Time) (userID, token string, ok bool) {
	for _, user := range t.users {
		if strings.EqualFold(user.Email, email) && subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 1 {
			return user.ID, t.sign(user.ID, wanted, at), true
		}
	}
	return "", "", false
}

func (t *tokens) sign(userID string, wanted WantedToken, at time.Time) string {
	life := time.Duration(min(wanted.Seconds, maxTokenSeconds)) * time.Second
	unsigned := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Scope: wanted.Scopes,
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   userID,
			IssuedAt:  jwt.NewNumericDate(at),
			ExpiresAt: jwt.NewNumericDate(at.Add(life)),
		},
	})
	if t.issued.own != "" {
		unsigned.Header[keyID] = t.issued.own
	}
	signed, err := unsigned.SignedString(t.secret)
	if err != nil {
		panic("mockserver: a secret signs any text: " + err.Error())
	}
	return signed
}

// jwtDots is how many dots a JWT has: they separate its three parts.
const jwtDots = 2

// keyID is the member of a JWT's header that says which secret has signed it: in a
// sandbox, the sandbox's own token.
const keyID = "kid"

// OwnToken returns the own token of the sandbox in which a token was made. For any other
// token, what it returns is the token of no sandbox.
func OwnToken(token string) string {
	if strings.Count(token, ".") == jwtDots {
		if parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{}); err == nil {
			own, _ := parsed.Header[keyID].(string)
			return own
		}
	}
	own, _, _ := strings.Cut(token, ownEnd)
	return own
}

// Lists reports whether the scenario of the world has a token.
func (t *tokens) Lists(token string) bool { return t.byToken[token] != nil }

// known returns the tokens of the world, sorted.
func (t *tokens) known() []scenarios.Token {
	list := slices.DeleteFunc(t.issued.list(), func(i scenarios.Token) bool { return t.byToken[i.Token] != nil })
	for token, caller := range t.byToken {
		list = append(list, scenarios.Token{Token: token, Scopes: slices.Clone(caller.Scopes), Expires: caller.expires})
	}
	slices.SortFunc(list, func(a, b scenarios.Token) int { return strings.Compare(a.Token, b.Token) })
	return list
}
