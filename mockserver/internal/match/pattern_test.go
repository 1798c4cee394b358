package match_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// received is a server that has received one request of each of some kinds.
func received(t *testing.T) *mockserver.TestServer {
	t.Helper()
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	const reader = "Authorization: Bearer reader"
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?perPage=10&filter=a*&sortField=name", "", reader, "Accept: application/json", "Cookie: flavour=plain; size=small")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"Door opened","responseCode":201,"enabled":true}`, mocktest.SendsJSON, "Authorization: Bearer all.User", "X-Twice: one", "X-Twice: two")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"responseCode":999}`, mocktest.SendsJSON, "Authorization: Bearer all.User")
	mocktest.Send(t, srv.URL, "POST /form", "a=1&b=2&a=3", "Content-Type: application/x-www-form-urlencoded", "Authorization: Basic dXNlcjpwYXNz")
	mocktest.Send(t, srv.URL, "PUT /binary", "\x00\xff", "Authorization:")
	return srv
}

func count(t *testing.T, srv *mockserver.TestServer, pattern string) int {
	t.Helper()
	a := mocktest.Send(t, srv.URL, "POST /__admin/requests/count", pattern, mocktest.SendsJSON)
	if a.Status != 200 {
		t.Fatalf("%s: %d %s", pattern, a.Status, a.Body)
	}
	return mocktest.Decode[struct{ Count int }](t, a).Count
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	srv := received(t)
	for pattern, want := range map[string]int{
		`{}`:                5,
		`{"method":"ANY"}`:  5,
		`{"method":"POST"}`: 3,
		`{"method":"post"}`: 3,
		`{"url":"` + mocktest.WebhooksPath + `"}`:                                                                                  2,
		`{"urlPath":"` + mocktest.WebhooksPath + `"}`:                                                                              3,
		`{"url":"` + mocktest.WebhooksPath + `?perPage=10&filter=a*&sortField=name"}`:                                              1,
		`{"urlPattern":"/applications/.*perPage=10.*"}`:                                                                            1,
		`{"urlPattern":"/applications"}`:                                                                                           0,
		`{"urlPathPattern":"/applications/[0-9a-f]{24}/webhooks"}`:                                                                 3,
		`{"urlPathTemplate":"/applications/{app}/webhooks"}`:                                                                       3,
		`{"urlPathTemplate":"/applications/{app}"}`:                                                                                0,
		`{"urlPathTemplate":"/{a}","pathParameters":{"a":{"equalTo":"form"}}}`:                                                     1,
		`{"urlPathTemplate":"/applications/{app}/webhooks","pathParameters":{"app":{"equalTo":"` + mocktest.ApplicationID + `"}}}`: 3,
		`{"urlPathTemplate":"/applications/{app}/webhooks","pathParameters":{"app":{"equalTo":"x"}}}`:                              0,
		`{"pathParameters":{"applicationId":{"equalTo":"` + mocktest.ApplicationID + `"}}}`:                                        3,
		`{"queryParameters":{"perPage":{"equalTo":"10"}}}`:                                                                         1,
		`{"queryParameters":{"perPage":{"equalTo":10}}}`:                                                                           1,
		`{"queryParameters":{"perPage":{"absent":true}}}`:                                                                          4,
		`{"queryParameters":{"perPage":{"absent":false}}}`:                                                                         1,
		`{"queryParameters":{"filter":{"contains":"*"}}}`:                                                                          1,
		`{"headers":{"authorization":{"matches":"Bearer .*"}}}`:                                                                    3,
		`{"headers":{"Authorization":{"doesNotMatch":"Bearer .*"}}}`:                                                               2,
		`{"headers":{"Authorization":{"absent":true}}}`:                                                                            1,
		`{"headers":{"x-twice":{"equalTo":"two"}}}`:                                                                                1,
		`{"headers":{"Host":{"contains":"127.0.0.1"}}}`:                                                                            5,
		`{"headers":{"Accept":{"equalTo":"APPLICATION/JSON","caseInsensitive":true}}}`:                                             1,
		`{"headers":{"Accept":{"equalTo":"APPLICATION/JSON"}}}`:                                                                    0,
		`{"cookies":{"flavour":{"equalTo":"plain"}}}`:                                                                              1,
		`{"cookies":{"size":{"absent":true}}}`:                                                                                     4,
		`{"formParameters":{"a":{"equalTo":"3"}}}`:                                                                                 1,
		`{"formParameters":{"a":{"equalTo":"2"}}}`:                                                                                 0,
		`{"basicAuthCredentials":{"username":"user","password":"pass"}}`:                                                           1,
		`{"clientIp":{"equalTo":"127.0.0.1"},"scheme":"http","host":"127.0.0.1"}`:                                                  5,
		`{"bodyPatterns":[{"equalTo":"a=1&b=2&a=3"}]}`:                                                                             1,
		`{"bodyPatterns":[{"contains":"Door"},{"doesNotContain":"Window"}]}`:                                                       1,
		`{"bodyPatterns":[{"absent":true}]}`:                                                                                       1,
		`{"bodyPatterns":[{"binaryEqualTo":"AP8="}]}`:                                                                              1,
		`{"bodyPatterns":[{"equalToJson":{"enabled":true,"responseCode":201.0,"name":"Door opened"}}]}`:                            1,
		`{"bodyPatterns":[{"equalToJson":"{\"name\":\"Door opened\"}"}]}`:                                                          0,
		`{"bodyPatterns":[{"equalToJson":"{\"name\":\"Door opened\"}","ignoreExtraElements":true}]}`:                               1,
		`{"bodyPatterns":[{"matchesJsonPath":"$.name"}]}`:                                                                          1,
		`{"bodyPatterns":[{"matchesJsonPath":"$[?(@.responseCode == 999)]"}]}`:                                                     1,
		`{"bodyPatterns":[{"matchesJsonPath":"$[?(@ == 999)]"}]}`:                                                                  0,
		`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.name","contains":"opened"}}]}`:                                       1,
		`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.responseCode","equalTo":"999"}}]}`:                                   1,
		`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.name","absent":true}}]}`:                                             2, // also an empty body
		`{"bodyPatterns":[{"or":[{"contains":"999"},{"contains":"Door"}]}]}`:                                                       2,
		`{"bodyPatterns":[{"and":[{"contains":"Door"},{"matches":".*201.*"}]}]}`:                                                   1,
		`{"bodyPatterns":[{"not":{"contains":"Door"}}],"method":"POST"}`:                                                           2,
		`{"operation":"webhooks.post"}`:                                                                                            2,
		`{"operation":{"matches":"webhooks\\..*"}}`:                                                                                3,
		`{"operation":{"absent":true}}`:                                                                                            2,
		`{"application":"` + mocktest.ApplicationID + `"}`:                                                                         3,
		`{"webhook":"` + mocktest.WebhookID + `"}`:                                                                                 0,
		`{"violation":"webhook.name is required"}`:                                                                                 1,
		`{"violation":{"contains":"is required"}}`:                                                                                 1,
		`{"scope":"webhooks.get"}`:                                                                                                 1,
		`{"scope":"all.User","status":201}`:                                                                                        1,
		`{"status":405}`:                                                                                                           2,
	} {
		if got := count(t, srv, pattern); got != want {
			t.Errorf("%s matches %d, want %d", pattern, got, want)
		}
	}
}

