// Package authority signs certificates for servers that have no other: by an
// authority that lasts as long as the program, or that is kept in a folder.
package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"regexp"
	"time"
)

// How long certificates are valid. Apple's systems accept none of a server for longer
// than 825 days.
const (
	rootYears   = 10
	leafDays    = 365
	clockOffset = time.Hour // by which the clock of a client may be late
)

// Authority signs certificates for any name. Whoever has its key can stand in for
// every server to those who trust it.
type Authority struct {
	// Root is the certificate that clients have to trust.
	Root *x509.Certificate
	key  crypto.Signer
}

// New returns a new authority that is kept nowhere.
func New() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	root := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "losantmock authority"},
		NotBefore:             now.Add(-clockOffset),
		NotAfter:              now.AddDate(rootYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return nil, err
	}
	root, err = x509.ParseCertificate(der)
	return &Authority{root, key}, err
}

// Sign returns a new certificate of a server for host names and IP addresses.
func (a *Authority) Sign(names ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	leaf := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "losantmock"},
		NotBefore:   now.Add(-clockOffset),
		NotAfter:    now.AddDate(0, 0, leafDays),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else if err := CheckName(name); err == nil {
			leaf.DNSNames = append(leaf.DNSNames, name)
		} else {
			return tls.Certificate{}, err
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.Root, key.Public(), a.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err = x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// hostName is a name that a certificate may have, whose first part may be an asterisk.
var hostName = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$`)

// CheckName returns an error for what is neither a host name nor an IP address.
func CheckName(name string) error {
	if net.ParseIP(name) == nil && (len(name) > 253 || !hostName.MatchString(name)) {
		return fmt.Errorf("%q is no host name: want one without scheme and port, such as api.losant.com, or an IP address", name)
	}
	return nil
}
