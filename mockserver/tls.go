package mockserver

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/authority"
)

// WithTLS lets [Start] and [Server.Serve] speak TLS. The server chooses the protocols:
// HTTP/2 and HTTP/1.1.
//
// With nil the server has a certificate for localhost, the loopback addresses and the
// hosts of sandboxes, of an authority that nobody else has and that ends with it. [TestServer.Client] trusts it,
// and [TestServer.Certificate] is what other clients have to trust. Any other
// configuration needs a certificate, in Certificates or by GetCertificate, and must not
// change afterwards.
func WithTLS(config *tls.Config) Option {
	return func(s *settings) (err error) {
		s.ownTLS = config == nil
		if s.ownTLS {
			return nil // made when all options are known
		}
		if len(config.Certificates) == 0 && config.GetCertificate == nil && config.GetConfigForClient == nil {
			return errors.New("the TLS configuration has no certificate: set Certificates or GetCertificate, or pass nil for one of the server's own")
		}
		s.tls, s.trusted = config, nil
		if len(config.Certificates) > 0 {
			s.trusted, err = leafOf(config.Certificates[0])
		}
		return err
	}
}

// makeTLS makes a configuration with a new certificate, and what clients have to trust.
func (s *settings) makeTLS() error {
	own, err := authority.New()
	if err != nil {
		return err
	}
	s.trusted = own.Root
	s.tls, err = own.Config([]string{"localhost", s.worlds.SandboxHost}, "localhost", "127.0.0.1", "::1")
	return err
}

func leafOf(certificate tls.Certificate) (*x509.Certificate, error) {
	switch {
	case len(certificate.Certificate) == 0:
		return nil, errors.New("the first of the TLS configuration's Certificates is empty: load it, as by tls.LoadX509KeyPair")
	case certificate.PrivateKey == nil:
		return nil, errors.New("the first of the TLS configuration's Certificates has no private key: load it, as by tls.LoadX509KeyPair")
	case certificate.Leaf != nil:
		return certificate.Leaf, nil
	default:
		return x509.ParseCertificate(certificate.Certificate[0])
	}
}

// Client returns a client for the server, which trusts its certificate and speaks
// HTTP/2 if the server speaks TLS. Its idle connections are closed when the test ends.
func (s *TestServer) Client() *http.Client { return s.client }

// Certificate returns what a client of the server has to trust: with [WithTLS] and nil
// the authority of its certificate, with a configuration the first certificate of that.
// It is nil for a server without TLS, or without a certificate in its configuration.
func (s *TestServer) Certificate() *x509.Certificate { return s.server.trusted }

// newClient returns a client that trusts the server.
func (s *Server) newClient() *http.Client {
	transport := &http.Transport{ForceAttemptHTTP2: true}
	if s.trusted != nil {
		transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
		transport.TLSClientConfig.RootCAs.AddCert(s.trusted)
	}
	return &http.Client{Transport: transport}
}

// scheme returns the scheme of the server's URLs.
func (s *Server) scheme() string {
	if s.tls != nil {
		return "https"
	}
	return "http"
}