// Patterns that are refused, with the place and a sentence for people. What
// clients of WireMock may look for stands in the detail as WireMock has it.
func TestPatternsThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	type problem struct {
		Code            int
		Title           string
		Detail, Message string
		Source          struct{ Pointer string }
	}
	for _, c := range []struct{ body, pointer, sentence string }{
		{"", "/", "No content to map due to end-of-input: the pattern is empty: {} matches every request"},
		{"{nope", "", "invalid character 'n'"},
		{`{"method":"GET"`, "", "unexpected end of JSON input"},
		{`[]`, "", "want an object, not []"},
		{`null`, "", "want an object, not null"},
		{`{} {}`, "", "there is more behind the end"},
		{`{}x`, "", "there is more behind the end"},
		{`{"method":"GET","method":"POST"}`, "/method", `"method" stands twice in one object`},
		{`{"headers":{"a/b":{"equalTo":"x","equalTo":"y"}}}`, "/headers/a~1b/equalTo", `"equalTo" stands twice`},
		{`{"bodyPatterns":[{"equalToJson":{"a":[{"b":1,"b":2}]}}]}`, "/bodyPatterns/0/equalToJson/a/0/b", `"b" stands twice`},
		{`{"bodyPatterns":[{"equalToJson":"{\"b\":1,\"b\":2}"}]}`, "/bodyPatterns/0/equalToJson", `stands twice`},
		{`{"urll":"/x"}`, "/urll", `Unrecognized field "urll" (class com.github.tomakehurst.wiremock.matching.RequestPattern), not marked as ignorable: there is no field "urll": did you mean "url"?`},
		{`{"headers":{"A":{"equalz":"x"}}}`, "/headers/A/equalz", `{"equalz":"x"} is not a valid match operation: there is no matcher "equalz": did you mean "equalTo"?`},
		{`{"headers":{"A":{}}}`, "/headers/A", "{} is not a valid match operation: a matcher is empty"},
		{`{"headers":{"A":null}}`, "/headers/A", "null is not a valid match operation: want a matcher"},
		{`{"headers":{"A":{"equalTo":null}}}`, "/headers/A", "a matcher is empty"},
		{`{"headers":{"A":{"equalTo":"x","contains":"y"}}}`, "/headers/A", "one matcher can't be contains and equalTo: combine several with and"},
		{`{"headers":{"A":{"contains":"x","caseInsensitive":true}}}`, "/headers/A/caseInsensitive", `there is no member "caseInsensitive": want one of contains`},
		{`{"headers":{"A":{"equalTo":"x","caseInsensitiv":true}}}`, "/headers/A/caseInsensitiv", `did you mean "caseInsensitive"?`},
		{`{"headers":{"A":{"equalTo":"x","caseInsensitive":"true"}}}`, "/headers/A/caseInsensitive", `"true" can't be used here`},
		{`{"headers":{"A":{"equalTo":["x"]}}}`, "/headers/A/equalTo", `want text, not ["x"]`},
		{`{"headers":{"A":{"absent":"no"}}}`, "/headers/A/absent", "want true or false"},
		{`{"headers":{"A":{"binaryEqualTo":"QQ=="}}}`, "/headers/A/binaryEqualTo", `there is no matcher "binaryEqualTo"`},
		{`{"headers":{"A":{"hasExactly":[]}}}`, "/headers/A/hasExactly", "want a list of at least 1 matchers"},
		{`{"headers":{"A":{"equalToIgnoreCase":"x"}}}`, "/headers/A/equalToIgnoreCase", `use equalTo with "caseInsensitive": true`},
		{`{"headers":{"A":{"matches":"(?=x)"}}}`, "/headers/A/matches", `"(?=x)" is no regular expression that can be used here`},
		{`{"cookies":{"A":{"includes":[{"equalTo":"x"}]}}}`, "/cookies/A/includes", `there is no matcher "includes"`},
		{`{"bodyPatterns":[{}]}`, "/bodyPatterns/0", "a matcher is empty"},
		{`{"bodyPatterns":{}}`, "/bodyPatterns", "want a list of matchers"},
		{`{"bodyPatterns":[{"contains":"x"},{"equalToJson":"{"}]}`, "/bodyPatterns/1/equalToJson", `"{" is no JSON`},
		{`{"bodyPatterns":[{"equalToJson":"{\"a\":\"${json-unit.any-strin}\"}"}]}`, "/bodyPatterns/0/equalToJson", `did you mean "any-string"?`},
		{`{"bodyPatterns":[{"equalToJson":"${json-unit.matches:x}"}]}`, "/bodyPatterns/0/equalToJson", `is no JSON`},
		{`{"bodyPatterns":[{"equalToJson":["${json-unit.matches:x}"]}]}`, "/bodyPatterns/0/equalToJson", `there is no placeholder "matches:x"`},
		{`{"bodyPatterns":[{"equalToJson":{},"ignoreArrayOrde":true}]}`, "/bodyPatterns/0/ignoreArrayOrde", `did you mean "ignoreArrayOrder"?`},
		{`{"bodyPatterns":[{"matchesJsonPath":"$.name["}]}`, "/bodyPatterns/0/matchesJsonPath", `the JSONPath "$.name[" has "" at byte 7, want an index`},
		{`{"bodyPatterns":[{"matchesJsonPath":"$.a.sum()"}]}`, "/bodyPatterns/0/matchesJsonPath", "has the function sum(), want one of first(), keys()"},
		{`{"bodyPatterns":[{"matchesJsonPath":{"contains":"x"}}]}`, "/bodyPatterns/0/matchesJsonPath", "has no expression"},
		{`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.a","equalz":"x"}}]}`, "/bodyPatterns/0/matchesJsonPath/equalz", `did you mean "equalTo"?`},
		{`{"bodyPatterns":[{"matchesJsonSchema":{"type":"objekt"}}]}`, "/bodyPatterns/0/matchesJsonSchema", "at '/type'"},
		{`{"bodyPatterns":[{"matchesJsonSchema":{"$ref":"file:///etc/passwd"}}]}`, "/bodyPatterns/0/matchesJsonSchema", "can't be loaded: write it into the pattern"},
		{`{"bodyPatterns":[{"matchesJsonSchema":{"maximum":1e999999999}}]}`, "/bodyPatterns/0/matchesJsonSchema", "a number of the schema is too large"},
		{`{"bodyPatterns":[{"matchesJsonSchema":{},"schemaVersion":"V5"}]}`, "/bodyPatterns/0/schemaVersion", `there is no version "V5": did you mean "V4"?`},
		{`{"bodyPatterns":[{"before":"soon"}]}`, "/bodyPatterns/0/before", `"soon" is no date`},
		{`{"bodyPatterns":[{"before":"now +3 dayz"}]}`, "/bodyPatterns/0/before", `did you mean "days"?`},
		{`{"bodyPatterns":[{"before":"now","truncateActual":"first day of mont"}]}`, "/bodyPatterns/0/truncateActual", `did you mean "first day of month"?`},
		{`{"bodyPatterns":[{"before":"2021-01-01","expectedOffset":3}]}`, "/bodyPatterns/0/expectedOffset", "can be used with now alone"},
		{`{"bodyPatterns":[{"before":"now","actualFormat":"QQQ"}]}`, "/bodyPatterns/0/actualFormat", "of the format"},
		{`{"bodyPatterns":[{"or":[{"contains":"x"},{"nope":1}]}]}`, "/bodyPatterns/0/or/1/nope", `{"nope":1} is not a valid match operation`},
		{`{"bodyPatterns":[{"and":[{"contains":"x"}]}]}`, "/bodyPatterns/0/and", "want a list of at least 2 matchers"},
		{`{"bodyPatterns":[{"equalToXml":"<a/>"}]}`, "/bodyPatterns/0/equalToXml", "equalToXml can't be used here: compare the text with contains or matches"},
		{`{"bodyPatterns":[{"matchesXPath":"/a"}]}`, "/bodyPatterns/0/matchesXPath", "matchesXPath can't be used here: search the text"},
		{`{"multipartPatterns":[{"matchingType":"SOME"}]}`, "/multipartPatterns/0/matchingType", "want ANY or ALL"},
		{`{"multipartPatterns":[{"nam":"x"}]}`, "/multipartPatterns/0/nam", `did you mean "name"?`},
		{`{"multipartPatterns":[{"bodyPatterns":[{}]}]}`, "/multipartPatterns/0/bodyPatterns/0", "a matcher is empty"},
		{`{"customMatcher":{"name":"x"}}`, "/customMatcher", "customMatcher can't be used here: combine other matchers"},
		{`{"method":5}`, "/method", "want a method such as GET or ANY, not 5"},
		{`{"method":"G T"}`, "/method", "want a method"},
		{`{"status":600}`, "/status", `want a status from 100 to 599, not "600"`},
		{`{"status":{"equalTo":"2oo"}}`, "/status", "want a status"},
		{`{"port":0}`, "/port", "want a port"},
		{`{"scheme":"ftp"}`, "/scheme", "want http or https"},
		{`{"url":"/x","urlPath":"/y"}`, "/urlPath", "a pattern can have one of url, urlPath, not several"},
		{`{"urlPattern":"("}`, "/urlPattern", "is no regular expression"},
		{`{"url":"applications"}`, "/url", `"applications" does not begin with a slash`},
		{`{"urlPath":""}`, "/urlPath", "does not begin with a slash"},
		{`{"urlPathTemplate":"{a}"}`, "/urlPathTemplate", "does not begin with a slash"},
		{`{"urlPathTemplate":"/{app}","pathParameters":{"ap":{"absent":true}}}`, "/pathParameters/ap", `there is no parameter "ap": did you mean "app"?`},
		{`{"pathParameters":{"webhokId":{"absent":true}}}`, "/pathParameters/webhokId", `did you mean "webhookId"?`},
		{`{"basicAuthCredentials":{"username":"x"}}`, "/basicAuthCredentials", "want a username and a password"},
		{`{"basicAuthCredentials":{"username":"x","pass":"y"}}`, "/basicAuthCredentials/pass", "want one of username, password"},
	} {
		a := mocktest.Send(t, srv.URL, "POST /__admin/requests/count", c.body, mocktest.SendsJSON)
		errors := mocktest.Decode[struct{ Errors []problem }](t, a).Errors
		if a.Status != 422 || len(errors) != 1 || errors[0].Code != 10 || errors[0].Title != "Error parsing JSON" ||
			errors[0].Source.Pointer != c.pointer || !strings.Contains(errors[0].Detail+": "+errors[0].Message, c.sentence) {
			t.Errorf("%s: %d %s", c.body, a.Status, a.Body)
		}
	}
	for _, call := range []string{"find", "remove"} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/requests/"+call, `{"urll":"/x"}`, mocktest.SendsJSON); a.Status != 422 {
			t.Errorf("%s: %d %s", call, a.Status, a.Body)
		}
	}
}

