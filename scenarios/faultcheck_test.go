package scenarios_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/scenarios"
)

const faultedApplication = "575ec8687ae143cd83dc4a97"

// A fault that applies to no request, or of which a part has no effect, is refused
// with the key and the reason. What stands beside it is good.
func TestFaultsThatDoNothingAreRefused(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for fault, want := range map[string]string{
		// Which requests.
		`operation: webhook.gte, status: 500`:                                                                     `operation: "webhook.gte" is not an operation of the API, nor trigger: did you mean "webhook.get"?`,
		`operation: trigger, status: 500`:                                                                         ``,
		`operation: trigger, token: a, status: 500`:                                                               `token: can't be used with operation: trigger`,
		`operation: trigger, perToken: true, to: 1, status: 500`:                                                  `perToken: can't be used with operation: trigger`,
		`operation: trigger, perToken: false, status: 500`:                                                        ``,
		`operation: webhooks.post, method: post, status: 500`:                                                     ``,
		`operation: webhooks.post, method: GET, status: 500`:                                                      `method: "GET" can't match: the method of webhooks.post is POST`,
		`method: PUT, status: 500`:                                                                                ``,
		`method: gett, status: 500`:                                                                               `method: "gett" is not a method of HTTP: did you mean "GET"?`,
		`operation: webhooks.get, application: ` + faultedApplication + `, status: 500`:                           ``,
		`operation: applications.get, application: ` + faultedApplication + `, status: 500`:                       `application: can't match: the path of applications.get names no application`,
		`application: ` + strings.ToUpper(faultedApplication) + `, status: 500`:                                   ``,
		`application: 575ec8687ae143cd83dc4a98, status: 500`:                                                      `application: "575ec8687ae143cd83dc4a98" is the id of no application: did you mean "575ec8687ae143cd83dc4a97"?`,
		`application: "000000000000000000000000", status: 500`:                                                    `application: "000000000000000000000000" is the id of no application`,
		`path: /applications/*/webhooks, status: 500`:                                                             ``,
		`path: "**/webhooks", status: 500`:                                                                        ``,
		`path: "{/applications,/webhooks/**}", status: 500`:                                                       ``,
		`path: "*/applications", status: 500`:                                                                     ``,
		`path: "/application?", status: 500`:                                                                      ``,
		`path: applications, status: 500`:                                                                         `path: "applications" can't match: a path begins with /`,
		`path: "*", status: 500`:                                                                                  `path: "*" can't match: a path begins with /`,
		`path: "http://localhost/applications", status: 500`:                                                      `path: "http://localhost/applications" can't match: a path begins with /`,
		`path: "/applications?perPage=1", status: 500`:                                                            `path: "/applications?perPage=1" can't match: the path has no query`,
		`path: "/applications/{applicationId}", status: 500`:                                                      `path: "/applications/{applicationId}" can't match: {applicationId} stands for itself: write *`,
		`path: "/applications/:id", status: 500`:                                                                  `path: "/applications/:id" can't match: /:id stands for itself`,
		`path: "/webhooks/<token>", status: 500`:                                                                  `path: "/webhooks/<token>" can't match: <token> stands for itself`,
		`path: "/__admin/**", status: 500`:                                                                        `path: "/__admin/**" can't match: faults do not apply to the admin API`,
		`path: "/[_]_admin/**", status: 500`:                                                                      `path: "/[_]_admin/**" can't match: faults do not apply to the admin API`,
		`path: "/{__admin,__sandbox}/**", status: 500`:                                                            `can't match: faults do not apply to the admin API`,
		`path: "/_?admin/**", status: 500`:                                                                        `can't match: faults do not apply to the admin API`,
		`path: "/{__admin,webhooks}/**", status: 500`:                                                             ``,
		`path: "/**", status: 500`:                                                                                ``,
		`path: "/unknown", status: 500`:                                                                           ``,
		`path: "/applications?filter", status: 500`:                                                               `path: "/applications?filter" can't match: the path has no query`,
		`path: "/applications/??????????????????????4a97", status: 500`:                                           ``,
		`operation: webhooks.get, path: "/applications/", status: 500`:                                            `path: "/applications/" can't match: the path of webhooks.get is /applications/{applicationId}/webhooks`,
		`operation: webhooks.get, path: "/webhooks/**", status: 500`:                                              `can't match: the path of webhooks.get is /applications/{applicationId}/webhooks`,
		`operation: webhooks.get, path: "/applications/[0-9]*/webhooks/", status: 500`:                            ``,
		`operation: webhooks.get, path: "/applications/[0-9]?*/web[!x]ooks", status: 500`:                         ``,
		`operation: webhooks.get, path: "{/webhooks/**,/applications/*/webhooks}", status: 500`:                   ``,
		`operation: webhooks.get, path: "**hook?", status: 500`:                                                   ``,
		`operation: webhook.get, path: "/applications/*/webhooks", status: 500`:                                   `can't match: the path of webhook.get is /applications/{applicationId}/webhooks/{webhookId}`,
		`operation: trigger, path: "/applications/*/webhooks", status: 500`:                                       `can't match: the path of trigger is /webhooks/**`,
		`operation: trigger, path: "/webhooks/my_token/room", status: 500`:                                        ``,
		`application: ` + faultedApplication + `, path: "/auth/user", status: 500`:                                `path: "/auth/user" can't match: it is not a path of the application ` + faultedApplication,
		`application: ` + faultedApplication + `, path: "/applications", status: 500`:                             `can't match: it is not a path of the application`,
		`application: ` + faultedApplication + `, path: "/applications/575EC8*", status: 500`:                     ``,
		`application: ` + faultedApplication + `, path: "/webhooks/*", status: 500`:                               ``,
		`application: ` + faultedApplication + `, path: "/applications/000000000000000000000000/**", status: 500`: `can't match: it is not a path of the application`,
		`operation: application.get, application: ` + faultedApplication + `, path: "/applications/000000000000000000000000", status: 500`: `can't match: the path of application.get is /applications/{applicationId} of application ` + faultedApplication,
		`token: Bearer any, status: 500`:   `token: can't match: a token has no scheme before it: leave Bearer out`,
		`token: "basic bWU6", status: 500`: `token: can't match: a token has no scheme before it`,
		`token: bearer, status: 500`:       ``,
		`path: "/[", status: 500`:          `path: "/[" is not a glob`,
		`matching: "$.name", status: 500`:  ``,
		`matching: name, status: 500`:      `matching: "name" is not a JSONPath`,
		`operation: webhooks.get, path: /applications/` + faultedApplication + `/webhooks, status: 500`:                         ``,
		`operation: webhooks.get, path: /applications, status: 500`:                                                             `path: "/applications" can't match: the path of webhooks.get is /applications/{applicationId}/webhooks`,
		`operation: webhooks.get, path: /webhooks/token, status: 500`:                                                           `path: "/webhooks/token" can't match: the path of webhooks.get is`,
		`operation: trigger, path: /webhooks/token, status: 500`:                                                                ``,
		`operation: trigger, path: /applications, status: 500`:                                                                  `path: "/applications" can't match: the path of trigger is`,
		`token: a, path: /webhooks/token, status: 500`:                                                                          `token: can't match: calls of webhooks have no access token`,
		`application: ` + faultedApplication + `, path: /webhooks/token, status: 500`:                                           ``,
		`application: ` + faultedApplication + `, path: /applications/` + strings.ToUpper(faultedApplication) + `, status: 500`: ``,
		`application: ` + faultedApplication + `, path: /applications/000000000000000000000000/webhooks, status: 500`:           `path: "/applications/000000000000000000000000/webhooks" can't match: it is not a path of the application ` + faultedApplication,
		`application: ` + faultedApplication + `, path: /applications, status: 500`:                                             `path: "/applications" can't match: it is not a path of the application`,
		// When.
		`from: 3, to: 3, status: 500`:                                           ``,
		`from: 5, to: 3, status: 500`:                                           `to: 3 is less than from (5): it applies to no request`,
		`from: 0, status: 500`:                                                  `from: 0 is less than minimum (1)`,
		`to: 0, status: 500`:                                                    `to: 0 is less than minimum (1)`,
		`every: 0, status: 500`:                                                 `every: 0 is less than minimum (1)`,
		`from: 2, to: 4, every: 3, status: 500`:                                 ``,
		`from: 2, to: 4, every: 4, status: 500`:                                 `every: 4 is more than the 3 requests of from and to`,
		`from: 2, every: 4, status: 500`:                                        ``,
		`probability: 1, status: 500`:                                           ``,
		`probability: 0, status: 500`:                                           `probability: 0 must be more than (0)`,
		`probability: 1.5, status: 500`:                                         `probability: 1.5 is more than maximum (1)`,
		`after: 2016-06-13T04:00:00Z, until: 2016-06-13T04:00:01Z, status: 500`: ``,
		`after: 2016-06-13T04:00:00Z, until: 2016-06-13T04:00:00Z, status: 500`: `until: "2016-06-13T04:00:00Z" is not later than after`,
		`to: 1, steps: [{}, {status: 503}]`:                                     `steps[1]: is never reached: with from, to and every it applies 1 times`,
		`to: 1, steps: [{status: 503}, {status: 500}], repeat: true`:            `steps[1]: is never reached`,
		`from: 2, to: 6, every: 2, steps: [{status: 503}, {status: 500}]`:       ``,
		`from: 2, to: 4, every: 2, steps: [{status: 503}, {status: 500}]`:       `steps[1]: is never reached`,
		`every: 2, steps: [{status: 503}, {status: 500}]`:                       ``,
		`perToken: true, to: 1, status: 500`:                                    ``,
		`perToken: true, status: 500`:                                           `perToken: has no effect without from or to or every or steps`,
		// What happens.
		`disabled: true`: `does nothing`,
		`steps: [{}]`:    `does nothing`,
		`steps: []`:      `steps: has less items than allowed (1)`,
		`steps: [{}, {status: 500}], repeat: true`:                                    ``,
		`status: 500, repeat: true`:                                                   `repeat: has no effect without steps`,
		`status: 500, steps: [{status: 500}]`:                                         `steps: can't be used with status: put it into a step`,
		`takesEffect: true, status: 500`:                                              ``,
		`takesEffect: true, steps: [{latency: {fixed: 1s}}, {transport: reset_peer}]`: ``,
		`takesEffect: true, latency: {fixed: 1s}`:                                     `takesEffect: has no effect without answer, status`,
		`takesEffect: true, transport: limit_data`:                                    `takesEffect: has no effect without answer, status`,
		`status: 500, answer: forbidden`:                                              `status: can't be used with answer`,
		`answer: forbidden, headers: {X-Mine: a}, retryAfter: 5s`:                     ``,
		`answer: forbidden, body: a`:                                                  `body: can't be used with answer`,
		`status: 500, body: a, headers: {X-Mine: a}, retryAfter: 5s`:                  ``,
		`status: 500, body: ""`:                                                       `body: "" has less length than allowed (1)`,
		`status: 204, throttle: 5`:                                                    `throttle: can't be used with status 204, which has no body`,
		`status: 304, latency: {chunks: 2, perChunk: 1s}`:                             `latency.chunks: can't be used with status 304, which has no body`,
		`method: head, throttle: 5`:                                                   `throttle: can't be used with method HEAD, which has no body`,
		`method: HEAD, steps: [{status: 503, body: a}]`:                               `steps[0].body: can't be used with method HEAD`,
		`method: HEAD, status: 503, latency: {fixed: 1s}`:                             ``,
		`status: 503, headers: {Foo: x, foo: y}`:                                      `headers.foo: is the same header field as Foo`,
		`status: 503, headers: {Set-Cookie: "a=1", set-cookie: "b=2"}`:                `headers.set-cookie: is the same header field as Set-Cookie`,
		`status: 204, body: a`:                                                        `body: can't be used with status 204, which has no body`,
		`status: 100`:                                                                 `status: 100 is less than minimum (200)`,
		`latency: {fixed: 1s}, body: a`:                                               `body: has no effect without status`,
		`latency: {fixed: 1s}, headers: {X-Mine: a}`:                                  `headers: has no effect without status or answer`,
		`latency: {fixed: 1s}, retryAfter: 1s`:                                        `retryAfter: has no effect without status or answer`,
		`status: 500, retryAfter: 0s`:                                                 `retryAfter: "0s" is not a duration above 0`,
		`status: 500, headers: {"X Mine": a}`:                                         `headers.X Mine: is not the name of a header field`,
		`status: 500, headers: {X-Mine: "a\nb"}`:                                      `headers.X-Mine: has a control character in its value`,
		`status: 500, headers: {content-length: "5"}`:                                 `headers.content-length: can't be set: it follows from the body`,
		`status: 500, headers: {retry-after: "5"}`:                                    ``,
		`status: 500, headers: {retry-after: "5"}, retryAfter: 5s`:                    `headers.retry-after: can't be used with retryAfter`,
		`transport: reset_peer, latency: {fixed: 1s}`:                                 ``,
		`transport: reset_peer, status: 500`:                                          `transport: can't be used with status`,
		`transport: reset_peer, answer: forbidden`:                                    `transport: can't be used with answer`,
		`transport: reset_peer, throttle: 10`:                                         `throttle: can't be used with transport`,
		`transport: limit_data, throttle: 10`:                                         `throttle: can't be used with transport`,
		`transport: reset_peer, latency: {chunks: 2, perChunk: 1s}`:                   `latency.chunks: can't be used with transport`,
		`transport: limit_data, limitData: 10, status: 500, body: a`:                  ``,
		`transport: reset_peer, limitData: 10`:                                        `limitData: needs transport: limit_data`,
		`transport: timeout, timeout: 1s`:                                             ``,
		`transport: reset_peer, timeout: 1s`:                                          `timeout: needs transport: timeout`,
		`status: 500, timeout: 1s`:                                                    `timeout: needs transport: timeout`,
		`throttle: 10, latency: {fixed: 1s, chunks: 2, perChunk: 1s}`:                 ``,
		`latency: {}`:                                 `latency: says no time`,
		`latency: {fixed: 1s, min: 1s, max: 2s}`:      `latency.fixed: can't be used with min`,
		`latency: {fixed: 1s, median: 1s}`:            `latency.fixed: can't be used with median`,
		`latency: {median: 1s, min: 1s, max: 2s}`:     `latency.median: can't be used with min`,
		`latency: {median: 1s}`:                       ``,
		`latency: {fixed: 1s, sigma: 1}`:              `latency.sigma: has no effect without median`,
		`latency: {min: 1s}`:                          `latency.min: has no effect without max`,
		`latency: {max: 1s}`:                          ``,
		`latency: {min: 1s, max: 1s}`:                 ``,
		`latency: {min: 2s, max: 1s}`:                 `latency.min: is more than max`,
		`latency: {chunks: 2}`:                        `latency.chunks: has no effect without perChunk`,
		`latency: {perChunk: 2s}`:                     `latency.perChunk: has no effect without chunks`,
		`steps: [{status: 500, timeout: 1s}]`:         `steps[0].timeout: needs transport: timeout`,
		`steps: [{status: 500}, {body: a}]`:           `steps[1].body: has no effect without status`,
		`steps: [{latency: {fixed: 1s, median: 1s}}]`: `steps[0].latency.fixed: can't be used with median`,
	} {
		text := fmt.Sprintf("applications: [{id: %s, name: My Application}]\nfaults:\n  - {name: f, %s}\n", faultedApplication, fault)
		_, err := scenarios.Parse("f.yaml", []byte(text))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s is refused: %v", fault, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), "f.yaml:3:") || !strings.Contains(err.Error(), "faults[0]") || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", fault, err, want)
		}
	}
}

