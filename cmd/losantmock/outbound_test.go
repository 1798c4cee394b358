package main

import (
	"bufio"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
)

// connectProxy is a proxy that leads every host to one address, as a firewall does
// that looks names up by itself.
type connectProxy struct {
	*httptest.Server
	to string

	mu   sync.Mutex
	seen []string // the hosts that were asked for
}

func startConnectProxy(t *testing.T, to string) *connectProxy {
	t.Helper()
	p := &connectProxy{to: to}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP connects the client of a CONNECT with the one address.
func (p *connectProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.Method+" "+r.Host)
	p.mu.Unlock()
	target, err := net.Dial("tcp", p.to)
	if err != nil || r.Method != http.MethodConnect {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer target.Close()
	client, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(target, buffered) }()
	_, _ = io.Copy(client, target)
}

func (p *connectProxy) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// secureAPI is a stand-in behind TLS, for the name example.com, and the file with
// its authority.
func secureAPI(t *testing.T) (server *httptest.Server, caFile string) {
	t.Helper()
	stub, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	server = httptest.NewUnstartedServer(stub)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(caFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, caFile
}

const secureURL = "https://example.com"

// outboundCommand is the program with a proxy and a token.
func outboundCommand(proxy *connectProxy, args ...string) *exec.Cmd {
	command := exec.Command("losantmock", args...)
	command.Env = append(command.Environ(), "LOSANT_API_TOKEN=any", "HTTPS_PROXY="+proxy.URL, "HTTP_PROXY="+proxy.URL, "NO_PROXY=direct.invalid")
	return command
}

// Every command goes through the proxy of the environment, and trusts the
// authorities of --ca-file.
func TestOutboundConnections(t *testing.T) {
	t.Parallel()
	api, caFile := secureAPI(t)
	address := strings.TrimPrefix(api.URL, "https://")
	pull := []string{"pull", "--application", "575ec8687ae143cd83dc4a97", "--url"}
	for _, c := range []struct {
		name  string
		args  []string
		code  int
		want  string
		asked string // of the proxy
	}{
		{"pull", append(pull, secureURL, "--ca-file", caFile), 0, "My Webhook", "CONNECT example.com:443"},
		{"without the authority", append(pull, secureURL), exit.CodeUnsure, "certificate signed by unknown authority", "CONNECT example.com:443"},
		{"a name in NO_PROXY", append(pull, "https://direct.invalid", "--ca-file", caFile), exit.CodeUnsure, "direct.invalid", ""},
		{"this machine", append(pull, api.URL, "--ca-file", caFile), 0, "My Webhook", ""},
		{"no file of authorities", append(pull, secureURL, "--ca-file", "missing.pem"), exit.CodeUsage, "--ca-file: open missing.pem", ""},
		{"check", []string{"check", "--application", "575ec8687ae143cd83dc4a97", "--url", secureURL}, exit.CodeUnsure, "certificate signed by unknown authority", "CONNECT example.com:443"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			proxy := startConnectProxy(t, address)
			command := outboundCommand(proxy, c.args...)
			out, _ := command.CombinedOutput() // some end with another code
			if code := command.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.want) {
				t.Errorf("%d %s", code, out)
			}
			asked := proxy.asked()
			if c.asked == "" && len(asked) > 0 || c.asked != "" && (len(asked) == 0 || asked[0] != c.asked) {
				t.Errorf("the proxy was asked for %q, want %q", asked, c.asked)
			}
		})
	}
}

// record and the forward of serve go the same way.
func TestOutboundConnectionsOfServers(t *testing.T) {
	t.Parallel()
	api, caFile := secureAPI(t)
	proxy := startConnectProxy(t, strings.TrimPrefix(api.URL, "https://"))

	record := outboundCommand(proxy, "record", "--url", secureURL, "--ca-file", caFile, "--listen", "127.0.0.1:0", "--out", filepath.Join(t.TempDir(), "learnt.yaml"))
	stdout, err := record.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := record.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = record.Process.Kill()
		_ = record.Wait()
	})
	url := ""
	for lines := bufio.NewScanner(stdout); url == "" && lines.Scan(); {
		url, _ = strings.CutPrefix(lines.Text(), "listening    ")
		if url == lines.Text() {
			url = ""
		}
	}
	if status, body := get(t, url+"/applications/575ec8687ae143cd83dc4a97"); status != 200 || !strings.Contains(body, "My Application") {
		t.Errorf("record: %d %s", status, body)
	}

	file := filepath.Join(t.TempDir(), "world.yaml")
	text := "applications: [{name: a, webhooks: [{name: w, token: w, waitForReply: true, forward: '" + secureURL + "/'}]}]"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	serve, err := startProgram(outboundCommand(proxy, "serve", "--listen", "127.0.0.1:0", "--scenario", file, "--ca-file", caFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := serve.stop(); err != nil {
			t.Error(err)
		}
	})
	if status, body := get(t, serve.url+"/webhooks/w"); status != 405 { // of a POST to the root of the API
		t.Errorf("forward: %d %s", status, body)
	}
	if asked := proxy.asked(); len(asked) != 2 || asked[0] != "CONNECT example.com:443" || asked[1] != asked[0] {
		t.Errorf("the proxy was asked for %q", asked)
	}
}

// get returns the response to a GET.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, fmt.Sprintf("%s %v", text, err)
}
