package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// What an application is created with comes back as JSON, and as it was written in a
// scenario.
func TestValuesOfApplicationsComeBack(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{}))
	for sent, want := range map[string]string{
		`{"name":"x","archiveConfig":{"delayDays":1e400}}`: `"archiveConfig":{"delayDays":null}`,
		`{"name":"x","globals":[{"key":"k","json":"😀"}]}`:  `"json":"😀"`,
	} {
		made := mocktest.Send(t, srv.URL, "POST /applications", sent, mocktest.SendsJSON)
		listed := mocktest.Send(t, srv.URL, "GET /applications", "")
		if made.Status != 201 || !strings.Contains(made.Body, want) || !json.Valid([]byte(listed.Body)) {
			t.Errorf("%s: %d %s\nlisted: %s", sent, made.Status, made.Body, listed.Body)
		}
	}
	scenario, err := scenarios.Parse("x", []byte("applications: [{name: a, globals: [{key: k, json: '😀'}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	seeded := mockserver.Start(t, mockserver.WithWorld(scenario))
	if a := mocktest.Send(t, seeded.URL, "GET /applications", ""); !strings.Contains(a.Body, `"json":"😀"`) {
		t.Error(a.Body)
	}
}

// Objects inside of applications keep their keys in the order in which they were sent, as
// Node's JSON.parse has them, and so do those of a scenario and of an export.
func TestKeysOfObjectsStayInTheirOrder(t *testing.T) {
	t.Parallel()
	for sent, kept := range map[string]string{
		`{"b":1,"a":2}`: `{"b":1,"a":2}`,
		`{"b":1,"10":1,"a":2,"9":3,"01":4,"4294967295":5,"4294967294":6,"-1":7}`: `{"9":3,"10":1,"4294967294":6,"b":1,"a":2,"01":4,"4294967295":5,"-1":7}`,
		`{"b":1,"a":2,"b":{"d":[],"c":{}}}`:                                      `{"b":{"d":[],"c":{}},"a":2}`,
		`[ 1.0 , {"b" : 1e999, "a": -0} , "\ud800\u003c\u2028" ]`:                "[1,{\"b\":null,\"a\":0},\"\ufffd<\u2028\"]",
	} {
		srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{}))
		within := func(value string) string {
			return `"archiveConfig":{"mode":"all","applicationExportOptions":{"repo":{"free":` + value + `},"credentialName":"c"}}`
		}
		want := within(kept)
		made := mocktest.Send(t, srv.URL, "POST /applications", `{"name":"x",`+within(sent)+"}", mocktest.SendsJSON)
		if !strings.Contains(made.Body, want) {
			t.Errorf("%d %s\nwant %s", made.Status, made.Body, want)
		}
		exported := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "").Body
		scenario, err := scenarios.Parse("exported", []byte(exported))
		if err != nil {
			t.Fatalf("%v\n%s", err, exported)
		}
		again := mockserver.Start(t, mockserver.WithWorld(scenario))
		if listed := mocktest.Send(t, again.URL, "GET /applications", "").Body; !strings.Contains(listed, want) {
			t.Errorf("exported and started again: %s\nwant %s\n%s", listed, want, exported)
		}
	}
}

// A token of the world grants no more than it says: after a reset, and where a claim
// of it is wrong.
func TestATokenOfAnOpenWorldKeepsItsScopes(t *testing.T) {
	t.Parallel()
	post := func(url, token string) int {
		return mocktest.Send(t, url, "POST /applications", `{"name":"x"}`, mocktest.SendsJSON, "Authorization: Bearer "+token).Status
	}
	user := scenarios.User{Email: "a@example.com", Password: "secret-password"}
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Auth: scenarios.Auth{Users: []scenarios.User{user}}}))
	login := mocktest.Send(t, srv.URL, "POST /auth/user", `{"email":"a@example.com","password":"secret-password","requestedScopes":["webhooks.get"]}`, mocktest.SendsJSON)
	token := mocktest.Decode[struct{ Token string }](t, login).Token
	for _, when := range []string{"before", "after"} {
		if status := post(srv.URL, token); status != 403 {
			t.Errorf("%s the reset: %d", when, status)
		}
		mocktest.Send(t, srv.URL, "POST /__admin/reset", "")
	}
	const secret = "a secret of the tests, long enough"
	signing := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Auth: scenarios.Auth{JWTSecret: secret}}))
	for name, c := range map[string]struct {
		claims jwt.MapClaims
		want   int
	}{
		"its scopes alone": {jwt.MapClaims{}, 403},
		"a text for exp":   {jwt.MapClaims{"exp": "1795000000"}, 401},
		"null for exp":     {jwt.MapClaims{"exp": nil}, 401},
		"a future nbf":     {jwt.MapClaims{"nbf": time.Now().Add(time.Hour).Unix()}, 401},
		"a far nbf":        {jwt.MapClaims{"nbf": 1e19}, 401},
		"a far exp":        {jwt.MapClaims{"exp": 1e300}, 403},
		"a past exp":       {jwt.MapClaims{"exp": 1}, 401},
	} {
		c.claims["scope"] = []string{"webhooks.get"}
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c.claims).SignedString([]byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		if status := post(signing.URL, signed); status != c.want {
			t.Errorf("%s: %d, want %d", name, status, c.want)
		}
	}
}
