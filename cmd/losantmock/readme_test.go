package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
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
	{regexp.MustCompile(`losantmock \S+ stands in`), "losantmock VERSION stands in"},
	{regexp.MustCompile(`"sandbox_[A-Z0-9_]+"`), `"sandbox_TOKEN"`},
	{regexp.MustCompile(`(?m)^losantmock: .* \.\.\.\n`), ""},
}

func steady(text string) string {
	for _, g := range generated {
		text = g.pattern.ReplaceAllString(text, g.as)
	}
	return text
}

// Every command of the guides' sessions prints the output that is shown. The guides
// share a server, which is reset before each. That of the top README runs twice.
func TestTheSessionsOfTheGuides(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	needCurl(t)
	p := serveCommand(t, exec.Command("losantmock", "serve", "--listen", "localhost:0"))
	commands := 0
	for _, d := range append(guides(t), readme(t)) {
		if reset, err := http.Post(p.url+"/__admin/reset", "application/json", nil); err != nil || reset.StatusCode != http.StatusOK {
			t.Fatal(reset, err)
		}
		dir := t.TempDir()
		for _, block := range d.blocks("console") {
			shell := session{p, dir}
			for _, step := range strings.Split("\n"+block, "\n$ ")[1:] {
				line, want, _ := strings.Cut(step, "\n")
				if diff := cmp.Diff(steady(strings.TrimSuffix(want, "\n")), steady(shell.run(t, line))); diff != "" {
					t.Errorf("%s\n$ %s\n%s", d.path, line, diff)
				}
				commands++
			}
		}
	}
	if commands < 20 {
		t.Errorf("only %d commands were found", commands)
	}
}

// session is a shell beside a server, which takes the place of the one at port 8080.
type session struct {
	server *program
	dir    string // which it begins in, and its home
}

// home is what the guides show as the folder of their user.
const home = "/home/me"

// run returns what a line prints. Some show how a command fails.
func (s *session) run(t *testing.T, line string) string {
	t.Helper()
	command := exec.Command("sh", "-c", strings.ReplaceAll(line, "localhost:8080", "localhost"+s.port()))
	command.Dir = s.dir
	command.Env = append(command.Environ(), "HOME="+s.dir, "XDG_CONFIG_HOME=", "LOSANTMOCK_URL="+s.server.url)
	if flags, serves := strings.CutPrefix(line, "losantmock serve "); serves {
		return s.serve(t, command.Env, strings.Fields(flags))
	}
	out, _ := command.CombinedOutput()
	return s.asShown(string(out))
}

// serve starts a server that takes the place of the other one in the rest of the
// block, and returns its greeting.
func (s *session) serve(t *testing.T, environment, flags []string) string {
	t.Helper()
	command := exec.Command("losantmock", append([]string{"serve", "--listen", "localhost:0"}, flags...)...)
	command.Env = environment
	s.server = serveCommand(t, command)
	return s.asShown(strings.Join(s.server.greeting, "\n"))
}

// asShown returns an output with the port and the home of the guides.
func (s *session) asShown(output string) string {
	return strings.TrimSuffix(strings.NewReplacer(s.port(), ":8080", s.dir, home).Replace(output), "\n")
}

// port returns the port of the server with its colon.
func (s *session) port() string {
	return s.server.url[strings.LastIndexByte(s.server.url, ':'):]
}

