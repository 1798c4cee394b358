package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
)

// brokenPipe returns a pipe whose reader has left.
func brokenPipe(t *testing.T) *os.File {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	reader.Close()
	return writer
}

// A command whose output is not complete fails, and says why in a line.
func TestOutputThatCannotBeWrittenFails(t *testing.T) {
	t.Parallel()
	t.Attr("N4", "12 commands with 3 outputs")
	srv := mockserver.Start(t)
	response, err := http.Get(srv.URL + "/applications?access_token=any")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	id := srv.Requests().All()[0].ID
	closed, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	outputs := map[string]io.Writer{"file already closed": closed, "broken pipe": brokenPipe(t)}
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		t.Cleanup(func() { full.Close() })
		outputs["no space left on device"] = full
	}
	for reason, out := range outputs {
		for _, args := range [][]string{
			{"requests", "--url", srv.URL}, {"requests", "--json", "--url", srv.URL}, {"requests", "show", id, "--url", srv.URL},
			{"requests", "export", "--url", srv.URL}, {"requests", "export", "--format", "curl", "--url", srv.URL},
			{"requests", "--follow", "--url", srv.URL}, {"version"}, {"openapi"}, {"scenarios"}, {"scenarios", "default"},
			{"validate", "testdata/verdicts/world.yaml"}, {"--help"},
		} {
			var stderr collected
			code := run(t.Context(), args, out, &stderr)
			said := stderr.String()
			if code != exit.CodeFailed || !strings.HasPrefix(said, "losantmock: can't write the output: ") || !strings.Contains(said, reason) || strings.Count(said, "\n") != 1 {
				t.Errorf("%v, %s: ends with %d: %s", args, reason, code, said)
			}
		}
	}
}
