package main

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"

	"gopkg.in/yaml.v3"
)

// Five people who have never seen the project walk in, each in the way of the
// README.

// save writes a file of one of them.
func save(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// walk runs a command of one of them, and returns what it printed.
func walk(t *testing.T, dir string, environment []string, name string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = dir
	command.Env = append(command.Environ(), environment...)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// A Go developer has a module of their own, and a checkout beside it.
func TestTheWalkOfAGoDeveloper(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := shown(t, "go", "package ")
	// Behind it stands the same test with a mistake, which is told with what came nearest.
	_, mistaken, _ := strings.Cut(program, "func TestDoorsGetTheirWebhook")
	mistaken = strings.Replace(mistaken, `.Body("name", "Door opened")`, `.Body("name", "Door closed")`, 1)
	save(t, filepath.Join(dir, "doors_test.go"), program+"\nfunc TestAMistake"+mistaken)
	save(t, filepath.Join(dir, "go.sum"), read(t, "../../go.sum")) // so that nothing is fetched
	offline := []string{"GOFLAGS=-mod=mod", "GOPROXY=off"}
	walk(t, dir, offline, "sh", "-c", commandShown(t, "go mod init"))
	walk(t, dir, offline, "sh", "-c", strings.Replace(commandShown(t, "go mod edit"), "../losantmock", top, 1))
	walk(t, dir, offline, "sh", "-c", commandShown(t, "go get"))
	command := exec.CommandContext(t.Context(), "sh", "-c", commandShown(t, "go test")+" -v -count=2")
	command.Dir = dir
	command.Env = append(command.Environ(), offline...)
	out, err := command.CombinedOutput()
	if strings.Count(string(out), "--- PASS: TestDoorsGetTheirWebhook") != 2 {
		t.Errorf("%v %s", err, out)
	}
	if err == nil || strings.Count(string(out), "--- FAIL: TestAMistake") != 2 || !strings.Contains(string(out), `name is "Door opened"`) {
		t.Errorf("%v %s", err, out)
	}
}

// A Node developer has a service that uses losant-rest.
func TestTheWalkOfANodeDeveloper(t *testing.T) {
	t.Parallel()
	needNode(t)
	dir := t.TempDir()
	linkModules(t, dir)
	save(t, filepath.Join(dir, "doors.test.mjs"), shown(t, "js", "import "))
	walkTwice(t, dir, commandShown(t, "node"), "pass 2")
}

// A Python developer has unittest and nothing else.
func TestTheWalkOfAPythonDeveloper(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("python3")
	need(t, "Python", err != nil)
	dir := t.TempDir()
	save(t, filepath.Join(dir, "test_doors.py"), shown(t, "python", "import "))
	walkTwice(t, dir, commandShown(t, "python3"), "Ran 2 tests")
}

// linkModules gives a folder what npm installed for the tests, and returns where that
// is.
func linkModules(t *testing.T, dir string) string {
	t.Helper()
	modules, err := filepath.Abs("testdata/node/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return modules
}

// walkTwice runs a command twice in a row against one server.
func walkTwice(t *testing.T, dir, line, want string) {
	t.Helper()
	walkTwiceOn(t, serveProgram(t), dir, line, want)
}

// walkTwiceOn is walkTwice against a server that was started.
func walkTwiceOn(t *testing.T, p *program, dir, line, want string) {
	t.Helper()
	for range 2 {
		out := walk(t, dir, []string{"LOSANT_URL=" + p.url}, "sh", "-c", line)
		if !strings.Contains(out, want) {
			t.Errorf("%s", out)
		}
	}
}

// Somebody has curl and a terminal.
func TestTheWalkWithCurl(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("curl")
	need(t, "curl", err != nil)
	p := serveProgram(t)
	// The line that the server greets with works as it stands.
	line := strings.TrimSpace(strings.TrimPrefix(p.greeting[len(p.greeting)-1], "try"))
	if out := walk(t, ".", nil, "sh", "-c", line+" -sS"); !strings.Contains(out, `"totalCount":1`) {
		t.Errorf("%s", out)
	}
}

// An author of CI has GitHub Actions and docker-compose. Their engines are not
// here: the steps of the job run by hand, but for those of the service that is
// tested, and the snippets hold together.
func TestTheWalkOfACIAuthor(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	var workflow struct {
		Jobs map[string]struct {
			Env   map[string]string
			Steps []struct{ Run, Uses, If string }
		}
	}
	if err := yaml.Unmarshal([]byte(shown(t, "yaml", "on: ")), &workflow); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := serveProgram(t, "--journal", filepath.Join(dir, "requests.jsonl"))
	environment := []string{"LOSANTMOCK_URL=" + p.url}
	ran := 0
	for _, step := range workflow.Jobs["test"].Steps {
		switch {
		case strings.HasPrefix(step.Run, "go install"), strings.Contains(step.Run, "serve"), step.Run == "":
		case strings.Contains(step.Run, "npm"):
			walk(t, ".", nil, "curl", "-sS", "--fail", "-H", "Authorization: Bearer any", "-H", "Content-Type: application/json", "-d", `{"name":"x"}`, p.url+"/applications/575ec8687ae143cd83dc4a97/webhooks")
		default:
			walk(t, dir, environment, "bash", "-c", step.Run)
			ran++
		}
	}
	if ran != 3 {
		t.Errorf("%d steps ran", ran)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "losant_test.go", read(t, "testdata/examples/testcontainers/losant_test.go.txt"), parser.AllErrors); err != nil {
		t.Error(err)
	}
	if !slices.Contains(strings.Fields(read(t, "Dockerfile")), "8080") {
		t.Error("the image has another port")
	}
}

// A service of Node uses more of the API than webhooks: its tests pass on a definition
// and a scenario.
func TestTheWalkOfAServiceWithTheWholeAPI(t *testing.T) {
	t.Parallel()
	needNode(t)
	dir, example := t.TempDir(), "testdata/examples/coldroom"
	modules := linkModules(t, dir)
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	p := serveProgram(t, "--definition", filepath.Join(modules, "losant-rest"), "--scenario", filepath.Join(example, "losant.yaml"))
	walkTwiceOn(t, p, dir, commandShown(t, "node"), "pass 4")
}
