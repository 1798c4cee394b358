package journal_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/journal"
	"pgregory.net/rapid"
)

// hidden is a secret that is too short to be replaced wherever it stands: each
// place of it must be known.
const hidden = "sesame"

// secretBodies are bodies with the secret, by content type.
var secretBodies = map[string][]string{
	"application/json": {
		`{"token":"sesame"}`, `{"\u0074oken":"sesame"}`, `{"password" : "ses\u0061me"}`, `{"a":{"b":[{"jwt":"sesame"}]}}`, `{"token":"sesame","token":"sesame"}`,
		`{"token":["sesame"]}`, `{"password":{"a":"sesame"}}`, `{"a":"{\"token\":\"sesame\"}"}`, `["http://h/x?access_token=sesame"]`, `{"password":"sesame`, `{"token":["sesame"`, `5" {"token":"sesame"}`,
		`{"a":"password=sesame&x=1"}`, `{"password":sesame}`,
	},
	"application/x-www-form-urlencoded":        {"token=sesame", "access%5Ftoken=sesame", "access_token[]=sesame", "access_token%5B0%5D=sesame", "a=b&%70assword=s%65same", `a={"token":"sesame"}`, "a=%7B%22token%22%3A%22sesame%22%7D"},
	"multipart/form-data; boundary=x":          {part("token", "sesame"), part("password", "sesame"), part("a", `{"token":"sesame"}`), strings.TrimSuffix(part("password", "sesame"), "\r\n--x--\r\n")},
	"multipart/form-data; boundary=\"x\"; a=b": {"--x\nContent-Disposition: form-data; name=token\n\nsesame\n--x--\n"},
	"multipart/form-data; boundary=y":          {part("password", "sesame"), "token=sesame\r\n--y--\r\n", "--y--\r\ntoken=sesame"},
	"multipart/mixed; boundary=x":              {part("password", "sesame")},
	"text/plain":                               {`{"token":"sesame"}`, "token=sesame", "see /x?a=1&token=sesame"},
	"":                                         {`{"token":"sesame"}`, "password=sesame"},
}

func part(name, content string) string {
	return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n--x--\r\n"
}

var secretTargets = []string{
	"/nowhere?access_token=sesame", "/webhooks/sesame/x", "/webhooks/s%65same", "/x?access%5Ftoken=sesame", "/x?access_token[]=sesame", "/x?a=b&jwt=sesame", "/x?next=/y?token=sesame", "/webhooks/sesame?a=b",
	"/api/webhooks/sesame", "//webhooks/sesame", "/webhooks//sesame", "/webhooks/./sesame", "/v1/webhooks/sesame/x", "/%77ebhooks/sesame", "/Webhooks/sesame",
	"/x?next=/webhooks/sesame", "/x?u=http%3A%2F%2Fh%2Fwebhooks%2Fsesame", "/x?u=http%3A%2F%2Fh%2Fx%3Faccess_token%3Dsesame",
}

var secretHeaders = []string{
	"http://h/x?access_token=sesame", "http://h/webhooks/sesame/y", "https://u@h:1/__sandbox/a/webhooks/sesame", "/x?a=b&token=sesame#y", "/webhooks/sesame", "/api/webhooks/sesame",
	"http://h/x#access_token=sesame", "http://user:sesame@h/", "http://h/?u=http%3A%2F%2Fh%2Fx%3Faccess_token%3Dsesame", "http://h/?next=/webhooks/sesame",
}

// secretFields are header fields with the secret, as Name: value.
var secretFields = []string{
	"Cookie: path=sesame", "Cookie: a=b; Domain=sesame", "Cookie: sesame", "Authorization: sesame Bearer", "Proxy-Authorization: sesame Basic",
}

// A violation repeats what a client has sent, and may repeat a secret.
func TestSecretsInViolationsAreFound(t *testing.T) {
	t.Parallel()
	const token = "a-token-that-is-long-enough"
	broken := &contract.Violation{Field: "webhook." + token, What: "has " + token, Detail: token, Path: []string{"a", token}}
	r := mockserver.Request{
		Method: "POST", Target: "/x", Host: "h", Header: http.Header{"Authorization": {"Bearer " + token}}, ResponseHeader: http.Header{},
		Token: token, Violation: broken,
	}
	r.ReadTarget()
	for _, format := range journal.Formats() {
		var text bytes.Buffer
		if err := journal.Export(&text, format, []mockserver.Request{r}, false); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), token) {
			t.Errorf("%s shows the secret:\n%s", format, text.String())
		}
		if format == journal.JSONL && !strings.Contains(text.String(), "webhook.") {
			t.Errorf("%s has no violation: %s", format, text.String())
		}
	}
	if broken.Detail != token {
		t.Error("the journal's own violation is changed")
	}
}

