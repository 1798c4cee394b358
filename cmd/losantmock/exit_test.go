package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
)

// A server that is no losantmock, and a response that is cut off, leave open what
// was to be checked: no command ends well, and none says that a check failed.
func TestOtherServersCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	pattern := filepath.Join(t.TempDir(), "pattern.json")
	if err := os.WriteFile(pattern, []byte(`{"operation":"webhooks.post"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	text := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, other := range map[string]http.HandlerFunc{
		"an empty object":      text(200, "application/json", `{}`),
		"a list":               text(200, "application/json", `[]`),
		"nothing":              text(200, "application/json", ``),
		"HTML":                 text(200, "text/html", `<html>`+strings.Repeat("ö", 1<<16)),
		"HTML that is missing": text(404, "text/html", `<html>`),
		"a 422 of another API": text(422, "application/json", `{"error":"no"}`),
		"an unknown call":      text(404, "application/json", `{"errors":[{"code":10,"title":"no call"}]}`),
		"a failure":            text(500, "application/json", `{"errors":[{"code":10,"title":"a bug"}]}`),
		"JSON that is torn":    text(200, "application/json", `{"met":true,"count":1,"lastEventId":"1","webhooks":[`),
		"a response cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"met":true`))
		},
	} {
		server := httptest.NewServer(other)
		for _, args := range [][]string{
			{"verify", pattern}, {"verify", pattern, "--times", "0"}, {"requests"}, {"requests", "--follow"},
			{"requests", "show", "x"}, {"requests", "export"}, {"trigger", "My Webhook"},
		} {
			var stdout, stderr collected
			code := run(t.Context(), append(args, "--url", server.URL), &stdout, &stderr)
			said := stderr.String()
			if code != exit.CodeUnsure || !strings.HasPrefix(said, "losantmock: could not check: ") || len(said) > 400 || stdout.String() != "" {
				t.Errorf("%s: %v ends with %d: %.400s", name, args, code, said)
			}
		}
		server.Close()
	}
}
