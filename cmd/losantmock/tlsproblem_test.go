package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/authority"
)

// The commands reach a sandbox by its host, with TLS and without, and say what is wrong
// with the scheme of a URL, its name and the certificate.
func TestURLsOfCommands(t *testing.T) {
	t.Parallel()
	plain, secured := serveProgram(t), serveTLS(t, "--listen", "0.0.0.0:0")
	of := func(url, scheme, host string) string {
		return scheme + "://" + host + url[strings.LastIndex(url, ":"):]
	}
	stranger := t.TempDir()
	for _, c := range []struct {
		name, url string
		env       []string
		want      string // blank for success
	}{
		{"a sandbox", of(plain.url, "http", "a.localhost"), nil, ""},
		{"a sandbox over TLS", of(secured.url, "https", "a.localhost"), secured.command.Env, ""},
		{"plain HTTP to TLS", of(secured.url, "http", "127.0.0.1"), secured.command.Env, "speaks TLS: write https:// for http://"},
		{"TLS to plain HTTP", of(plain.url, "https", "127.0.0.1"), secured.command.Env, "does not speak TLS: write http:// for https://"},
		{"an authority of another user", secured.url, []string{"HOME=" + stranger, "XDG_CONFIG_HOME=" + stranger}, "its certificate is not trusted"},
		{"another name", of(secured.url, "https", "127.0.0.2"), secured.command.Env, "use a name of its certificate in --url"},
	} {
		for _, name := range []string{"requests", "health"} {
			command := exec.Command("losantmock", name, "--url", c.url)
			command.Env = append(command.Environ(), c.env...)
			out, err := command.CombinedOutput()
			if (err == nil) != (c.want == "") || !strings.Contains(string(out), c.want) {
				t.Errorf("%s: %s: %v %s", c.name, name, err, out)
			}
		}
	}
}

// The greeting names what clients have to trust, and never a file with a private key.
// A certificate that no client accepts is refused.
func TestWhatToTrustForACertificateOfOnesOwn(t *testing.T) {
	t.Parallel()
	own, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := own.Sign("localhost")
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(signed.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string) string { return filepath.Join(t.TempDir(), name) }
	leaf, chain, both, keyFile := file("leaf.pem"), file("chain.pem"), file("both.pem"), file("key.pem")
	writePEM(t, leaf, "CERTIFICATE", signed.Certificate[0])
	writePEM(t, chain, "CERTIFICATE", signed.Certificate[0], own.Root.Raw)
	writePEM(t, keyFile, "PRIVATE KEY", key)
	private, _ := os.ReadFile(keyFile)
	certificates, _ := os.ReadFile(chain)
	if err := os.WriteFile(both, append(certificates, private...), 0o600); err != nil {
		t.Fatal(err)
	}
	for cert, want := range map[string]string{
		leaf:  `the authority "CN=losantmock authority", which has signed ` + leaf,
		chain: chain + ": for NODE_EXTRA_CA_CERTS",
		both:  `the authority "CN=losantmock authority": give it to clients in a file of its own, as ` + both + " has a private key",
	} {
		p := serveProgram(t, "--tls-cert", cert, "--tls-key", keyFile)
		if greeting := strings.Join(p.greeting, "\n"); !strings.Contains(greeting, "trust        "+want) {
			t.Errorf("%s\nwant %s", greeting, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // a server that is not refused serves on
	defer cancel()
	for want, from := range map[string]time.Time{
		"the certificate has expired on ":     time.Now().Add(-48 * time.Hour),
		"the certificate is not valid before": time.Now().Add(48 * time.Hour),
	} {
		cert, key := lasting(t, from, 24*time.Hour)
		out, err := exec.CommandContext(ctx, "losantmock", "serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v %s, want %s", err, out, want)
		}
	}
}

// lasting returns the files of a certificate that is valid from a time on, and of its
// key.
func lasting(t *testing.T, from time.Time, d time.Duration) (cert, key string) {
	t.Helper()
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, NotBefore: from, NotAfter: from.Add(d)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, pair.Public(), pair)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(pair)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	writePEM(t, cert, "CERTIFICATE", der)
	writePEM(t, key, "PRIVATE KEY", private)
	return cert, key
}
