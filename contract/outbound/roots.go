package outbound

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// ReadRoots returns the authorities of the system and those of a file in PEM; nil,
// which is those of the system, for no file.
func ReadRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	found := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s has a block %q: want certificates alone", file, block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: certificate %d can't be read: %w", file, found+1, err)
		}
		roots.AddCert(certificate)
		found++
	}
	if found == 0 {
		return nil, errors.New(file + " has no certificate: want PEM, from -----BEGIN CERTIFICATE----- on")
	}
	return roots, nil
}
