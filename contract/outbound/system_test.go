package outbound

import (
	"crypto/x509"
	"runtime"
	"testing"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// A system without authorities, as an empty image, trusts those of the package.
func TestASystemWithoutAuthorities(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("the system verifies certificates by itself")
	}
	none := t.TempDir()
	t.Setenv("SSL_CERT_FILE", none+"/none.pem")
	t.Setenv("SSL_CERT_DIR", none)
	trusted := SystemRoots()
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue // which is about what it signs
		}
		authority, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := authority.Verify(x509.VerifyOptions{Roots: trusted, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Errorf("%s: %v", authority.Subject, err)
		}
	}
}
