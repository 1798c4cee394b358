//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Health finds the server of its container however that was started, in a namespace
// of processes such as an engine makes.
func TestHealthFindsTheServerOfItsContainer(t *testing.T) {
	t.Parallel()
	need(t, "a namespace of processes", inContainer("true").Run() != nil)
	for name, test := range map[string]struct{ environment, script string }{
		"an address of its own":    {"", "exec losantmock serve --listen 127.0.0.2:0"},
		"a flag with =":            {"", "exec losantmock serve --listen=127.0.0.1:0"},
		"every address":            {"", "exec losantmock serve --listen :0"},
		"every IPv4 address":       {"", "exec losantmock serve --listen 0.0.0.0:0"},
		"IPv6":                     {"", "exec losantmock serve --listen [::1]:0"},
		"a variable":               {"LOSANTMOCK_LISTEN=127.0.0.1:0", "exec losantmock serve"},
		"a flag before a variable": {"LOSANTMOCK_LISTEN=127.0.0.1:1", "exec losantmock serve --listen 127.0.0.1:0"},
		"a token by a flag":        {"", "exec losantmock serve --listen 127.0.0.1:0 --admin-token secret"},
		"a token by a variable":    {"LOSANTMOCK_ADMIN_TOKEN=secret", "exec losantmock serve --listen 127.0.0.1:0"},
		"a shell around it":        {"", "losantmock serve --listen 127.0.0.1:0; true"},
		"beside other commands":    {"", "losantmock record --out /dev/null --url http://127.0.0.1:1 & exec losantmock serve --listen 127.0.0.1:0"},
		"TLS by a flag":            {"", "exec losantmock serve --listen 127.0.0.1:0 --tls"},
		"TLS by a variable":        {"LOSANTMOCK_TLS=true", "exec losantmock serve --listen 127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(name, "TLS") && newServe().Flags().Lookup("tls") == nil {
				t.Skip("skipped: this program speaks no TLS")
			}
			container := inContainer(test.script)
			container.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir(), test.environment)
			p, err := startProgram(container)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				_ = container.Process.Kill()
				_ = container.Wait()
			})
			inside, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", container.Process.Pid))
			if err != nil {
				t.Fatal(err)
			}
			health := exec.Command("nsenter", "--target", strings.TrimSpace(string(inside)), "--pid", "--mount", "losantmock", "health")
			if out, err := health.CombinedOutput(); err != nil || string(out) != "healthy\n" {
				t.Errorf("%v %s of %s", err, out, p.url)
			}
		})
	}
}

// inContainer returns a shell's command whose processes see none but each other.
func inContainer(script string) *exec.Cmd {
	return exec.Command("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script)
}
