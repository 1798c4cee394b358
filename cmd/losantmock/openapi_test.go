package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// needNode skips where Node.js, or what npm installs, is missing.
func needNode(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("node")
	need(t, "Node.js", err != nil)
	_, err = os.Stat("testdata/node/node_modules")
	need(t, "what npm installs (npm ci in cmd/losantmock/testdata/node)", err != nil)
}

// openAPIFile is what losantmock openapi prints.
func openAPIFile(t *testing.T, args ...string) string {
	t.Helper()
	document, err := exec.Command("losantmock", append([]string{"openapi"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "losant.json")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func nodeTool(name string, args ...string) *exec.Cmd {
	command := exec.Command("node_modules/.bin/"+name, args...)
	command.Dir = "testdata/node"
	command.Env = append(command.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true", "NO_COLOR=1")
	return command
}

// A well-kept linter has nothing to say about our OpenAPI.
func TestTheOpenAPIIsLinted(t *testing.T) {
	t.Parallel()
	needNode(t)
	out, err := nodeTool("redocly", "lint", "--extends=recommended", "--max-problems=100", openAPIFile(t)).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Your API description is valid") || strings.Contains(string(out), "warning  ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// collected collects what a process prints.
type collected struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *collected) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *collected) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// startPrism starts Prism on a free port and waits until it answers.
func startPrism(t *testing.T, args ...string) (string, *collected) {
	t.Helper()
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	printed := new(collected)
	command := nodeTool("prism", append(args, "--host", "127.0.0.1", "--port", port)...)
	command.Stdout, command.Stderr = printed, printed
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	waitFor(t, address)
	return "http://" + address, printed
}

// freeAddress is an address of this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// waitFor waits until somebody listens at an address.
func waitFor(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) { // between two looks
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody listens at %s", address)
		}
	}
}

// Prism serves our OpenAPI: what it answers is the example of the schema.
func TestPrismServesTheOpenAPI(t *testing.T) {
	t.Parallel()
	needNode(t)
	url, printed := startPrism(t, "mock", openAPIFile(t))
	request, _ := http.NewRequest(http.MethodGet, url+"/applications/575ec8687ae143cd83dc4a97/webhooks?perPage=1", nil)
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("%s\n%s", response.Status, printed)
	}
}

// Prism stands between Losant's client and our server, and has nothing to say
// about what our server answers. Of the client's requests it finds those alone
// that are meant to be refused.
func TestPrismFindsNoViolation(t *testing.T) {
	t.Parallel()
	needNode(t)
	p := serveProgram(t, "--scenario", "strict-auth")
	url, printed := startPrism(t, "proxy", openAPIFile(t), p.url)
	command := exec.Command("node", "losant-rest.mjs", url)
	command.Dir = "testdata/node"
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	log := printed.String()
	if strings.Contains(log, "Violation: response") || strings.Count(log, "Received forward response") < 24 {
		t.Errorf("%s", log)
	}
	var refused []string
	for line := range strings.SplitSeq(log, "\n") {
		if _, violation, ok := strings.Cut(line, "Violation: request"); ok {
			refused = append(refused, violation)
		}
	}
	for i, want := range []string{"required property 'name'", "sortfield", "applicationid", "security scheme", "route not found"} { // GET / is no operation
		if len(refused) != 5 || !strings.Contains(refused[i], want) {
			t.Fatalf("violations of requests: %q, want one of %q", refused, want)
		}
	}
}
