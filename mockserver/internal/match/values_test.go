package match_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

const multipartBody = "--x\r\nContent-Disposition: form-data; name=\"info\"\r\nContent-Type: application/json\r\n\r\n{\"n\":1}\r\n" +
	"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nX-P: 1\r\nX-P: 2\r\n\r\nsome text\r\n--x--\r\n"

// One request with names that have several values, and one with several parts,
// in which those names are missing.
func TestMatchersOfValues(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST /x?q=1&q=2&one=1", `{"n":9007199254740993,"a":[1,2],"list":[{"k":"x"},{"k":"y"}],"s":"door","b":true,"z":null}`,
		mocktest.SendsJSON, "X-A: one", "X-A: two", "Cookie: flavour=plain", "X-Date: 2021-06-24T10:30:15+02:00", "X-Day: 2021-06-24", "X-Unix: 1624523415")
	mocktest.Send(t, srv.URL, "POST /multipart", multipartBody, "Content-Type: multipart/form-data; boundary=x")
	for pattern, want := range map[string]int{
		`"headers":{"X-A":{"equalTo":"two"}}`:                                                   1,
		`"headers":{"X-A":{"doesNotContain":"one"}}`:                                            1,
		`"headers":{"X-A":{"doesNotContain":"three"}}`:                                          2,
		`"headers":{"X-A":{"doesNotMatch":"t.*"}}`:                                              1,
		`"headers":{"X-A":{"not":{"equalTo":"one"}}}`:                                           1,
		`"headers":{"X-A":{"not":{"not":{"equalTo":"one"}}}}`:                                   1,
		`"headers":{"X-A":{"and":[{"equalTo":"two"},{"doesNotContain":"one"}]}}`:                0,
		`"headers":{"X-A":{"and":[{"contains":"t"},{"contains":"o"}]}}`:                         1,
		`"headers":{"X-A":{"and":[{"equalTo":"one"},{"equalTo":"two"}]}}`:                       0, // no value is both
		`"headers":{"X-A":{"or":[{"absent":true},{"equalTo":"two"}]}}`:                          2,
		`"headers":{"X-B":{"doesNotContain":"one"}}`:                                            2,
		`"headers":{"X-A":{"hasExactly":[{"equalTo":"two"},{"contains":"o"}]}}`:                 1,
		`"headers":{"X-A":{"hasExactly":[{"contains":"o"},{"contains":"o"}]}}`:                  1,
		`"headers":{"X-A":{"hasExactly":[{"contains":"n"},{"contains":"n"}]}}`:                  0,
		`"headers":{"X-A":{"hasExactly":[{"equalTo":"one"}]}}`:                                  0,
		`"headers":{"X-B":{"hasExactly":[{"absent":true}]}}`:                                    0,
		`"headers":{"X-A":{"includes":[{"equalTo":"two"}]}}`:                                    1,
		`"headers":{"X-A":{"includes":[{"equalTo":"two"},{"equalTo":"three"}]}}`:                0,
		`"queryParameters":{"q":{"hasExactly":[{"equalTo":"2"},{"equalTo":"1"}]}}`:              1,
		`"queryParameters":{"one":{"anything":"anything"}}`:                                     2,
		`"cookies":{"flavour":{"doesNotContain":"x"}}`:                                          1,
		`"cookies":{"nope":{"doesNotContain":"x"}}`:                                             0,
		`"cookies":{"nope":{"absent":true}}`:                                                    2,
		`"method":null,"headers":null,"bodyPatterns":[{"contains":"n","caseInsensitive":null}]`: 2,
		`"method":"GET_OR_HEAD"`:                                                                0,
		`"urlPathTemplate":"/{a}","pathParameters":{"a":{"equalTo":"multipart"}}`:               1,

		`"bodyPatterns":[{"equalToJson":{"n":9007199254740993.0,"a":[1e0,2],"s":"door"},"ignoreExtraElements":true}]`: 1,
		`"bodyPatterns":[{"equalToJson":{"n":9007199254740992},"ignoreExtraElements":true}]`:                          0,
		`"bodyPatterns":[{"equalToJson":{"a":[2,1]},"ignoreExtraElements":true}]`:                                     0,
		`"bodyPatterns":[{"equalToJson":{"a":[2,1]},"ignoreExtraElements":true,"ignoreArrayOrder":true}]`:             1,
		`"bodyPatterns":[{"equalToJson":{"a":[2]},"ignoreExtraElements":true}]`:                                       0, // what is extra comes last
		`"bodyPatterns":[{"equalToJson":{"s":"${json-unit.any-string}","n":"${json-unit.any-number}","b":"#{json-unit.any-boolean}","z":"${json-unit.ignore}","more":"${json-unit.ignore-element}"},"ignoreExtraElements":true}]`: 1,
		`"bodyPatterns":[{"equalToJson":{"s":"${json-unit.regex}d..r"},"ignoreExtraElements":true}]`:                                                                                                                              1,
		`"bodyPatterns":[{"equalToJson":{"s":"${json-unit.regex}d"},"ignoreExtraElements":true}]`:                                                                                                                                 0,
		`"bodyPatterns":[{"equalToJson":{"s":"${json-unit.any-number}"},"ignoreExtraElements":true}]`:                                                                                                                             0,
		`"bodyPatterns":[{"matchesJsonPath":{"expression":"$.list[*].k","equalTo":"y"}}]`:                                                                                                                                         1,
		`"bodyPatterns":[{"matchesJsonPath":{"expression":"$.list[*].k","doesNotContain":"y"}}]`:                                                                                                                                  0,
		`"bodyPatterns":[{"matchesJsonPath":{"expression":"$.list[*].k","equalToJson":"[\"x\",\"y\"]"}}]`:                                                                                                                         1,
		`"bodyPatterns":[{"matchesJsonPath":{"expression":"$.n","equalTo":"9007199254740993"}}]`:                                                                                                                                  1,
		`"bodyPatterns":[{"matchesJsonPath":{"expression":"$.nope","doesNotContain":"y"}}]`:                                                                                                                                       0, // only absent matches nothing
		`"bodyPatterns":[{"matchesJsonPath":"$[?(@.n == 9007199254740992)]"}]`:                                                                                                                                                    0,
		`"bodyPatterns":[{"matchesJsonSchema":{"type":"object","required":["n"],"properties":{"n":{"minimum":9007199254740993}}}}]`:                                                                                               1,
		`"bodyPatterns":[{"matchesJsonSchema":{"type":"object","properties":{"n":{"minimum":9007199254740994}},"required":["n"]}}]`:                                                                                               0,
		`"bodyPatterns":[{"matchesJsonSchema":"{\"type\":\"string\"}","schemaVersion":"V7"}]`:                                                                                                                                     1, // the multipart body, as a text

		`"headers":{"X-Date":{"before":"2021-06-24T08:30:16Z"}}`:                                                          1,
		`"headers":{"X-Date":{"before":"2021-06-24T08:30:15Z"}}`:                                                          0,
		`"headers":{"X-Date":{"equalToDateTime":"2021-06-24T08:30:15Z"}}`:                                                 1,
		`"headers":{"X-Date":{"after":"2021-06-24T10:30:14"}}`:                                                            1, // by the clock of its zone
		`"headers":{"X-Date":{"equalToDateTime":"2021-06-24T00:00:00+02:00","truncateActual":"first hour of day"}}`:       1,
		`"headers":{"X-Date":{"equalToDateTime":"2021-07-01T00:00:00+02:00","truncateActual":"FIRST_DAY_OF_NEXT_MONTH"}}`: 1,
		`"headers":{"X-Date":{"before":"now"}}`:                                                                           1,
		`"headers":{"X-Date":{"after":"now -3 days"}}`:                                                                    0,
		`"headers":{"X-Date":{"after":"now","expectedOffset":-100,"expectedOffsetUnit":"years"}}`:                         1,
		`"headers":{"X-Day":{"equalToDateTime":"2021-06-24T00:00"}}`:                                                      1,
		`"headers":{"X-Day":{"equalToDateTime":"2021-06-24","actualFormat":"yyyy-MM-dd"}}`:                                1,
		`"headers":{"X-Day":{"equalToDateTime":"2021-06-24","actualFormat":"dd/MM/yyyy"}}`:                                0,
		`"headers":{"X-Unix":{"equalToDateTime":"2021-06-24T08:30:15Z","actualFormat":"unix"}}`:                           1,
		`"headers":{"X-Unix":{"before":"1970-02-01T00:00:00Z","actualFormat":"epoch"}}`:                                   1,

		`"multipartPatterns":[{"name":"info","bodyPatterns":[{"equalToJson":{"n":1}}]}]`:                          1,
		`"multipartPatterns":[{"name":"file","bodyPatterns":[{"equalToJson":{"n":1}}]}]`:                          0,
		`"multipartPatterns":[{"fileName":"a.txt"}]`:                                                              1,
		`"multipartPatterns":[{"fileName":"b.txt"}]`:                                                              0,
		`"multipartPatterns":[{"headers":{"content-type":{"contains":"json"}}}]`:                                  1,
		`"multipartPatterns":[{"headers":{"x-p":{"hasExactly":[{"equalTo":"1"},{"equalTo":"2"}]}}}]`:              1,
		`"multipartPatterns":[{"matchingType":"ALL","headers":{"Content-Disposition":{"contains":"form-data"}}}]`: 1,
		`"multipartPatterns":[{"matchingType":"ALL","bodyPatterns":[{"contains":"text"}]}]`:                       0,
		`"multipartPatterns":[{"bodyPatterns":[{"doesNotContain":"text"}]}]`:                                      0, // the other part has it
		`"multipartPatterns":[{"name":"info","bodyPatterns":[{"doesNotContain":"text"}]}]`:                        1,
		`"multipartPatterns":[{"bodyPatterns":[{"doesNotContain":"nope"}]}]`:                                      1,
		`"multipartPatterns":[{"headers":{"X-P":{"absent":true}}}]`:                                               0,
		`"multipartPatterns":[{"name":"info","headers":{"X-P":{"absent":true}}}]`:                                 1,
		`"multipartPatterns":[{"headers":{"X-P":{"not":{"equalTo":"1"}}},"bodyPatterns":[{"contains":"n"}]}]`:     0,
		`"multipartPatterns":[{"name":"info"},{"name":"file"}]`:                                                   1,
	} {
		if got := count(t, srv, "{"+pattern+"}"); got != want {
			t.Errorf("%s matches %d, want %d", pattern, got, want)
		}
	}
}

