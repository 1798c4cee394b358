package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/scenarios"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks are the fenced blocks of a language in the README.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	var found []string
	for _, part := range strings.Split(read(t, "../../README.md"), "\n```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		found = append(found, block)
	}
	if len(found) == 0 {
		t.Fatalf("the README has no block of %s", language)
	}
	return found
}

// What differs from run to run: generated ids and tokens, the time, and what is
// said when something takes long.
var generated = []struct {
	pattern *regexp.Regexp
	as      string
}{
	{regexp.MustCompile(`"(id|webhookId)":"[0-9a-f]{24}"`), `"$1":"ID"`},
	{regexp.MustCompile(`"token":"[A-Za-z0-9_-]{40}"`), `"token":"TOKEN"`},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}  \d\d:\d\d:\d\d\.\d{3}`), "UUID  TIME"},
	{regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`), `"TIME"`},
	{regexp.MustCompile(`requests in \d+\.\d s`), "requests in N s"},
	{regexp.MustCompile(`(?m)^losantmock: .* \.\.\.\n`), ""},
}

func steady(text string) string {
	for _, g := range generated {
		text = g.pattern.ReplaceAllString(text, g.as)
	}
	return text
}

// Every command of the README's sessions gives the output that it shows.
func TestTheSessionsOfTheReadme(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("curl")
	need(t, "curl", err != nil)
	p := serveProgram(t)
	host := strings.TrimPrefix(p.url, "http://")
	commands := 0
	for _, session := range blocks(t, "console") {
		for _, step := range strings.Split("\n"+session, "\n$ ")[1:] {
			line, want, _ := strings.Cut(step, "\n")
			command := exec.Command("sh", "-c", strings.ReplaceAll(line, "localhost:8080", host))
			command.Env = append(command.Environ(), "LOSANTMOCK_URL="+p.url)
			out, _ := command.CombinedOutput() // some show how a check fails
			got := strings.TrimSuffix(strings.ReplaceAll(string(out), host, "localhost:8080"), "\n")
			if diff := cmp.Diff(steady(strings.TrimSuffix(want, "\n")), steady(got)); diff != "" {
				t.Errorf("$ %s\n%s", line, diff)
			}
			commands++
		}
	}
	if commands < 9 {
		t.Errorf("only %d commands were found", commands)
	}
}

// The README's code stands in a test that runs, its YAML in a file that is
// used, or is a scenario that loads.
func TestTheCodeOfTheReadme(t *testing.T) {
	t.Parallel()
	for language, files := range map[string][]string{
		"go": {"../../mockserver/example_test.go", "../../contract/example_test.go"}, "js": {"testdata/node/assert.mjs", "testdata/examples/node/webhooks.test.cjs"},
		"python": {"testdata/examples/python/test_webhooks.py"},
	} {
		for _, block := range blocks(t, language) {
			if !slices.ContainsFunc(files, func(file string) bool { return strings.Contains(read(t, file), block) }) {
				t.Errorf("none of %s contains\n%s", files, block)
			}
		}
	}
	used := read(t, "../../docker-compose.yml") + read(t, "testdata/examples/github-actions/test.yml")
	for _, block := range blocks(t, "yaml") {
		if strings.HasPrefix(block, "name:") {
			if _, err := scenarios.Parse("README.md", []byte(block)); err != nil {
				t.Error(err)
			}
		} else if !strings.Contains(used, block) {
			t.Errorf("neither docker-compose.yml nor the workflow contains\n%s", block)
		}
	}
	readme := read(t, "../../README.md")
	for _, command := range []string{"go run ./cmd/losantmock serve", "go test ./..."} {
		if !strings.Contains(readme, command) {
			t.Errorf("the README lacks %s", command)
		}
	}
}

// What CONTRIBUTING shows of adding an operation is what was added.
func TestTheCodeOfContributing(t *testing.T) {
	t.Parallel()
	sources := read(t, "../../contract/table.go") + read(t, "../../mockserver/internal/api/server.go") + read(t, "../../mockserver/internal/api/applications.go")
	shown := strings.Split(read(t, "../../.github/CONTRIBUTING.md"), "\n```go\n")[1:]
	for _, part := range shown {
		block, _, _ := strings.Cut(part, "```")
		if !strings.Contains(sources, block) {
			t.Errorf("no source contains\n%s", block)
		}
	}
	if len(shown) != 3 {
		t.Errorf("%d blocks", len(shown))
	}
}
