package match

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// FuzzPattern asks the journal with whatever pattern. It is refused, or
// answered soon, and means the same when it is asked again.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{
		`{"method":"POST","urlPattern":"/app.*","headers":{"X":{"contains":"y"}}}`, `{"operation":"webhooks.post","bodyPatterns":[{"matchesJsonPath":"$.name"},{"equalToJson":{"a":[1,2]},"ignoreArrayOrder":true}]}`,
		`{"urlPathTemplate":"/a/{b}","pathParameters":{"b":{"matches":"[a-z]+"}}}`, `{"queryParameters":{"a":{"or":[{"absent":true},{"not":{"equalTo":"x"}}]}}}`,
	} {
		f.Add(seed, `{"name":"x","list":[1,[2]]}`)
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		p, err := ParsePattern([]byte(text))
		if err != nil {
			return
		}
		r := httptest.NewRequest("POST", "/applications/575ec8687ae143cd83dc4a97/webhooks?a=b&c[]=d", nil)
		r.Header.Set("X", "y")
		e := recorder.NewEntry(r, time.Time{}).With(recorder.Outcome{Body: []byte(body), Response: wire.Response{Status: 201}})
		matched, err := p.Match(t.Context(), NewSubject(e))
		if again, errAgain := p.Match(t.Context(), NewSubject(e)); again != matched || (err == nil) != (errAgain == nil) {
			t.Fatalf("%s matches and does not", text)
		}
	})
}