// The YAML of a guide is a scenario that loads, and its Go stands in a test of its
// package. The programs and the workflow of the top README are run by the walks.
func TestTheCodeOfTheGuides(t *testing.T) {
	t.Parallel()
	var limits scenarios.Limits
	definition, err := contract.LoadDefinition("testdata/node/node_modules/losant-rest")
	if limits.Definition = definition; err != nil {
		t.Log("resources are not tried: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	for _, d := range guides(t) {
		for _, block := range d.blocks("yaml") {
			needsDefinition := strings.Contains(block, "resources:") && definition == nil
			if _, err := limits.Parse(d.path, []byte(block)); err != nil && !strings.HasPrefix(block, "on: ") && !needsDefinition {
				t.Error(err)
			}
		}
		if d.path == "README.md" {
			continue
		}
		if programs := slices.Concat(d.blocks("js"), d.blocks("python")); len(programs) > 0 {
			t.Errorf("%s: no test runs\n%s", d.path, programs)
		}
		tests, err := filepath.Glob(filepath.Join("../..", path.Dir(d.path), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range d.blocks("go") {
			if !slices.ContainsFunc(tests, func(file string) bool { return strings.Contains(read(t, file), block) }) {
				t.Errorf("%s: none of %s contains\n%s", d.path, tests, block)
			}
		}
	}
}

// What a guide shows without its output is a command that exists: of this program
// with its flags, of go with its packages.
func TestTheCommandsOfTheGuides(t *testing.T) {
	t.Parallel()
	commands := 0
	for _, d := range guides(t) {
		for _, block := range d.blocks("sh") {
			for line := range strings.Lines(block) {
				line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
				line, _, _ = strings.Cut(line, " > ")
				if err := understood(strings.Fields(line)); err != nil {
					t.Errorf("%s: %s: %v", d.path, line, err)
				}
				commands++
			}
		}
	}
	if commands < 15 {
		t.Errorf("only %d commands were found", commands)
	}
}

// understood returns why a command can't be run.
func understood(words []string) error {
	for strings.Contains(words[0], "=") { // a variable
		words = words[1:]
	}
	switch words[0] {
	case "losantmock":
		command, args, err := newRoot().Find(words[1:])
		if err != nil {
			return err
		}
		if err := command.ParseFlags(args); err != nil {
			return err
		}
		return command.ValidateArgs(command.Flags().Args())
	case "go":
		for _, word := range words {
			if folder := strings.TrimSuffix(word, "..."); strings.HasPrefix(word, "./") {
				if _, err := os.Stat(filepath.Join("../..", folder)); err != nil {
					return err
				}
			}
		}
		return nil
	case "docker":
		return dockerUnderstood(words)
	case "npm", "node", "python3":
		return nil // run by other tests, with what they need
	default:
		return fmt.Errorf("no test knows %s", words[0])
	}
}

// dockerUnderstood returns why a command of Docker can't be run. The test of cmd/lab
// that has an engine runs compose as it is shown.
func dockerUnderstood(words []string) error {
	switch words[1] {
	case "build":
		_, err := os.Stat(filepath.Join("../..", words[slices.Index(words, "-f")+1]))
		return err
	case "run":
		if inside := words[slices.Index(words, "losantmock"):]; len(inside) > 1 {
			return understood(inside)
		}
		return nil
	case "compose":
		words = words[2:]
		if words[0] == "-f" {
			if _, err := os.Stat(filepath.Join("../..", words[1])); err != nil {
				return err
			}
			words = words[2:]
		}
		// The image of that test is built beforehand.
		words = slices.DeleteFunc(words, func(word string) bool { return word == "--build" })
		test, err := os.ReadFile("../lab/engine_test.go")
		if err == nil && !strings.Contains(string(test), `"`+strings.Join(words, `", "`)+`"`) {
			err = errors.New("cmd/lab runs another command")
		}
		return err
	default:
		return fmt.Errorf("no test knows docker %s", words[1])
	}
}

// The README is short enough to be read to the end.
func TestTheReadmeIsShort(t *testing.T) {
	t.Parallel()
	const most = 16_000
	if n := utf8.RuneCount(readme(t).text); n > most {
		t.Errorf("README.md has %d characters, and may have %d: the rest goes beside its package", n, most)
	}
}

// What CONTRIBUTING shows of adding an operation is what was added.
func TestTheCodeOfContributing(t *testing.T) {
	t.Parallel()
	sources := read(t, "../../contract/table.json") + read(t, "../../mockserver/internal/api/server.go") + read(t, "../../mockserver/internal/api/applications.go")
	var shown []string
	for _, d := range documents(t) {
		if d.path == ".github/CONTRIBUTING.md" {
			shown = append(d.blocks("go"), d.blocks("json")...)
		}
	}
	for _, block := range shown {
		if !strings.Contains(sources, block) {
			t.Errorf("no source contains\n%s", block)
		}
	}
	if len(shown) != 3 {
		t.Errorf("%d blocks", len(shown))
	}
}
