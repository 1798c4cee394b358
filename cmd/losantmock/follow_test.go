package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
)

// Following ends with Ctrl-C. A stream that ends before is an error, with the
// reason if there is one.
func TestAFollowedStreamEndsWithItsReason(t *testing.T) {
	t.Parallel()
	for events, want := range map[string]string{
		"event: incomplete\ndata: {\"evicted\":3}\n\nevent: closed\ndata: {\"reason\":\"the sandbox \\\"a\\\" was dropped\"}\n\n": "losantmock: the journal is incomplete: it has evicted 3 request(s)\n" +
			"losantmock: could not check: the sandbox \"a\" was dropped\n",
		"event: request\ndata: {\"id\"":         "the stream of http",
		"event: request\ndata: {\"id\":\n\n":    "the stream can't be read",
		"event: request\ndata: \"request\"\n\n": "the stream can't be read",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = w.Write([]byte(events))
		}))
		var stdout, stderr collected
		code := run(t.Context(), []string{"requests", "--follow", "--url", server.URL}, &stdout, &stderr)
		if code != exit.CodeUnsure || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: ends with %d, %q, want %q", events, code, stderr.String(), want)
		}
		server.Close()
	}
}
