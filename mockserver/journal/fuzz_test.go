package journal

import (
	"bytes"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzRedact puts a token into every place of a request, with anything around
// it. It is in no export, and what is clean stays as it is.
func FuzzRedact(f *testing.F) {
	const canary = "cAnArY-0123456789-secret"
	f.Add("/applications", "a=b", "x", `{"a":1}`, "session=1")
	f.Add("/webhooks/"+canary+"/x", "access_token="+canary, "Bearer "+canary, `{"token":"`+canary+`"}`, "a="+canary)
	f.Fuzz(func(t *testing.T, path, query, header, body, cookie string) {
		for _, text := range []string{path, query, header, body, cookie} {
			if strings.Contains(strings.ReplaceAll(text, canary, ""), "TOKEN-") || strings.Contains(text, "CODE-") || strings.Contains(text, "PASSWORD-") || strings.Contains(text, "COOKIE-") {
				t.Skip("it has placeholders already")
			}
		}
		r := Request{
			Method: "POST", Host: "x", Target: "/" + strings.TrimPrefix(path, "/") + "?" + query, Token: canary,
			Header: http.Header{"Authorization": {"Bearer " + canary}, "X": {header}, "Cookie": {cookie}}, Body: []byte(body),
			ResponseHeader: http.Header{"X": {header}}, ResponseBody: []byte(`{"token":"` + canary + `"}`),
		}
		clean := slices.Collect(redacted(slices.Values([]Request{r})))
		for _, format := range Formats() {
			var out bytes.Buffer
			err := Export(&out, format, []Request{r}, false)
			if err != nil && format != Curl { // there are requests that no command can send
				t.Fatal(err)
			}
			if strings.Contains(out.String(), canary) || err != nil && strings.Contains(err.Error(), canary) {
				t.Fatalf("%s shows the token: %s %v", format, out.String(), err)
			}
		}
		if again := slices.Collect(redacted(slices.Values(clean))); !reflect.DeepEqual(again, clean) {
			t.Fatalf("twice redacted:\n%+v\n%+v", clean, again)
		}
	})
}
