package authority_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/authority"
)

func TestCertificatesAreValidForTheirNames(t *testing.T) {
	t.Parallel()
	a, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := a.Sign("localhost", "127.0.0.1", "::1", "api.losant.com", "*.example.com")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.Root)
	for name, valid := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "api.losant.com": true, "a.example.com": true,
		"losant.com": false, "127.0.0.2": false, "example.com": false,
	} {
		if _, err := certificate.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); (err == nil) != valid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "https://api.losant.com", "localhost:8080", "a..b", "ä.com", "a.*.com", "a b"} {
		if _, err := a.Sign(name); err == nil || !strings.Contains(err.Error(), "want one without scheme and port") {
			t.Errorf("%q is signed: %v", name, err)
		}
	}
}

// Of several programs that begin at the same time, one makes the authority, and the
// next start finds it.
func TestAFolderHasOneAuthority(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "made", "losantmock")
	var opened [8]*authority.Authority
	var all sync.WaitGroup
	for i := range opened {
		all.Go(func() {
			var err error
			if opened[i], err = authority.Open(folder); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	again, err := authority.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range opened {
		if !a.Root.Equal(again.Root) {
			t.Error("there are two authorities")
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v %v", entries, err)
	}
	text, err := os.ReadFile(authority.File(folder))
	if err != nil || strings.Contains(string(text), "KEY") {
		t.Errorf("the file for clients: %v\n%s", err, text)
	}
	if info, err := os.Stat(filepath.Join(folder, "authority-key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// The copy for clients is made again. Whatever else is wrong with an authority is
// reported with its file and a remedy, and changes nothing.
func TestAnAuthorityThatCanNotBeUsed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, folder string)
		want   string
	}{
		{"no copy", func(t *testing.T, folder string) { remove(t, authority.File(folder)) }, ""},
		{"no key", func(t *testing.T, folder string) { remove(t, filepath.Join(folder, "authority-key.pem")) }, "has lost its key"},
		{"broken", func(t *testing.T, folder string) { write(t, filepath.Join(folder, "authority-key.pem"), "none") }, "can't be used: tls: failed to find any PEM data"},
		{"another copy", func(t *testing.T, folder string) { write(t, authority.File(folder), "none") }, "is not the certificate of"},
		{"expired", func(t *testing.T, folder string) {
			write(t, filepath.Join(folder, "authority-key.pem"), pair(t, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, NotAfter: time.Unix(0, 0)}))
		}, "it has expired on 1970-01-01"},
		{"none", func(t *testing.T, folder string) {
			write(t, filepath.Join(folder, "authority-key.pem"), pair(t, &x509.Certificate{NotAfter: time.Now().Add(time.Hour)}))
		}, "its certificate is not that of an authority"},
	} {
		folder := t.TempDir()
		if _, err := authority.Open(folder); err != nil {
			t.Fatal(err)
		}
		c.damage(t, folder)
		_, err := authority.Open(folder)
		switch {
		case c.want == "" && err == nil:
		case c.want == "" || err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), folder) || !strings.Contains(err.Error(), "the next start makes"):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func remove(t *testing.T, file string) {
	t.Helper()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// pair returns a certificate with its key.
func pair(t *testing.T, template *x509.Certificate) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}
