package decode_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract/decode"
)

type object = map[string]any

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // to memory
	_ = z.Close()
	return b.String()
}

const limit = 100

func TestBodiesAreReadByTheirType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, encoding, body string
		want                       any
	}{
		{"JSON", "application/json; charset=utf-8", "", `{"a":1e999,"a":2}`, object{"a": 2.0}},
		{"JSON of another type", "application/geo+json", "", "[1]", []any{1.0}},
		{"JSON in gzip", "APPLICATION/JSON", "gzip", gzipped("true"), true},
		{"a form", "application/x-www-form-urlencoded", "", "a=1+2&b[]=3&c=4&c=5", object{"a": "1 2", "b": []any{"3"}, "c": []any{"4", "5"}}},
		{"parts", "multipart/form-data; boundary=x", "", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\xff\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n1\r\n--x--", object{"a": "1\uFFFD"}},
		{"a text", "text/plain", "", "a\xff", "a\uFFFD"},
		{"a table", "text/csv", "", "a,b", []any{}},
		{"another type", "image/png", "", "xyz", object{"0": 120.0}},
		{"no bytes of another type", "image/png", "", "", object{}},
		{"an empty text", "application/json", "", "", ""},
		{"a malformed type", "application/json; charset", "", "null", nil},
	} {
		got, err := decode.Body(http.Header{"Content-Type": {c.kind}, "Content-Encoding": {c.encoding}}, []byte(c.body), limit)
		if diff := cmp.Diff(c.want, got.Body); err != nil || diff != "" || !got.Given {
			t.Errorf("%s: %v %s", c.name, err, diff)
		}
	}
	for name, kind := range map[string]string{"no type": "", "bytes": "application/octet-stream"} {
		if got, err := decode.Body(http.Header{"Content-Type": {kind}}, []byte("x"), limit); err != nil || got.Given {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestBodiesThatCanNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, encoding, body string
		status                     int
		code, message              string
	}{
		{"no JSON", "application/json", "", "{", 400, "InvalidContent", "Invalid JSON: Unexpected end of JSON input"},
		{"a table that is none", "text/csv", "", `a"`, 500, "Internal", "Error: parse error on line 1, column 2: bare \" in non-quoted-field"},
		{"another encoding", "application/json", "identity", "{}", 415, "UnsupportedMediaType", "content encoding not supported"},
		{"no gzip", "application/json", "gzip", "{}", 500, "", "incorrect header check"},
		{"a gzip bomb", "text/plain", "gzip", gzipped(strings.Repeat("x", limit+1)), 413, "PayloadTooLarge", "The body has more bytes than allowed: 100"},
		{"no boundary", "multipart/form-data", "", "x", 400, "BadRequest", "bad content-type header, no multipart boundary"},
		{"a part that ends early", "multipart/form-data; boundary=x", "", "--x\r\n\r\n1", 400, "BadRequest", "The multipart body can't be read: unexpected EOF"},
	} {
		_, err := decode.Body(http.Header{"Content-Type": {c.kind}, "Content-Encoding": {c.encoding}}, []byte(c.body), limit)
		var refusal *decode.Error
		if !errors.As(err, &refusal) || refusal.Status != c.status || refusal.Code != c.code || refusal.Message != c.message {
			t.Errorf("%s: %+v", c.name, err)
		}
	}
}

func TestFieldsThatStandSeveralTimesAreLists(t *testing.T) {
	t.Parallel()
	got := decode.Fields("a=1;x&b=2&b=3&c[]=4&d=%ff&e=100%&%zz")
	if diff := cmp.Diff(object{"a": "1;x", "b": []any{"2", "3"}, "c": []any{"4"}, "d": "\uFFFD", "e": "100%", "%zz": ""}, got); diff != "" {
		t.Error(diff)
	}
}

func ExampleBody() {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	value, err := decode.Body(header, []byte("name=My+Webhook"), 1<<20)
	fmt.Println(value.Body, err)
	// Output: map[name:My Webhook] <nil>
}

// FuzzQuery reads query strings. What is read is given, and nothing panics.
func FuzzQuery(f *testing.F) {
	f.Add("a=1&a=2&b[]=3&%zz=+&c[a=4&=5&d")
	f.Fuzz(func(t *testing.T, raw string) {
		for name, v := range decode.ParseQuery(raw) {
			if !v.Given {
				t.Fatalf("%q returns %q, which is not given", raw, name)
			}
		}
		_ = decode.AccessToken(decode.ParseQuery(raw), raw)
	})
}
