package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
)

// A variable that names no proxy is refused, and the token does not go out directly.
// This machine itself has no proxy.
func TestVariablesThatNameNoProxy(t *testing.T) {
	t.Parallel()
	api, caFile := secureAPI(t)
	pull := []string{"pull", "--application", "575ec8687ae143cd83dc4a97", "--ca-file", caFile, "--url"}
	for _, value := range []string{"::bad::", "%", "http://%zz", "http:", "http://", "ftp://proxy.example", "proxy.example:port", "http://proxy.example:99999"} {
		for _, name := range []string{"HTTPS_PROXY", "http_proxy"} {
			command := exec.Command("losantmock", append(pull, "https://direct.invalid")...)
			command.Env = append(command.Environ(), "LOSANT_API_TOKEN=any", name+"="+value)
			out, _ := command.CombinedOutput()
			if code := command.ProcessState.ExitCode(); code != exit.CodeUsage && code != exit.CodeUnsure || !strings.Contains(string(out), name+" is no URL of a proxy") {
				t.Errorf("%s=%s: %d %s", name, value, code, out)
			}
		}
	}
	command := exec.Command("losantmock", append(pull, api.URL)...)
	command.Env = append(command.Environ(), "LOSANT_API_TOKEN=any", "HTTPS_PROXY=%")
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("this machine: %v %s", err, out)
	}
}

// A proxy that fails is not mistaken for the host behind it.
func TestProxiesThatFail(t *testing.T) {
	t.Parallel()
	refusing := func(status int) string {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(proxy.Close)
		return proxy.URL
	}
	file := filepath.Join(t.TempDir(), "world.yaml")
	text := "applications: [{name: a, webhooks: [{name: http, token: http, waitForReply: true, forward: 'http://workflow.example/hook'}, {name: https, token: https, waitForReply: true, forward: 'https://workflow.example/hook'}]}]"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ proxy, http, https string }{
		"that is down":          {"http://127.0.0.1:2", "the proxy can't be reached: dial tcp 127.0.0.1:2", "the proxy can't be reached: dial tcp 127.0.0.1:2"},
		"that has no address":   {"http://proxy.invalid:3128", "the proxy can't be reached: dial tcp: lookup proxy.invalid", "the proxy can't be reached: dial tcp: lookup proxy.invalid"},
		"that wants a password": {refusing(http.StatusProxyAuthRequired), "the proxy has responded with 407 Proxy Authentication Required", "the proxy has responded with 407 Proxy Authentication Required"},
		"that reaches nobody":   {refusing(http.StatusBadGateway), "", "the proxy has responded with 502 Bad Gateway"},
		"that is none":          {"%", "HTTPS_PROXY is no URL of a proxy", "HTTPS_PROXY is no URL of a proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := exec.Command("losantmock", "serve", "--listen", "127.0.0.1:0", "--scenario", file)
			command.Env = append(command.Environ(), "HTTPS_PROXY="+c.proxy, "HTTP_PROXY="+c.proxy)
			p := serveCommand(t, command)
			for scheme, want := range map[string]string{"http": c.http, "https": c.https} {
				status, body := get(t, p.url+"/webhooks/"+scheme)
				if want == "" && status == http.StatusBadGateway {
					continue // no one can tell it from the host's own
				}
				if status != 400 || !strings.Contains(body, "POST "+scheme+"://workflow.example/hook: "+want) || !strings.Contains(body, ": check HTTPS_PROXY and HTTP_PROXY") {
					t.Errorf("%s: %d %s", scheme, status, body)
				}
			}
		})
	}
}
