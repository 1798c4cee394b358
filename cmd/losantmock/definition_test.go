package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/lab/size"
)

// railway is a definition that is made up, with every kind of operation.
const railway = "../../mockserver/internal/generic/testdata/railway.json"

// A server that has the definition of Losant's client conforms to it; and the definition
// that pull saves of the server is the same one.
func TestTheClientsDefinitionThroughTheCommands(t *testing.T) {
	t.Parallel()
	needNode(t)
	p := serveProgram(t, "--definition", losantRest)
	if logged := p.stderr.String(); strings.Count(logged, "not served in full") != 1 || !strings.Contains(logged, "GET /__admin/definition lists them in limits  operations: 1") {
		t.Errorf("it logs %.2000s", logged)
	}
	saved := filepath.Join(t.TempDir(), "saved.json")
	if code, out, said := prints(t, "pull", "--url", p.url, "--definition-out", saved, "--pretty"); code != exit.CodeOK {
		t.Fatalf("pull: %d %s%s", code, out, said)
	}
	if code, out, said := prints(t, "diff", losantRest, saved); code != exit.CodeOK || out != "nothing changed\n" {
		t.Errorf("diff: %d %.2000s%s", code, out, said)
	}
	code, out, said := checksUntil(t.Context(), t, p.url, "--definition", saved, "--any-token", "--write", "--coverage")
	if code != exit.CodeOK || strings.Contains(out, "breaks: ") || strings.Contains(out, "could not check: ") || strings.Contains(out, "news: ") {
		t.Errorf("check: %d %.5000s%s", code, out, said)
	}
	for operation, want := range map[string]string{
		"devices.get":                        "1 ",
		"device.get":                         "the run has no deviceId",
		"devices.post":                       "of a definition, only what reads is asked",
		"application.archiveData":            "it starts a job, or changes something",
		"application.mqttSubscriptionStream": "it is a stream, which has no end",
		"me.refreshToken":                    "it returns a token",
	} {
		if line := lineOf(out, operation); !strings.Contains(line, want) {
			t.Errorf("the coverage has %q, want %q", line, want)
		}
	}
	if code, out, said := prints(t, "requests", "--url", p.url, "--operation", "devices.post"); code != exit.CodeOK || out != "" {
		t.Errorf("check has created devices: %d %s%s", code, out, said)
	}
}

// prints runs a command of the program, and returns its exit code and what it printed.
func prints(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err collected
	code = run(t.Context(), args, &out, &err)
	return code, out.String(), err.String()
}

// lineOf returns the first line of a text that begins with a word.
func lineOf(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, word+" ") {
			return line
		}
	}
	return ""
}

// record checks what passes against a definition too, and learns nothing of it. The
// journal has the names of its operations.
func TestRecordChecksADefinition(t *testing.T) {
	t.Parallel()
	p := serveProgram(t, "--definition", railway)
	learnt := filepath.Join(t.TempDir(), "learnt.yaml")
	record := exec.Command("losantmock", "record", "--url", p.url, "--definition", railway, "--listen", "127.0.0.1:0", "--out", learnt)
	out, code := recorded(t, record, func(url string) {
		const lines = "/applications/575ec8687ae143cd83dc4a97/lines"
		wantStatus(t, url+"/networks", http.StatusOK)
		wantStatus(t, url+"/applications", http.StatusOK)
		var line struct{ ID string }
		_ = json.Unmarshal([]byte(sends(t, http.MethodPost, url+lines, `{"name": "North"}`, http.StatusCreated)), &line)
		sends(t, http.MethodDelete, url+lines+"/"+line.ID, "", http.StatusOK) // the application stays
		wantStatus(t, url+"/networks/main", http.StatusBadRequest)
	})
	if code != exit.CodeFailed || !strings.Contains(out, "network.get: networkId: the API would refuse this: networkId pattern mismatch") {
		t.Errorf("%d %s", code, out)
	}
	if text := read(t, learnt); strings.Contains(text, "etwork") || !strings.Contains(text, "575ec8687ae143cd83dc4a97") {
		t.Errorf("learnt %s", text)
	}
	if code, out, said := prints(t, "requests", "--url", p.url, "--operation", "networks.get"); code != exit.CodeOK || strings.Count(out, "  networks.get  ") != 1 {
		t.Errorf("%d %s%s", code, out, said)
	}
	if code, _, said := prints(t, "requests", "--url", p.url, "--operation", "network.gett"); code != exit.CodeUsage || !strings.Contains(said, `did you mean "network.get"`) {
		t.Errorf("%d %s", code, said)
	}
	if _, out, _ := prints(t, "__complete", "requests", "--url", p.url, "--operation", ""); !strings.Contains(out, "\nline.renumber\n") {
		t.Errorf("the shell offers %s", out)
	}
}

// wantStatus sends a GET with any token, whose response is to have a status.
func wantStatus(t *testing.T, url string, status int) {
	t.Helper()
	sends(t, http.MethodGet, url, "", status)
}

// sends sends a request with any token, whose response is to have a status, and returns
// the body of the response.
func sends(t *testing.T, method, url, body string, status int) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != status {
		t.Errorf("%s: %s, want %d: %s", url, response.Status, status, text)
	}
	return string(text)
}

// A linter finds the OpenAPI of a definition valid, and Prism serves it.
func TestTheOpenAPIOfADefinition(t *testing.T) {
	t.Parallel()
	needNode(t)
	file := openAPIFile(t, "--definition", railway)
	url, printed := startPrism(t, "mock", file)
	wantStatus(t, url+"/networks", http.StatusOK)
	if t.Failed() {
		t.Logf("%s", printed)
	}
	for _, definition := range size.Of([]string{railway}, []string{railway}, []string{railway, losantRest}) {
		out, err := nodeTool("redocly", "lint", "--extends=recommended", openAPIFile(t, "--definition", definition)).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Your API description is valid") {
			t.Errorf("%s: %v\n%.5000s", definition, err, out)
		}
	}
}