func TestRequestsAreFoundAndRemoved(t *testing.T) {
	t.Parallel()
	srv := received(t)
	type found struct {
		Requests    []struct{ URL, Method, Body string }
		ServeEvents []struct {
			ID      string
			Request struct{ URL, Method string }
		}
		RequestJournalDisabled bool
	}
	posts := mocktest.Decode[found](t, mocktest.Send(t, srv.URL, "POST /__admin/requests/find", `{"method":"POST"}`, mocktest.SendsJSON))
	if len(posts.Requests) != 3 || posts.Requests[0].Body != `{"name":"Door opened","responseCode":201,"enabled":true}` || posts.Requests[2].URL != "/form" {
		t.Errorf("found %+v", posts)
	}
	unmatched := mocktest.Decode[found](t, mocktest.Send(t, srv.URL, "GET /__admin/requests/unmatched", ""))
	if len(unmatched.Requests) != 2 || unmatched.Requests[0].URL != "/binary" || unmatched.Requests[1].URL != "/form" {
		t.Errorf("unmatched %+v", unmatched)
	}
	removed := mocktest.Decode[found](t, mocktest.Send(t, srv.URL, "POST /__admin/requests/remove", `{"urlPath":"/form"}`, mocktest.SendsJSON))
	if len(removed.ServeEvents) != 1 || removed.ServeEvents[0].Request.URL != "/form" || removed.ServeEvents[0].ID == "" {
		t.Errorf("removed %+v", removed)
	}
	if n := count(t, srv, `{}`); n != 4 {
		t.Errorf("%d are left", n)
	}
	if a := mocktest.Send(t, srv.URL, "POST /__admin/requests/find", `{"url":"/nope"}`, mocktest.SendsJSON); !strings.Contains(a.Body, `"requests": []`) || !strings.Contains(a.Body, `"requestJournalDisabled": false`) {
		t.Errorf("nothing found is %s", a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "POST /__admin/requests/reset", ""); a.Status != 200 || count(t, srv, `{}`) != 0 {
		t.Errorf("reset answers %d", a.Status)
	}
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	srv := received(t)
	type answer struct {
		NearMisses []struct {
			Request        struct{ URL, Method string }
			RequestPattern map[string]any
			MatchResult    struct {
				Distance         float64
				DiffDescriptions []struct{ Expected, Actual, ErrorMessage string }
			}
		}
	}
	pattern := `{"method":"POST","urlPath":"` + mocktest.WebhooksPath + `","bodyPatterns":[{"equalToJson":{"name":"Door closed","responseCode":201,"enabled":true}}]}`
	got := mocktest.Decode[answer](t, mocktest.Send(t, srv.URL, "POST /__admin/near-misses/request-pattern", pattern, mocktest.SendsJSON))
	if len(got.NearMisses) != 3 {
		t.Fatalf("%d near misses", len(got.NearMisses))
	}
	nearest := got.NearMisses[0]
	diff := nearest.MatchResult.DiffDescriptions
	if len(diff) != 1 || diff[0].ErrorMessage != "bodyPatterns[0] does not match\n$.name: want \"Door closed\", got \"Door opened\"" {
		t.Errorf("the nearest differs in %+v", diff)
	}
	var sent map[string]any
	if err := json.Unmarshal([]byte(pattern), &sent); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(sent, nearest.RequestPattern); d != "" {
		t.Error(d)
	}
	for i := 1; i < 3; i++ {
		if a, b := got.NearMisses[i-1].MatchResult.Distance, got.NearMisses[i].MatchResult.Distance; a > b || a <= 0 || b > 1 {
			t.Errorf("distances %g and %g", a, b)
		}
	}
	// One word of the path is wrong: the requests to nearly that path come first.
	got = mocktest.Decode[answer](t, mocktest.Send(t, srv.URL, "POST /__admin/near-misses/request-pattern", `{"urlPath":"`+strings.TrimSuffix(mocktest.WebhooksPath, "s")+`"}`, mocktest.SendsJSON))
	for _, miss := range got.NearMisses {
		if !strings.HasPrefix(miss.Request.URL, mocktest.WebhooksPath) {
			t.Errorf("%s is near", miss.Request.URL)
		}
	}
}

func TestMain(m *testing.M) { mocktest.Main(m) }
