package outbound

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesOfAuthorities(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	block := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	good := block("CERTIFICATE", server.Certificate().Raw)
	for name, c := range map[string]struct{ text, want string }{
		"one":                        {good, ""},
		"two, with comments":         {"# ours\n" + good + "# theirs\n" + good, ""},
		"nothing":                    {"", "has no certificate"},
		"no PEM":                     {"certificate", "has no certificate"},
		"a key":                      {good + block("PRIVATE KEY", []byte("x")), `has a block "PRIVATE KEY"`},
		"a certificate that is none": {good + block("CERTIFICATE", []byte("x")), "certificate 2 can't be read"},
	} {
		file := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		err := AddRoots(roots, file)
		if c.want == "" && (err != nil || roots.Equal(x509.NewCertPool())) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if err := AddRoots(x509.NewCertPool(), filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing file is read")
	}
}
