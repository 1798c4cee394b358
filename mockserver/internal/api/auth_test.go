package api_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

const (
	invalidToken = `{"type":"Unauthorized","message":"Invalid access token"}`
	expiredToken = `{"type":"Unauthorized","message":"Access token has expired"}`
)

func TestWhereATokenCanStand(t *testing.T) {
	t.Parallel()
	strict := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	for _, c := range []struct {
		name, query, authorization string
		status                     int
		want                       string
	}{
		{"bearer", "", "Bearer all.User", 200, ""},
		{"bearer in any case", "", "bEaReR all.User", 200, ""},
		{"JWT", "", "JWT all.User", 200, ""},
		{"jwt", "", "jwt all.User", 200, ""},
		{"more words behind it", "", "Bearer all.User more", 200, ""},
		{"two blanks", "", "Bearer  all.User", 403, mocktest.Forbidden},
		{"a tab", "", "Bearer\tall.User", 403, mocktest.Forbidden},
		{"another scheme", "", "Basic all.User", 403, mocktest.Forbidden},
		{"no scheme", "", "all.User", 403, mocktest.Forbidden},
		{"a scheme alone", "", "Bearer", 403, mocktest.Forbidden},
		{"nothing", "", "", 403, mocktest.Forbidden},
		{"access_token", "?access_token=all.User", "", 200, ""},
		{"jwt in the query", "?jwt=all.User", "", 200, ""},
		{"access_token wins over jwt", "?jwt=garbage&access_token=all.User", "", 200, ""},
		{"the query wins over the header", "?access_token=garbage", "Bearer all.User", 401, invalidToken},
		{"a blank one counts as absent", "?access_token=&jwt=", "Bearer all.User", 200, ""},
		{"a blank access_token leaves jwt", "?access_token=&jwt=all.User", "Bearer garbage", 200, ""},
		{"garbage", "", "Bearer garbage", 401, invalidToken},
		{"three parts of garbage", "", "Bearer a.b.c", 401, invalidToken},
		{"expired", "", "Bearer expired", 401, expiredToken},
		{"no scopes", "", "Bearer powerless", 403, mocktest.Forbidden},
		{"scopes of another part", "", "Bearer elsewhere", 403, mocktest.Forbidden},
		{"unknown application after the token", "", "Bearer garbage", 401, invalidToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			line := "Authorization:"
			if c.authorization != "" {
				line += " " + c.authorization
			}
			mocktest.Case{Request: "GET " + mocktest.WebhooksPath + c.query, Header: []string{line}, Status: c.status, Want: c.want}.Run(t, strict)
		})
	}
}

// TestScopes requests every operation with every scope, and holds what they grant
// against the published API.
func TestScopes(t *testing.T) {
	t.Parallel()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../../contract/testdata/published-1.30.0.json")
	if err != nil {
		t.Fatal(err)
	}
	var published struct{ Scopes map[string][]string }
	if err := json.Unmarshal(text, &published); err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	asked := 0
	for _, resource := range api.Resources {
		if resource.Wildcard == "" {
			continue
		}
		for _, op := range resource.Actions {
			body := ""
			if slices.ContainsFunc(op.Params, func(p contract.Param) bool { return p.In == "body" }) {
				body = `{"name":"x"}`
			}
			path := strings.NewReplacer("{applicationId}", mocktest.ApplicationID, "{webhookId}", mocktest.WebhookID).Replace(op.Path)
			for _, scope := range api.Scopes() {
				asked++
				granted := slices.Contains(published.Scopes[op.Name], scope)
				a := mocktest.Send(t, srv.URL, op.Method+" "+path, body, mocktest.SendsJSON, "Authorization: Bearer "+scope)
				if (a.Status == 403) == granted || a.Status >= 400 && a.Status != 403 && op.Name != "webhook.delete" && op.Name != "webhook.get" && op.Name != "webhook.patch" {
					t.Errorf("%s with %s: %d %s", op.Name, scope, a.Status, a.Body)
				}
				if a.Status == 404 {
					t.Errorf("%s with %s: the webhook is gone", op.Name, scope)
				}
				if op.Action == "delete" && a.Status == 200 {
					srv.Reset()
				}
			}
		}
	}
	t.Attr("B3", fmt.Sprintf("%d pairs of operation and scope", asked))
}

func TestOpenWorldsTakeAnyToken(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, token := range []string{"any", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "😀"} {
		mocktest.Case{Request: "DELETE " + mocktest.WebhooksPath + "/" + mocktest.MissingID, Header: []string{"Authorization: Bearer " + token}, Status: 404, Want: mocktest.NoWebhook}.Run(t, srv)
	}
	mocktest.Case{Request: "GET " + mocktest.WebhooksPath, Header: []string{"Authorization:"}, Status: 403, Want: mocktest.Forbidden}.Run(t, srv)
	// A token that the world knows keeps its scopes.
	reader := srv.Token("webhooks.get")
	mocktest.Case{Request: "GET " + mocktest.WebhooksPath, Header: []string{"Authorization: Bearer " + reader}, Status: 200}.Run(t, srv)
	mocktest.Case{Request: "GET " + mocktest.WebhookPath, Header: []string{"Authorization: Bearer " + reader}, Status: 403, Want: mocktest.Forbidden}.Run(t, srv)
}