func TestNumbersOfGoAreExact(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST /x", `{"n":9007199254740993,"f":123.0,"h":2e2,"huge":1e400}`, mocktest.SendsJSON)
	const n = 9007199254740993
	whole, _ := new(big.Int).SetString("1"+strings.Repeat("0", 400), 10)
	for _, c := range []struct {
		place string
		value any
		want  int
	}{
		{"n", n, 1}, {"n", n - 1, 0}, {"n", uint64(n), 1}, {"n", json.Number("9007199254740993.0"), 1}, {"n", big.NewInt(n), 1},
		{"f", 123, 1}, {"f", 123.0, 1}, {"f", "123.0", 0}, {"h", 200, 1}, {"huge", whole, 1}, {"huge", json.Number("1e401"), 0}, {"$[?(@.n == 9007199254740993)].f", 123, 1}, {"$.nope", nil, 0},
	} {
		q := srv.Requests().Body(c.place, c.value)
		if got := q.Count(); got != c.want || q.Err() != nil {
			t.Errorf("%s is %v in %d requests, want %d: %v", c.place, c.value, got, c.want, q.Err())
		}
	}
	srv.Requests().BodyJSON(map[string]any{"n": n, "f": 123, "h": 200.0, "huge": whole}).Once(t)
	srv.Requests().BodyJSON(map[string]any{"n": n + 1, "f": 123, "h": 200.0, "huge": whole}).Never(t)
}