// What only looks like a secret stays as it is: the value of a cookie in another
// request, a name, a content type, a part of a path, an id of a webhook.
func TestRedactionLeavesTheRest(t *testing.T) {
	t.Parallel()
	cookies := mockserver.Request{Method: "GET", Target: "/x", Header: http.Header{
		"Cookie": {"a=/applications/575e/webhooks; b=application/json; c=filterField"}, "Authorization": {"Bearer long-hidden", "Bearer password", "Bearer application/json"},
	}}
	other := mockserver.Request{Method: "POST", Target: "/applications/575e/webhooks/575f?filterField=name&long-hidden=1", Host: "long-hidden", Header: http.Header{"Content-Type": {"application/json; charset=long-hidden"}}, Body: []byte(`{"password":"x"}`)}
	shown := export(t, journal.Curl, []mockserver.Request{cookies, other}, false)
	want := `curl -X POST -H 'Content-Type: application/json; charset=long-hidden' -H Accept: -H User-Agent: -H 'Transfer-Encoding: chunked' --data-raw '{"password":"PASSWORD-1"}' 'http://long-hidden/applications/575e/webhooks/575f?filterField=name&long-hidden=1'`
	if _, got, _ := strings.Cut(strings.TrimSpace(shown), "\n"); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// A body that inflates to more than is looked at is cut off, and shows no secret
// that stands behind.
func TestNoSecretStandsBehindWhatIsRead(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	r := mockserver.Request{ID: "1", Method: "POST", Target: "/x", Header: http.Header{"Content-Encoding": {"gzip"}}}
	r.SetBody([]byte(gzipped(t, strings.Repeat(" ", 16<<20)+"token=sesame")), 1<<20)
	read, err := journal.Read(strings.NewReader(export(t, journal.JSONL, []mockserver.Request{r}, false)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := journal.PlainBody(read[0].SentBody(), "gzip", 17<<20)
	if err != nil || len(plain) != 16<<20 || bytes.Contains(plain, []byte(hidden)) {
		t.Errorf("%d bytes, %v", len(plain), err)
	}
}

// Wherever a secret stands that the server or a reader would find, and however it
// is spelled, no export shows it.
func TestDrawnSecretsAreFound(test *testing.T) {
	test.Parallel()
	test.Attr("T2", "100 drawn requests with a secret, in targets, headers, bodies and responses, each in 3 formats")
	rapid.Check(test, func(t *rapid.T) {
		r := mockserver.Request{ID: "1", Method: "POST", Target: "/x", Host: "h", Header: http.Header{}, ResponseHeader: http.Header{}}
		switch place := rapid.SampledFrom([]string{"target", "header", "body", "response"}).Draw(t, "place"); place {
		case "target":
			r.Target = rapid.SampledFrom(secretTargets).Draw(t, "target")
		case "header":
			if rapid.Bool().Draw(t, "credentials") {
				name, value, _ := strings.Cut(rapid.SampledFrom(secretFields).Draw(t, "field"), ": ")
				r.Header.Set(name, value)
				break
			}
			name := rapid.SampledFrom([]string{"Referer", "X-Forwarded-Uri", "Origin"}).Draw(t, "name")
			r.Header.Set(name, rapid.SampledFrom(secretHeaders).Draw(t, "value"))
		default:
			kind := rapid.SampledFrom(slices.Sorted(maps.Keys(secretBodies))).Draw(t, "type")
			body := []byte(rapid.SampledFrom(secretBodies[kind]).Draw(t, "body"))
			if place == "response" {
				r.ResponseHeader.Set("Content-Type", kind)
				r.ResponseBody = body
				break
			}
			r.Header.Set("Content-Type", kind)
			if rapid.Bool().Draw(t, "compressed") {
				compressed := []byte(gzipped(test, string(body)))
				r.Header.Set("Content-Encoding", "gzip")
				body = compressed[:len(compressed)-rapid.SampledFrom([]int{0, 8}).Draw(t, "cut off")]
			}
			r.SetBody(body, 1<<20)
		}
		r.ReadTarget()
		for _, format := range journal.Formats() {
			var text bytes.Buffer
			if err := journal.Export(&text, format, []mockserver.Request{r}, false); err != nil {
				t.Fatal(err)
			}
			shown := text.String()
			if format == journal.JSONL {
				read, err := journal.Read(&text)
				if err != nil {
					t.Fatal(err)
				}
				plain, _ := journal.PlainBody(read[0].SentBody(), read[0].Header.Get("Content-Encoding"), 1<<20) // it may be cut off
				shown += fmt.Sprintf("%s %s", read[0].Body, plain)
			}
			for _, form := range []string{hidden, `ses\u0061me`, "s%65same"} {
				if strings.Contains(shown, form) {
					t.Fatalf("%s shows the secret:\n%s", format, shown)
				}
			}
		}
	})
}
