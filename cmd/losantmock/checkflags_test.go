package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
)

// A flag that would have no effect is refused, with what to do about it.
func TestFlagsOfCheckWithoutAnEffect(t *testing.T) {
	t.Parallel()
	url := mockserver.Start(t).URL
	file := filepath.Join(t.TempDir(), "file")
	for _, test := range []struct{ args, said string }{
		{"--clean-up --older-than -5m", "--older-than -5m0s: want 0 or more"},
		{"--older-than 5m", "--older-than has no effect here: give --clean-up too"},
		{"--clean-up --report json=" + file, "--report has no effect here: leave it out"},
		{"--clean-up --json", "--json has no effect here"},
		{"--clean-up --only hal_conformance", "--only has no effect here"},
		{"--clean-up --write", "--write has no effect here"},
		{"--clean-up --against-mock", "--against-mock has no effect here"},
		{"--dry-run --json", "--json has no effect here: leave it out"},
		{"--dry-run --report json=" + file, "--report has no effect here"},
		{"--dry-run --coverage", "--coverage has no effect here"},
		{"--log-in-attempts 3", "--log-in-attempts has no effect here: give --write too"},
		{"--other-application 575ec8687ae143cd83dc4a98", "--other-application has no effect here: give --write too"},
		{"--read-only-token-file " + file, "--read-only-token-file has no effect here: give --write too"},
		{"--write --any-token --read-only-token-file " + file, "--read-only-token-file has no effect here: leave out one"},
		{"--report json=-", "want the name of a file; --json prints"},
	} {
		code, out, said := checksUntil(t.Context(), t, url, strings.Fields(test.args)...)
		if code != exit.CodeUsage || !strings.Contains(said, test.said) {
			t.Errorf("%s: %d %s%s", test.args, code, said, out)
		}
	}
}
