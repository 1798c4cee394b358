package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

const credentials = `"email":"dev@example.com","password":"correct horse battery"`

func logIn(t *testing.T, srv *mockserver.TestServer, more string) mocktest.Response {
	t.Helper()
	return mocktest.Send(t, srv.URL, "POST /auth/user", "{"+credentials+more+"}", mocktest.SendsJSON, "Authorization:")
}

// A token has the scopes and the life that were requested.
func TestTokensThatAreRequested(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	for _, c := range []struct {
		more   string
		scopes []string
		life   time.Duration
	}{
		{``, []string{"all.User"}, 24 * time.Hour},
		{`,"requestedScopes":[]`, []string{"all.User"}, 24 * time.Hour},
		{`,"requestedScopes":["all.User.cli"],"tokenTTL":5184000`, []string{"all.User.cli"}, 60 * 24 * time.Hour},
		{`,"requestedScopes":["webhooks.get","device.get"],"tokenTTL":60.0,"twoFactorCode":"123456"`, []string{"webhooks.get", "device.get"}, time.Minute},
		{`,"tokenTTL":0`, []string{"all.User"}, 0},
		{`,"tokenTTL":1e300`, []string{"all.User"}, 100 * 365 * 24 * time.Hour},
	} {
		a := logIn(t, srv, c.more)
		user := mocktest.Decode[struct{ UserID, Token string }](t, a)
		var claims struct {
			Scope []string
			jwt.RegisteredClaims
		}
		if _, _, err := jwt.NewParser().ParseUnverified(user.Token, &claims); err != nil || a.Status != 200 {
			t.Fatalf("%s: %d %s, %v", c.more, a.Status, a.Body, err)
		}
		if life := claims.ExpiresAt.Sub(claims.IssuedAt.Time); life != c.life || !slices.Equal(claims.Scope, c.scopes) {
			t.Errorf("%s: %q for %v", c.more, claims.Scope, life)
		}
	}
	for _, c := range []struct {
		more, request string
		status        int
		want          string
	}{
		{`,"requestedScopes":["all.User.cli"]`, "GET /applications", 200, ""},
		{`,"requestedScopes":["all.User.cli"]`, "GET " + mocktest.WebhooksPath, 403, mocktest.Forbidden},
		{`,"tokenTTL":0`, "GET /applications", 401, expiredToken},
	} {
		token := mocktest.Decode[struct{ Token string }](t, logIn(t, srv, c.more)).Token
		mocktest.Case{Request: c.request, Header: []string{"Authorization: Bearer " + token}, Status: c.status, Want: c.want}.Run(t, srv)
	}
}

func TestCredentialsAreChecked(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for body, what := range map[string]string{
		`{}`:                                   "credentials.email is required",
		`{"email":"a@b"}`:                      "credentials.password is required",
		`{` + credentials + `,"x":1}`:          "credentials has additional properties",
		`{"email":"a@b","password":"1234567"}`: "credentials.password has less length than allowed",
		`{"email":"a@b","password":"` + strings.Repeat("p", 2049) + `"}`:          "credentials.password has longer length than allowed",
		`{` + credentials + `,"twoFactorCode":1}`:                                 "credentials.twoFactorCode is the wrong type",
		`{` + credentials + `,"requestedScopes":"all.User"}`:                      "credentials.requestedScopes is the wrong type",
		`{` + credentials + `,"requestedScopes":["all.Userr"]}`:                   "credentials.requestedScopes.0 no (or more than one) schemas match",
		`{` + credentials + `,"requestedScopes":["all.User","application.gets"]}`: "credentials.requestedScopes.1 no (or more than one) schemas match",
		`{` + credentials + `,"requestedScopes":["all.User","all.User"]}`:         "credentials.requestedScopes must be unique",
		`{` + credentials + `,"tokenTTL":-1}`:                                     "credentials.tokenTTL is less than minimum",
		`{` + credentials + `,"tokenTTL":1.5}`:                                    "credentials.tokenTTL is the wrong type",
	} {
		mocktest.Case{Request: "POST /auth/user", Body: body, Header: []string{mocktest.SendsJSON}, Status: 400, Want: mocktest.Validation(what)}.Run(t, srv)
	}
	// A token is looked at, though none is needed.
	strict := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	mocktest.Case{Request: "POST /auth/user", Body: "{" + credentials + "}", Header: []string{mocktest.SendsJSON, "Authorization: Bearer garbage"}, Status: 401, Want: invalidToken}.Run(t, strict)
}