// The applications that faults name may be in any file of the scenario.
func TestFaultsOfSeveralFiles(t *testing.T) {
	t.Parallel()
	fault := scenarios.Fault{Name: "f", Application: faultedApplication, Effect: scenarios.Effect{Status: 500, RetryAfter: time.Second}}
	alone := &scenarios.Scenario{Faults: []scenarios.Fault{fault}}
	var problems scenarios.Problems
	if err := alone.Check(); !errors.As(err, &problems) || problems[0].Path != "faults[0].application" {
		t.Errorf("without the application: %v", err)
	}
	if err := alone.CheckWithin([]scenarios.Application{{ID: faultedApplication}}); err != nil {
		t.Error(err)
	}
	text := []byte("faults: [{name: a, status: 500, application: " + faultedApplication + "}]")
	if _, err := scenarios.ParseWithin("f", text, []scenarios.Application{{ID: faultedApplication}}); err != nil {
		t.Error(err)
	}
	if _, err := scenarios.ParseWithin("f", text, nil); err == nil {
		t.Error("a fault of no application was read")
	}
	text, err := (&scenarios.Scenario{Faults: []scenarios.Fault{fault}, Applications: []scenarios.Application{{ID: faultedApplication, Name: "a"}}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if s, err := scenarios.Parse("f.yaml", text); err != nil || s.Faults[0].Application != faultedApplication {
		t.Errorf("%v", err)
	}
	if _, err := scenarios.Load("default", t.TempDir()+"/none.yaml"); err == nil {
		t.Error("a file that is missing is read")
	}
}

// What no response can have of a webhook's own reply, and no URL of its forward, is
// refused.
func TestRepliesAndForwardsThatCannotBe(t *testing.T) {
	t.Parallel()
	for play, want := range map[string]string{
		`reply: {headers: {Foo: x, foo: z}}`:             `headers.foo: is the same header field as Foo`,
		`replies: [{headers: {Foo: x, FOO: y}}]`:         `replies[0].headers.FOO: is the same header field as Foo`,
		`reply: {headers: {Foo: x, Bar: z}}`:             ``,
		`forward: "http://localhost:99999/"`:             `has the port 99999: want one from 1 to 65535`,
		`forward: {url: "http://localhost:0/"}`:          `has the port 0: want one from 1 to 65535`,
		`forward: "https://workflow.example:65535/hook"`: ``,
	} {
		text := "applications: [{name: a, webhooks: [{name: w, waitForReply: true, " + play + "}]}]"
		if _, err := scenarios.Parse("f.yaml", []byte(text)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", play, err, want)
		}
	}
}