// What would take a long time is bounded.
func TestHostileJSON(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	list := "[" + strings.Repeat(`{"a":1},`, 1_500) + `{"a":2}]`
	mocktest.Send(t, srv.URL, "POST /list", list, mocktest.SendsJSON)
	mocktest.Send(t, srv.URL, "POST /number", `{"n":1e999999999}`, mocktest.SendsJSON)
	for pattern, want := range map[string]int{
		`"equalToJson":` + list + `,"ignoreArrayOrder":true`:                                 1, // however long
		`"equalToJson":[{"a":2},{"a":1}],"ignoreArrayOrder":true,"ignoreExtraElements":true`: 1,
		`"equalToJson":{"n":1e999999999}`:                                                    1,
		`"equalToJson":{"n":10e999999998}`:                                                   1,
		`"equalToJson":{"n":1e999999998}`:                                                    0,
	} {
		if got := count(t, srv, `{"bodyPatterns":[{`+pattern+`}]}`); got != want {
			t.Errorf("%.80s matches %d, want %d", pattern, got, want)
		}
	}
}

// A comparison that takes too much work is neither a match nor a miss, and the
// verdict says why. A pattern that always takes too much is refused.
func TestWhatCannotBeDecided(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	list := "[" + strings.Repeat(`{"a":1},`, 4_000) + `{"a":2}]`
	mocktest.Send(t, srv.URL, "POST /list", list, mocktest.SendsJSON)
	mocktest.Send(t, srv.URL, "POST /number", `{"n":1e999999999}`, mocktest.SendsJSON)
	mocktest.Send(t, srv.URL, "POST /deep", strings.Repeat("[", 200)+strings.Repeat("]", 200), mocktest.SendsJSON)
	some := "[" + strings.Repeat(`{"a":1},`, 400) + `{"a":"${json-unit.any-number}"}]`
	for pattern, want := range map[string]string{
		`"equalToJson":` + some + `,"ignoreArrayOrder":true,"ignoreExtraElements":true`:                        "too many elements to be compared in any order",
		`"equalToJson":` + strings.Replace(list, "2", `"${json-unit.ignore}"`, 1) + `,"ignoreArrayOrder":true`: "want at most 1000 values where ignoreArrayOrder",
		`"equalToJson":` + list + `,"ignoreArrayOrder":true,"ignoreExtraElements":true`:                        "want at most 1000 values",
		`"matchesJsonSchema":{"properties":{"n":{"multipleOf":3}}}`:                                            "too large to be checked by a schema",
		`"matchesJsonPath":"$` + strings.Repeat("..*", 20) + `"`:                                               "selects too many values",
		`"matchesJsonPath":{"expression":"$[?(!@` + strings.Repeat("..*", 20) + `)]","equalToJson":"[]"}`:      "selects too many values",
	} {
		for _, text := range []string{"{" + pattern + "}", `{"not":{` + pattern + `}}`, `{"or":[{` + pattern + `},{"contains":"nope"}]}`} {
			a := mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", `{"request":{"bodyPatterns":[`+text+`]},"count":3,"timeout":"0s"}`, mocktest.SendsJSON)
			if a.Status == 503 && strings.Contains(a.Body, "the time was up") {
				continue // neither, on a machine that is too busy for so much work within a second
			}
			decided := a.Status == 422 || a.Status == 200 && strings.Contains(a.Body, `"verdict": "incomplete"`)
			if !decided || !strings.Contains(a.Body, want) || !strings.Contains(a.Body, "/bodyPatterns") {
				t.Errorf("%.80s: %d %.300s", text, a.Status, a.Body)
			}
		}
	}
}
