package generic_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// permitWorld has a token of its own, and one that is an item.
func permitWorld(mode string) mockserver.Option {
	return mockserver.WithWorld(&scenarios.Scenario{
		IDs:   scenarios.IDs{Seed: new(uint64(7))},
		Clock: scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2020, 6, 13, 4, 0, 0, 0, time.UTC)},
		Auth: scenarios.Auth{Mode: mode, Tokens: []scenarios.Token{
			{Token: "any", Scopes: []string{"all.User"}}, {Token: "written", Scopes: []string{"all.User"}},
		}},
		Resources:    scenarios.Resources{"userPermits": {{Value: map[string]any{"id": south, "name": "Gate", "token": "the-gate", "scope": []string{"devices.get"}}}}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	})
}

// A token that is an item is valid as long as the item is there and says so. A reset or
// another scenario brings back those of the scenario alone, and what is saved has no more.
func TestATokenEndsWithItsItem(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{scenarios.AuthOpen, scenarios.AuthStrict} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			for name, end := range map[string]func(c client, permit string){
				"that is inactive":    func(c client, permit string) { c.send("PATCH "+permit, `{"status":"inactive"}`, http.StatusOK) },
				"that was deleted":    func(c client, permit string) { c.send("DELETE "+permit, "", http.StatusOK) },
				"of a deleted parent": func(c client, _ string) { c.send("DELETE "+inOffice, "", http.StatusOK) },
				"of the world before": func(c client, _ string) { c.srv.Reset() },
			} {
				c := openOffice(t, permitWorld(mode))
				made := c.send("POST "+inOffice+"/permits", `{"name":"Door","scope":["devices.get"]}`, http.StatusCreated)
				token := made.Get("token").String()
				c.as(token, "GET "+devicesPath, http.StatusOK)
				end(c, inOffice+"/permits/"+made.Get("id").String())
				c.as(token, "GET "+devicesPath, http.StatusUnauthorized)
				if n := len(c.srv.Scenario().Auth.Tokens); n != 2 {
					t.Errorf("a token %s: %d tokens are saved beside the resources", name, n)
				}
				c.srv.Reset()
				c.as(token, "GET "+devicesPath, http.StatusUnauthorized)
				c.srv.Replace(c.srv.Scenario())
				c.as(token, "GET "+devicesPath, http.StatusUnauthorized)
				c.as("the-gate", "GET "+devicesPath, http.StatusOK)
				c.as("written", "GET "+devicesPath, http.StatusOK)
				if again := c.send("POST "+inOffice+"/permits", `{"name":"Door"}`, http.StatusCreated).Get("token").String(); again == token {
					t.Errorf("a token %s is made again", name)
				}
			}
		})
	}
}

// What a scenario has is there again after a reset, whatever became of it.
func TestAResetBringsBackTheTokensOfTheScenario(t *testing.T) {
	t.Parallel()
	c := openOffice(t, permitWorld(scenarios.AuthStrict))
	before := savedText(c)
	for _, end := range []string{"PATCH", "DELETE"} {
		c.send(end+" /me/permits/"+south, `{"status":"inactive"}`, http.StatusOK)
		c.as("the-gate", "GET "+devicesPath, http.StatusUnauthorized)
		c.srv.Reset()
		c.as("the-gate", "GET "+devicesPath, http.StatusOK)
		if after := savedText(c); after != before {
			t.Errorf("after %s and a reset:\n%s\nwant\n%s", end, after, before)
		}
	}
}

// A saved scenario has the tokens of items in the items, with what limits them.
func TestASavedTokenIsLimitedAsItWas(t *testing.T) {
	t.Parallel()
	c := openOffice(t, permitWorld(scenarios.AuthStrict))
	tokens := map[string]int{}
	for _, permit := range []struct {
		name, further string
		then, body    string // a request to the permit
		want          int
	}{
		{"valid", `"scope":["devices.get"]`, "GET", "", http.StatusOK},
		{"of another scope", `"scope":["notes.get"]`, "GET", "", http.StatusForbidden},
		{"expired", `"scope":["devices.get"],"expirationDate":"2017-06-13T04:00:00.000Z"`, "GET", "", http.StatusUnauthorized},
		{"inactive", `"scope":["devices.get"]`, "PATCH", `{"status":"inactive"}`, http.StatusUnauthorized},
		{"deleted", `"scope":["devices.get"]`, "DELETE", "", http.StatusUnauthorized},
	} {
		made := c.send("POST /me/permits", `{"name":"`+permit.name+`",`+permit.further+`}`, http.StatusCreated)
		c.send(permit.then+" /me/permits/"+made.Get("id").String(), permit.body, http.StatusOK)
		tokens[made.Get("token").String()] = permit.want
	}
	saved := savedText(c)
	if n := strings.Count(saved, `"token"`); n != 5 { // with the one of the scenario, without the deleted one
		t.Errorf("%d items with tokens are saved:\n%s", n, saved)
	}
	other := openOffice(t, mockserver.WithScenario("empty"))
	if put := mocktest.Send(t, other.srv.URL, "PUT /__admin/scenario", saved, "Content-Type: application/yaml"); put.Status != http.StatusOK {
		t.Fatal(put.Body)
	}
	for token, want := range tokens {
		other.as(token, "GET "+devicesPath, want)
	}
}

// savedText returns the present state of a world as a scenario.
func savedText(c client) string {
	c.Helper()
	return mocktest.Send(c, c.srv.URL, "GET /__admin/scenario", "").Body
}
