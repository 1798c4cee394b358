package authority

import (
	"crypto/tls"
	"slices"
	"strings"
)

// Config returns a configuration of TLS with a certificate for names. A client that
// wants a name below one of the suffixes gets a new certificate, which has that name
// too: not every client accepts one for *.localhost.
func (a *Authority) Config(suffixes []string, names ...string) (*tls.Config, error) {
	usual, err := a.Sign(names...)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{usual},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			name := strings.ToLower(hello.ServerName)
			below := func(suffix string) bool { return suffix != "" && strings.HasSuffix(name, "."+suffix) }
			wanted := slices.ContainsFunc(suffixes, below) && CheckName(name) == nil
			if !wanted {
				return nil, nil // the usual one
			}
			own, err := a.Sign(append(slices.Clip(names), name)...)
			return &own, err
		},
	}, nil
}
