package journal_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

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
	},
	"application/x-www-form-urlencoded":        {"token=sesame", "access%5Ftoken=sesame", "access_token[]=sesame", "access_token%5B0%5D=sesame", "a=b&%70assword=s%65same"},
	"multipart/form-data; boundary=x":          {part("token", "sesame"), part("password", "sesame"), part("a", `{"token":"sesame"}`), strings.TrimSuffix(part("password", "sesame"), "\r\n--x--\r\n")},
	"multipart/form-data; boundary=\"x\"; a=b": {"--x\nContent-Disposition: form-data; name=token\n\nsesame\n--x--\n"},
	"text/plain": {`{"token":"sesame"}`, "token=sesame", "see /x?a=1&token=sesame"},
	"":           {`{"token":"sesame"}`, "password=sesame"},
}

func part(name, content string) string {
	return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n--x--\r\n"
}

var secretTargets = []string{
	"/nowhere?access_token=sesame", "/webhooks/sesame/x", "/webhooks/s%65same", "/x?access%5Ftoken=sesame", "/x?access_token[]=sesame", "/x?a=b&jwt=sesame", "/x?next=/y?token=sesame", "/webhooks/sesame?a=b",
}

var secretHeaders = []string{
	"http://h/x?access_token=sesame", "http://h/webhooks/sesame/y", "https://u@h:1/__sandbox/a/webhooks/sesame", "/x?a=b&token=sesame#y", "/webhooks/sesame",
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

// Wherever a secret stands that the server or a reader would find, and however it
// is spelled, no export shows it.
func TestDrawnSecretsAreFound(test *testing.T) {
	test.Parallel()
	rapid.Check(test, func(t *rapid.T) {
		r := mockserver.Request{ID: "1", Method: "POST", Target: "/x", Host: "h", Header: http.Header{}, ResponseHeader: http.Header{}}
		switch place := rapid.SampledFrom([]string{"target", "header", "body", "response"}).Draw(t, "place"); place {
		case "target":
			r.Target = rapid.SampledFrom(secretTargets).Draw(t, "target")
		case "header":
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