func TestJWTs(t *testing.T) {
	t.Parallel()
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: at},
		Auth:         scenarios.Auth{Mode: scenarios.AuthStrict, JWTSecret: "ssshhh"},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "Mine"}},
	}))
	sign := func(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	secret := []byte("ssshhh")
	// with returns a token that grants the operation, and has other claims.
	with := func(name string, value any) string {
		claims := jwt.MapClaims{"scope": []string{"webhooks.get"}}
		claims[name] = value
		return sign(jwt.SigningMethodHS256, secret, claims)
	}
	list := jwt.MapClaims{"scope": []string{"webhooks.get"}}
	for _, c := range []struct {
		name, token string
		status      int
		want        string
	}{
		{"with the scope", sign(jwt.SigningMethodHS256, secret, list), 200, ""},
		{"with a group", with("scope", []string{"all.User.read"}), 200, ""},
		{"that expires", with("exp", at.Unix()+1), 200, ""},
		{"expired by the world's clock", with("exp", at.Unix()), 401, expiredToken},
		{"expired at 0", with("exp", 0), 401, expiredToken},
		{"expired before 0", with("exp", -1), 401, expiredToken},
		{"whose exp is a text", with("exp", "x"), 401, invalidToken},
		{"whose exp is a text of digits", with("exp", fmt.Sprint(at.Unix()+60)), 401, invalidToken},
		{"whose exp is null", with("exp", nil), 401, invalidToken},
		{"not valid yet", with("nbf", at.Unix()+60), 401, invalidToken},
		{"whose nbf is a text", with("nbf", "0"), 401, invalidToken},
		{"valid by now", with("nbf", at.Unix()), 200, ""},
		{"issued in the future", with("iat", at.Unix()+60), 200, ""},
		{"whose iat is a text", with("iat", "x"), 200, ""},
		{"for a list of others", with("aud", []string{"others"}), 200, ""},
		{"for a number", with("aud", 5), 200, ""},
		{"of another secret", sign(jwt.SigningMethodHS256, []byte("other"), list), 401, invalidToken},
		{"of another method", sign(jwt.SigningMethodHS512, secret, list), 401, invalidToken},
		{"unsigned", sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, list), 401, invalidToken},
		{"with another scope", with("scope", []string{"webhook.get"}), 403, mocktest.Forbidden},
		{"without scopes", sign(jwt.SigningMethodHS256, secret, jwt.MapClaims{}), 403, mocktest.Forbidden},
		{"whose scope is null", with("scope", nil), 403, mocktest.Forbidden},
		{"whose scope is a text", with("scope", "webhooks.get"), 403, mocktest.Forbidden},
		{"whose scope is an object", with("scope", map[string]bool{"webhooks.get": true}), 403, mocktest.Forbidden},
		{"whose scope is a number", with("scope", 5), 403, mocktest.Forbidden},
		{"whose scope has no texts", with("scope", []any{5, nil}), 403, mocktest.Forbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mocktest.Case{Request: "GET " + mocktest.WebhooksPath, Header: []string{"Authorization: Bearer " + c.token}, Status: c.status, Want: c.want}.Run(t, srv)
		})
	}
}

func TestUsersLogIn(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"default", "strict-auth"} {
		srv := mockserver.Start(t, mockserver.WithScenario(scenario))
		logIn := func(email, password string) mocktest.Response {
			return mocktest.Send(t, srv.URL, "POST /auth/user", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password), mocktest.SendsJSON, "Authorization:")
		}
		a := logIn("DEV@example.com", "correct horse battery")
		user := mocktest.Decode[map[string]any](t, a)
		if a.Status != 200 || user["userId"] != "575ed70c7ae143cd83dc4aa9" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if _, hal := user["_links"]; hal {
			t.Errorf("%s has HAL", a.Body)
		}
		token := "Authorization: Bearer " + user["token"].(string)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{token, mocktest.SendsJSON}, Body: `{"name":"x"}`, Status: 201}.Run(t, srv)
		for _, wrong := range [][2]string{{"dev@example.com", "incorrect horse"}, {"nobody@example.com", "correct horse battery"}, {"@", "correct horse battery"}, {"a@b@c", "correct horse battery"}} {
			a := logIn(wrong[0], wrong[1])
			if a.Status != 401 || a.Body != `{"type":"Unauthorized","message":"Invalid email or password"}` {
				t.Errorf("%v: %d %s", wrong, a.Status, a.Body)
			}
		}
	}
}
