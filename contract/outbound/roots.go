package outbound

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// SystemRoots returns the authorities of the system. In place of those of a system that
// has none, as an empty image, are those that come with the package.
func SystemRoots() *x509.CertPool {
	pool, err := x509.SystemCertPool()
	if err == nil && !pool.Equal(x509.NewCertPool()) {
		return pool
	}
	pool = x509.NewCertPool()
	for root := range bundle.Roots() {
		parsed, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil: // it would be one of many that are never used
		case root.Constraint != nil:
			pool.AddCertWithConstraint(parsed, root.Constraint)
		default:
			pool.AddCert(parsed)
		}
	}
	return pool
}

// AddRoots adds the authorities of a file in PEM to others.
func AddRoots(roots *x509.CertPool, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return fmt.Errorf("%s has a block %q: want certificates alone", file, block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("%s: certificate %d can't be read: %w", file, found+1, err)
		}
		roots.AddCert(certificate)
		found++
	}
	if found == 0 {
		return errors.New(file + " has no certificate: want PEM, from -----BEGIN CERTIFICATE----- on")
	}
	return nil
}
