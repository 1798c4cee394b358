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

	"gopkg.in/yaml.v3"
)

// Five people who have never seen the project walk in, each in the way of the
// README.

// walk runs a command of one of them, and gives what it printed.
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

// A Go developer has a failing integration test: a module of theirs that uses
// the package.
func TestTheWalkOfAGoDeveloper(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// As go get would, from this checkout.
	module := strings.NewReplacer("module github.com/losantmock/losantmock", "module example.com/orders").Replace(read(t, "../../go.mod"))
	write("go.mod", module+"\nrequire github.com/losantmock/losantmock v0.0.0\nreplace github.com/losantmock/losantmock => "+top+"\n")
	write("go.sum", read(t, "../../go.sum"))
	var test string
	for _, block := range blocks(t, "go") {
		if strings.Contains(block, "func TestDoorsGetTheirWebhook") {
			test = block
		}
	}
	write("doors.go", `package orders

import (
	"fmt"
	"net/http"
	"strings"
)

func createWebhook(url, token, application, name string) error {
	request, err := http.NewRequest("POST", url+"/applications/"+application+"/webhooks", strings.NewReader(`+"`{\"name\":\"`+name+`\"}`"+`))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("%s", response.Status)
	}
	return nil
}
`)
	write("doors_test.go", "package orders\n\nimport (\n\t\"testing\"\n\n\t\"github.com/losantmock/losantmock/mockserver\"\n)\n\n"+test)
	out := walk(t, dir, []string{"GOFLAGS=-mod=mod"}, "go", "test", "-v", ".")
	if !strings.Contains(out, "--- PASS: TestDoorsGetTheirWebhook") {
		t.Errorf("%s", out)
	}
	// Their mistake is told with what came nearest.
	write("doors_test.go", strings.Replace(read(t, filepath.Join(dir, "doors_test.go")), `.Body("name", "Door opened")`, `.Body("name", "Door closed")`, 1))
	command := exec.Command("go", "test", ".")
	command.Dir = dir
	command.Env = append(command.Environ(), "GOFLAGS=-mod=mod")
	failed, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(failed), `name is "Door opened"`) {
		t.Errorf("%v %s", err, failed)
	}
}

// A Node developer has a service that uses losant-rest.
func TestTheWalkOfANodeDeveloper(t *testing.T) {
	t.Parallel()
	needNode(t)
	p := serveProgram(t)
	modules, err := filepath.Abs("testdata/node/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	out := walk(t, "testdata/examples/node", []string{"LOSANT_URL=" + p.url, "NODE_PATH=" + modules}, "node", "--test")
	if !strings.Contains(out, "pass 2") {
		t.Errorf("%s", out)
	}
}

// A Python developer has unittest and nothing else.
func TestTheWalkOfAPythonDeveloper(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("python3")
	need(t, "Python", err != nil)
	p := serveProgram(t)
	out := walk(t, "testdata/examples/python", []string{"LOSANT_URL=" + p.url, "PYTHONDONTWRITEBYTECODE=1"}, "python3", "-m", "unittest")
	if !strings.Contains(out, "Ran 2 tests") || !strings.Contains(out, "OK") {
		t.Errorf("%s", out)
	}
}

// Somebody has curl and a terminal.
func TestTheWalkWithCurl(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("curl")
	need(t, "curl", err != nil)
	p := serveProgram(t)
	out := walk(t, "testdata/examples/shell", []string{"LOSANT_URL=" + p.url}, "sh", "webhooks.sh")
	if out != "ok: 1 request(s) match\n" {
		t.Errorf("%s", out)
	}
	// The line that the server greets with works as it stands.
	line := strings.TrimSpace(strings.TrimPrefix(p.greeting[len(p.greeting)-1], "try"))
	if out := walk(t, ".", nil, "sh", "-c", line+" -sS"); !strings.Contains(out, `"totalCount":2`) {
		t.Errorf("%s", out)
	}
}

// An author of CI has GitHub Actions and docker-compose. Their engines are not
// here: the steps of the job run by hand, but for those of the service that is
// tested, and the snippets hold together.
func TestTheWalkOfACIAuthor(t *testing.T) {
	t.Parallel()
	var workflow struct {
		Jobs map[string]struct {
			Env   map[string]string
			Steps []struct{ Run, Uses, If string }
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "testdata/examples/github-actions/test.yml")), &workflow); err != nil {
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
