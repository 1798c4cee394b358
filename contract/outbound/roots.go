package outbound

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

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
