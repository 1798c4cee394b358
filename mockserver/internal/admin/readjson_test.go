package admin_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/tidwall/gjson"
)

// Each call that takes JSON takes one object, whose members are known, each once.
// An error says where it is, in words of JSON.
func TestBodiesOfCallsAreReadStrictly(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	calls := map[string]string{ // and a member of their bodies
		"POST /__admin/requests/wait":   "timeout",
		"POST /__admin/replies/x":       "status",
		"POST /__admin/clock":           "advance",
		"POST /__admin/tokens":          "scopes",
		"POST /__admin/sandboxes":       "scenario",
		"PATCH /__admin/faults/x":       "disabled",
		"PUT /__admin/faults":           "faults",
		"POST /__admin/requests/count":  "operation",
		"POST /__admin/requests/find":   "operation",
		"POST /__admin/requests/remove": "operation",
		"POST /__admin/settings":        "fixedDelay",
	}
	for call, member := range calls {
		misspelt := member[:len(member)-1] + "x"
		for body, want := range map[string]string{
			"":                          "empty",
			" ":                         "empty",
			"null":                      "want an object, not null",
			"[]":                        "want an object, not []",
			`"x"`:                       "want an object",
			"{":                         "unexpected end of JSON input",
			"{} {}":                     "there is more behind the end, at byte ",
			"{}]":                       "",
			`{"a":{"b":1,"b":2}}`:       `stands twice in one object`,
			`{"` + misspelt + `":1}`:    `"pointer": "/` + misspelt + `"`,
			`{"` + misspelt + `":null}`: "",
			`{"` + misspelt + `":2}`:    `did you mean \"` + member + `\"?`,
			`{"` + strings.ToUpper(member[:1]) + member[1:] + `":1}`: `did you mean \"` + member + `\"?`,
		} {
			if strings.Contains(call, "requests/") && strings.Contains(body, "null}") {
				continue // null is as absent in patterns
			}
			a := mocktest.Send(t, srv.URL, call, body, mocktest.SendsJSON)
			if a.Status != 422 || !strings.Contains(a.Body, want) {
				t.Errorf("%s %s: %d %s, want %s", call, body, a.Status, a.Body, want)
			}
		}
		for _, value := range []string{"{}", "[1]", "1.5", `{"a":1}`} {
			a := mocktest.Send(t, srv.URL, call, `{"`+member+`":`+value+`}`, mocktest.SendsJSON)
			for _, leak := range []string{"Go ", "json:", "struct", "admin.", "map[", "interface", "int64", "EOF"} {
				if a.Status != 422 || strings.Contains(a.Body, leak) {
					t.Errorf("%s %s: %d %s", call, value, a.Status, a.Body)
				}
			}
		}
	}
	for body, want := range map[string]string{
		`{"a":1,"a":2}`: "stands twice in one object",
		`null`:          "want an object, not null",
		``:              "empty",
		`{} {}`:         "there is more behind the end",
	} {
		a := mocktest.Send(t, srv.URL, "POST /__admin/faults", body, mocktest.SendsJSON)
		if a.Status != 422 || !strings.Contains(a.Body, want) {
			t.Errorf("a fault %s: %d %s, want %s", body, a.Status, a.Body, want)
		}
	}
	if a := mocktest.Send(t, srv.URL, "PUT /__admin/faults", `{}`, mocktest.SendsJSON); a.Status != 422 {
		t.Errorf("no faults: %d %s", a.Status, a.Body)
	}
}

// A fault is called by its name whatever that has in it.
func TestNamesOfFaultsMayHaveSlashes(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, name := range []string{"a/b", "a b/c%", "/"} {
		mocktest.Send(t, srv.URL, "POST /__admin/faults", `{"name":"`+name+`","path":"/none","status":500}`, mocktest.SendsJSON)
		call := "/__admin/faults/" + url.PathEscape(name)
		for method, body := range map[string]string{"PATCH ": `{"disabled":true}`, "PUT ": `{"name":"` + name + `","path":"/none","status":501}`} {
			if a := mocktest.Send(t, srv.URL, method+call, body, mocktest.SendsJSON); a.Status != 200 {
				t.Errorf("%s%s: %d %s", method, name, a.Status, a.Body)
			}
		}
		if a := mocktest.Send(t, srv.URL, "DELETE "+call, ""); a.Status != 200 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

func TestTimesOfTheClock(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for order, want := range map[string]string{
		`{"now":"yesterday"}`: `"yesterday" is no time such as 2016-06-13T04:00:00Z`,
		`{"now":1}`:           "",
		`{"now":null}`:        `want {"now": "2016-06-13T04:00:00Z"} or {"advance": "10s"}`,
		`{"advance":"soon"}`:  `"soon" is no duration such as 10s or -1h`,
	} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/clock", order, mocktest.SendsJSON); a.Status != 422 || !strings.Contains(gjson.Get(a.Body, "errors.0.detail").String()+gjson.Get(a.Body, "errors.0.title").String(), want) {
			t.Errorf("%s: %d %s", order, a.Status, a.Body)
		}
	}
}
