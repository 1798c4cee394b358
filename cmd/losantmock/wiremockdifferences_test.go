package main

import "net/http"

func jsonBody(body string) sent {
	return sent{Body: body, Header: http.Header{"Content-Type": {"application/json"}}}
}

var (
	twice      = sent{Header: http.Header{"X-A": {"one", "two"}}}
	multipart1 = sent{
		Header: http.Header{"Content-Type": {"multipart/form-data; boundary=x"}},
		Body:   "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n",
	}
	multipart2 = sent{
		Header: multipart1.Header,
		Body:   "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n2\r\n--x--\r\n",
	}
)

// deliberateDifferences are the questions to which WireMock says otherwise: it
// passes over what it does not understand, and takes one value of several for
// all of them. A pattern is for the request's path, which PATH stands for.
var deliberateDifferences = []struct {
	name           string
	request        sent
	pattern        string
	ours, wiremock string
}{
	// What must not be there is in none of several values.
	{"doesNotContain", twice, `{"headers":{"X-A":{"doesNotContain":"one"}}}`, "0", "1"},
	{"doesNotMatch", twice, `{"headers":{"X-A":{"doesNotMatch":"one"}}}`, "0", "1"},
	{"not", twice, `{"headers":{"X-A":{"not":{"equalTo":"one"}}}}`, "0", "1"},
	{"a negative matcher in and", twice, `{"headers":{"X-A":{"and":[{"equalTo":"two"},{"doesNotContain":"one"}]}}}`, "0", "1"},
	{"a negative matcher of selected values", jsonBody(`{"a":["x","y"]}`), `{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.a","doesNotContain":"x"}}]}`, "0", "1"},
	{"a negative matcher of several parts", multipart2, `{"multipartPatterns":[{"name":"a","bodyPatterns":[{"doesNotContain":"1"}]}]}`, "0", "1"},
	{"hasExactly with one value for two matchers", twice, `{"headers":{"X-A":{"hasExactly":[{"equalTo":"one"},{"equalTo":"one"}]}}}`, "0", "1"},
	{"a blank among several values", sent{Target: "/blank?q=&q=1"}, `{"queryParameters":{"q":{"equalTo":""}}}`, "1", "0"},
	{"any case among several values", sent{Target: "/case?q=blank&q=door"}, `{"queryParameters":{"q":{"equalTo":"DOOR","caseInsensitive":true}}}`, "1", "0"},
	{"a date among several values", sent{Target: "/dates?q=2021-06-24T10:00:00Z&q=2021-06-24"}, `{"queryParameters":{"q":{"and":[{"after":"2021-06-24"},{"contains":"24"}]}}}`, "1", "0"},
	{"absent that is false", sent{}, `{"headers":{"X-A":{"absent":false}}}`, "0", "1"},

	// What is not understood is refused.
	{"text behind the end", sent{}, `{"urlPath":"PATH"} x`, refused, "1"},
	{"a second pattern", sent{}, `{"urlPath":"PATH"}{"method":"PUT"}`, refused, "1"},
	{"a name that stands twice", sent{}, `{"method":"PUT","method":"POST"}`, refused, "1"},
	{"an option that a matcher does not have", sent{Header: http.Header{"X-A": {"one"}}}, `{"headers":{"X-A":{"contains":"one","caseInsensitive":true}}}`, refused, "1"},
	{"an option that is misspelt", sent{Header: http.Header{"X-A": {"one"}}}, `{"headers":{"X-A":{"equalTo":"one","caseInsensitiv":true}}}`, refused, "1"},
	{"an option of another type", sent{Header: http.Header{"X-A": {"one"}}}, `{"headers":{"X-A":{"equalTo":"ONE","caseInsensitive":"true"}}}`, refused, "1"},
	{"two matchers in one", sent{Header: http.Header{"X-A": {"one"}}}, `{"headers":{"X-A":{"equalTo":"one","contains":"two"}}}`, refused, "1"},
	{"absent that is null", sent{}, `{"headers":{"X-A":{"absent":null}}}`, refused, "1"},
	{"equalToJson that is null", jsonBody(`null`), `{"bodyPatterns":[{"equalToJson":null}]}`, refused, "1"},
	{"no matcher in a list", twice, `{"headers":{"X-A":{"includes":[]}}}`, refused, "1"},
	{"several fields of the URL", sent{}, `{"url":"PATH","urlPath":"/other"}`, refused, "1"},
	{"a path without a slash", sent{}, `{"urlPath":"nope","headers":{"PATH":{"absent":true}}}`, refused, "0"},
	{"a path with a query", sent{}, `{"urlPath":"PATH?a=1"}`, refused, "0"},
	{"an expression that matches no path", sent{}, `{"urlPattern":"nope","headers":{"PATH":{"absent":true}}}`, refused, "0"},
	{"a host with a port", sent{}, `{"host":{"equalTo":"127.0.0.1:80"},"headers":{"PATH":{"absent":true}}}`, refused, "0"},
	{"a client that is no address", sent{}, `{"clientIp":{"equalTo":"localhost"},"headers":{"PATH":{"absent":true}}}`, refused, "0"},
	{"a blank name of a header", sent{}, `{"urlPath":"PATH","headers":{"":{"absent":true}}}`, refused, "1"},
	{"half of a character", sent{Body: "x"}, `{"urlPath":"PATH","bodyPatterns":[{"doesNotContain":"\ud83d"}]}`, refused, "1"},
	{"a placeholder that does not end", jsonBody(`{"a":"b"}`), `{"urlPath":"PATH","bodyPatterns":[{"equalToJson":{"a":"${json-unit.any-string"}}]}`, refused, "0"},
	{"a method that is none", sent{}, `{"method":"P T"}`, refused, "0"},
	{"a scheme that is none", sent{}, `{"scheme":"ftp"}`, refused, "0"},
	{"a parameter that the template does not have", sent{Target: "/template/1"}, `{"urlPathTemplate":"/template/{a}","pathParameters":{"b":{"absent":true}},"host":{"contains":"PATH"}}`, refused, "0"},
	{"a placeholder that does not exist", jsonBody(`{"a":"b"}`), `{"bodyPatterns":[{"equalToJson":{"a":"${json-unit.any-strin}"}}]}`, refused, "0"},
	{"an offset from a date that is not now", sent{Body: "2021-06-24"}, `{"bodyPatterns":[{"before":"2021-06-25","expectedOffset":3,"expectedOffsetUnit":"days"}]}`, refused, "1"},
	{"a date that is none", sent{Body: "2021-06-24"}, `{"bodyPatterns":[{"before":"soon"}]}`, refused, "0"},
	{"a schema that is none", jsonBody(`{}`), `{"bodyPatterns":[{"matchesJsonSchema":{"type":"objekt"}}]}`, refused, "0"},
	{"a JSONPath that does not end", jsonBody(`{"a":[1]}`), `{"bodyPatterns":[{"matchesJsonPath":"$.a["}]}`, refused, "1"},
	{"an unknown function", jsonBody(`{"a":[1]}`), `{"bodyPatterns":[{"matchesJsonPath":"$.a.foo()"}]}`, refused, "0"},
	{"equalToXml", sent{Body: "<a/>"}, `{"bodyPatterns":[{"equalToXml":"<a/>"}]}`, refused, "1"},
	{"matchesXPath", sent{Body: "<a/>"}, `{"bodyPatterns":[{"matchesXPath":"/a"}]}`, refused, "1"},
	{"customMatcher", sent{}, `{"customMatcher":{"name":"x"}}`, refused, "0"},
	{"what RE2 does not have", sent{Body: "x"}, `{"bodyPatterns":[{"matches":"(?=x)x"}]}`, refused, "1"},
	{"functions that calculate", jsonBody(`{"a":[1]}`), `{"bodyPatterns":[{"matchesJsonPath":"$.a.sum()"}]}`, refused, "1"},

	// What WireMock passes over counts.
	{"the name of a part", multipart1, `{"multipartPatterns":[{"name":"b"}]}`, "0", "1"},
	{"the name of a file without another matcher", multipart1, `{"multipartPatterns":[{"fileName":"b"}]}`, "0", "1"},
	{"pathParameters without a template", sent{}, `{"pathParameters":{"webhookId":{"equalTo":"x"}}}`, "0", "1"},
	{"text behind the end of a JSON body", jsonBody(`{"a":1} x`), `{"bodyPatterns":[{"equalToJson":{"a":1}}]}`, "0", "1"},
	{"truncateActual of a date without a zone", sent{Body: "2021-06-24T10:00:00"}, `{"bodyPatterns":[{"equalToDateTime":"2021-06-24T00:00:00","truncateActual":"first hour of day"}]}`, "1", "0"},
	{"a filter that asks for what is not there", jsonBody(`{"a":1}`), `{"bodyPatterns":[{"matchesJsonPath":"$[?(@..nope)]"}]}`, "0", "1"},
	{"an empty object in a filter", jsonBody(`{"a":{}}`), `{"bodyPatterns":[{"matchesJsonPath":"$[?(@.a empty true)]"}]}`, "1", "0"},
	{"a list of nothing that was selected", jsonBody(`{"a":1}`), `{"bodyPatterns":[{"matchesJsonPath":{"expression":"$..nope","equalToJson":"[]"}}]}`, "0", "1"},

	// What is written is matched as it is written.
	{"a number as a text", jsonBody(`{"n":2e2}`), `{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.n","equalTo":"2e2"}}]}`, "1", "0"},
	{"an object of a list as a text", jsonBody(`{"a":[{"q":1}]}`), `{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.a","equalTo":"{\"q\":1}"}}]}`, "1", "0"},
	{"null in a list as a text", jsonBody(`{"a":[null]}`), `{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.a","equalTo":"null"}}]}`, "0", refused},
	{"a number that is no year", sent{Body: "10"}, `{"bodyPatterns":[{"before":"2021"}]}`, "0", "1"},

	// What is an error of WireMock is none here.
	{"a number with a hostile exponent", jsonBody(`1e999999999`), `{"bodyPatterns":[{"equalToJson":1}]}`, "0", refused},
	{"a path template for a missing text", sent{}, `{"headers":{"X-A":{"matchesPathTemplate":"/a"}}}`, "0", refused},
	{"a filter without parentheses", jsonBody(`{"a":1}`), `{"bodyPatterns":[{"matchesJsonPath":"$[?@.a == 1]"}]}`, "1", refused},

	// What can be written in a shorter way.
	{"a number to be equal to", sent{Body: "5"}, `{"bodyPatterns":[{"equalTo":5}]}`, "1", refused},
	{"a text in the place of a matcher", sent{}, `{"host":"127.0.0.1","clientIp":"127.0.0.1"}`, "1", refused},
	{"a method in small letters", sent{}, `{"method":"post"}`, "1", "0"},
	{"a field of this program", sent{}, `{"status":405}`, "1", refused},
}
