package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/loopback"
	"github.com/losantmock/losantmock/mockserver/authority"
)

// webhooksPath is a list of webhooks of the scenario "default".
const webhooksPath = "/applications/575ec8687ae143cd83dc4a97/webhooks?access_token=any"

// serveTLS starts a server that speaks TLS, by an authority of its own.
func serveTLS(t *testing.T, args ...string) *program {
	t.Helper()
	command := exec.Command("losantmock", append([]string{"serve", "--listen", "127.0.0.1:0", "--tls"}, args...)...)
	home := t.TempDir()
	command.Env = append(command.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home)
	return serveCommand(t, command)
}

func needCurl(t *testing.T) {
	t.Helper()
	out, err := exec.Command("curl", "--version").Output()
	need(t, "curl with HTTP/2", err != nil || !bytes.Contains(out, []byte("HTTP2")))
}

// runCurl returns the version of HTTP, and the status, that curl sees.
func runCurl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("curl", append([]string{"-sS", "-o", os.DevNull, "-w", "%{http_version} %{http_code}"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// curl speaks HTTP/2 over TLS and with prior knowledge, and HTTP/1.1 where it wants to.
func TestCurlOverTLSAndHTTP2(t *testing.T) {
	t.Parallel()
	needCurl(t)
	plain, secured := serveProgram(t), serveTLS(t)
	for want, args := range map[string][]string{
		"2 200":   {"--cacert", secured.trust, secured.url + webhooksPath},
		"1.1 200": {"--http1.1", "--cacert", secured.trust, secured.url + webhooksPath},
		"2 201":   {"--http2-prior-knowledge", "-H", "Content-Type: application/json", "-d", `{"name":"New"}`, plain.url + webhooksPath},
		"1.1 400": {"http" + strings.TrimPrefix(secured.url, "https")}, // plain HTTP to a server that speaks TLS
	} {
		if got := runCurl(t, args...); got != want {
			t.Errorf("curl %q sees %s, want %s", args, got, want)
		}
	}
	line := strings.TrimSpace(strings.TrimPrefix(secured.greeting[len(secured.greeting)-1], "try"))
	if out, err := exec.Command("sh", "-c", line+" -sS --fail").CombinedOutput(); err != nil || !strings.HasPrefix(string(out), `{"count":`) {
		t.Errorf("%s\n%s %v", line, out, err)
	}
	if out, err := exec.Command("curl", "-sS", plain.url+"/__admin/requests/export?format=curl").CombinedOutput(); err != nil || !strings.Contains(string(out), "--http2-prior-knowledge") {
		t.Errorf("%s %v", out, err)
	}
}

// A client that insists on https://api.losant.com gets to the server by that name, the
// admin API too.
func TestTheNameOfTheRealAPI(t *testing.T) {
	t.Parallel()
	needCurl(t)
	p := serveTLS(t, "--tls-host", "api.losant.com", "--admin-host", "api.losant.com")
	to := "api.losant.com:443:" + strings.TrimPrefix(p.url, "https://")
	for _, path := range []string{webhooksPath, "/__admin/health"} {
		if got := runCurl(t, "--cacert", p.trust, "--connect-to", to, "https://api.losant.com"+path); got != "2 200" {
			t.Errorf("%s: %s", path, got)
		}
	}
	runNodeAt(t, p, "own-lookup.mjs", 1)
}

// TestLosantRestOverTLS runs Losant's own client for JavaScript over TLS.
func TestLosantRestOverTLS(t *testing.T) {
	t.Parallel()
	runNodeAt(t, serveTLS(t, "--scenario", "strict-auth"), "losant-rest.mjs", 11)
}

func TestPythonOverTLS(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("python3")
	need(t, "Python", err != nil)
	p := serveTLS(t)
	command := exec.Command("python3", "-c", "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).status)", p.url+webhooksPath)
	command.Env = append(command.Environ(), "SSL_CERT_FILE="+p.trust)
	if out, err := command.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "200" {
		t.Errorf("%s %v", out, err)
	}
}

// The commands that call a server trust the authority of their user.
func TestCommandsTrustTheAuthority(t *testing.T) {
	t.Parallel()
	p := serveTLS(t)
	for _, args := range [][]string{
		{"health"},
		{"trigger", "My Webhook"},
		{"requests"},
		{"verify", "--times", "1", written(t, `{"urlPath":"/webhooks/the_webhook_token"}`)},
		{"replay", "1", "--to", p.url},
		{"pull", "--application", "575ec8687ae143cd83dc4a97"},
	} {
		command := exec.Command("losantmock", append(args, "--url", p.url)...)
		command.Env = append(slices.Clone(p.command.Env), "LOSANT_API_TOKEN=any")
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %s %v", args[0], out, err)
		}
	}
}

// With a certificate of one's own, URL and curl line have a name of the certificate.
func TestACertificateOfOnesOwn(t *testing.T) {
	t.Parallel()
	needCurl(t)
	own, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := own.Sign("losant.example")
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cert, key := filepath.Join(folder, "own.pem"), filepath.Join(folder, "own-key.pem")
	writePEM(t, cert, "CERTIFICATE", certificate.Certificate[0], own.Root.Raw)
	writePEM(t, key, "PRIVATE KEY", private)
	p := serveProgram(t, "--tls-cert", cert, "--tls-key", key)
	line := strings.TrimSpace(strings.TrimPrefix(p.greeting[len(p.greeting)-1], "try"))
	out, err := exec.Command("sh", "-c", line+" -sS --fail").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), `{"count":`) || !strings.HasPrefix(p.url, "https://losant.example:") || p.trust != cert {
		t.Errorf("%q\n%s %v", p.greeting, out, err)
	}
}

func writePEM(t *testing.T, file, kind string, blocks ...[]byte) {
	t.Helper()
	var text []byte
	for _, block := range blocks {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: block})...)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// On the loopback addresses of a name, both have the same port.
func TestBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	need(t, "IPv6", !loopback.HasIPv6())
	p := serveCommand(t, exec.Command("losantmock", "serve", "--listen", "localhost:0"))
	_, port, err := net.SplitHostPort(strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} {
		response, err := http.Get("http://" + net.JoinHostPort(host, port) + webhooksPath)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", host, response.Status)
		}
	}
	taken := exec.Command("losantmock", "serve", "--listen", "localhost:"+port)
	if out, err := taken.CombinedOutput(); err == nil || !strings.Contains(string(out), "localhost:"+port+" is in use") {
		t.Errorf("%s %v", out, err)
	}
}
