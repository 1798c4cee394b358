// Package certificate chooses the certificate that a server of the program speaks TLS
// with, and what its clients trust.
package certificate

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/mockserver/authority"
	"github.com/spf13/pflag"
)

// Flags are the flags of a server that speaks TLS.
type Flags struct {
	on        bool
	hosts     []string
	cert, key string // files
}

// Add adds the flags to a set.
func (f *Flags) Add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.on, "tls", false, "speak TLS, with a certificate for localhost and this machine's name by an authority that is made at the first start; the greeting names its file")
	flags.StringSliceVar(&f.hosts, "tls-host", nil, "further host `name` of the certificate of --tls, such as api.losant.com")
	flags.StringVar(&f.cert, "tls-cert", "", "`file` of a certificate of your own to speak TLS with, as PEM, those between it and its authority behind it")
	flags.StringVar(&f.key, "tls-key", "", "`file` of the key of --tls-cert, as PEM")
}

// Check returns an error for flags that do not go together, or name no host.
func (f *Flags) Check() error {
	switch {
	case (f.cert == "") != (f.key == ""):
		return errors.New("--tls-cert and --tls-key go together: name both files")
	case f.cert != "" && len(f.hosts) > 0:
		return errors.New("--tls-host is for the certificate that --tls makes: leave it out, as the one of --tls-cert has its names already")
	case len(f.hosts) > 0 && !f.on:
		return errors.New("--tls-host goes with --tls: add it")
	}
	for _, name := range f.hosts {
		if err := authority.CheckName(name); err != nil {
			return fmt.Errorf("--tls-host: %w", err)
		}
	}
	return nil
}

// Identity is the certificate of a server, and what clients have to trust. Nil is that of
// a server without TLS.
type Identity struct {
	Certificate tls.Certificate
	Config      *tls.Config // to serve with
	File        string      // that curl trusts
	Trust       string      // what to tell people of it
}

// Identity returns the certificate to speak TLS with; nil for plain HTTP. The one that
// --tls makes has any name below the suffix of sandboxes' hosts too; blank for none.
func (f *Flags) Identity(sandboxHost string) (*Identity, error) {
	switch {
	case f.cert != "":
		certificate, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err == nil {
			err = checkValid(certificate.Leaf)
		}
		if err != nil {
			return nil, fmt.Errorf("--tls-cert %s with --tls-key %s: %w", f.cert, f.key, err)
		}
		return &Identity{certificate, &tls.Config{Certificates: []tls.Certificate{certificate}}, f.cert, trustOf(certificate, f.cert)}, nil
	case f.on:
		return signed(f.hosts, sandboxHost)
	default:
		return nil, nil
	}
}

// checkValid returns an error for a certificate that no client accepts today.
func checkValid(leaf *x509.Certificate) error {
	switch now := time.Now(); {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("the certificate has expired on %s: clients refuse it", leaf.NotAfter.Format(time.DateOnly))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("the certificate is not valid before %s: clients refuse it", leaf.NotBefore.Format(time.DateOnly))
	default:
		return nil
	}
}

// usedBy says what the name of a file of authorities is for.
const usedBy = ": for NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE and curl --cacert"

// trustOf says what clients have to trust for a certificate of one's own: its file, if
// that ends with the authority and has no key in it.
func trustOf(certificate tls.Certificate, file string) string {
	chain := certificate.Certificate
	last, err := x509.ParseCertificate(chain[len(chain)-1])
	text, readErr := os.ReadFile(file)
	switch {
	case err != nil || readErr != nil:
		return "the authority of " + file
	case !bytes.Equal(last.RawIssuer, last.RawSubject):
		return fmt.Sprintf("the authority %q, which has signed %s", last.Issuer, file)
	case bytes.Contains(text, []byte("PRIVATE KEY-----")):
		return fmt.Sprintf("the authority %q: give it to clients in a file of its own, as %s has a private key", last.Subject, file)
	default:
		return file + usedBy
	}
}

// signed returns a certificate for this machine and further names, by the authority of
// this user.
func signed(names []string, sandboxHost string) (*Identity, error) {
	folder, err := authorityFolder()
	if err != nil {
		return nil, cantKeepAuthority(err)
	}
	own, err := authority.Open(folder)
	if err != nil {
		return nil, cantKeepAuthority(err)
	}
	all := []string{"localhost", "127.0.0.1", "::1"}
	if name, err := os.Hostname(); err == nil && authority.CheckName(name) == nil {
		all = append(all, name)
	}
	config, err := own.Config([]string{"localhost", strings.ToLower(sandboxHost)}, append(all, names...)...)
	if err != nil {
		return nil, err
	}
	return &Identity{config.Certificates[0], config, authority.File(folder), authority.File(folder) + usedBy}, nil
}

// authorityFolder returns the folder in which the authority of this user is kept.
func authorityFolder() (string, error) {
	configuration, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(configuration, "losantmock"), nil
}

// cantKeepAuthority says what to do about an authority that can't be made or read.
func cantKeepAuthority(err error) error {
	return fmt.Errorf("--tls keeps its authority in the configuration folder of its user: %w\nThe variable XDG_CONFIG_HOME names another folder on Linux, such as that of a volume, and --tls-cert and --tls-key name a certificate of your own", err)
}

// Scheme returns the scheme of the server's URLs.
func (i *Identity) Scheme() string {
	if i == nil {
		return "http"
	}
	return "https"
}

// Host returns the host of the server's URLs, which its certificate has, and the options
// by which curl finds it where no name leads to it. It is the host and port by which the
// server is reached, unless the certificate has other names.
func (i *Identity) Host(reached string) (host string, options []string) {
	host = reached
	if i == nil || i.valid(host) {
		return host, nil
	}
	_, port, _ := net.SplitHostPort(reached)
	if name := net.JoinHostPort("localhost", port); i.valid(name) {
		return name, nil
	}
	for _, name := range i.Certificate.Leaf.DNSNames {
		if !strings.HasPrefix(name, "*") {
			return net.JoinHostPort(name, port), []string{"--connect-to", "::" + host}
		}
	}
	return host, nil
}

// valid reports whether the certificate has a host.
func (i *Identity) valid(host string) bool {
	name, _, err := net.SplitHostPort(host)
	return err == nil && i.Certificate.Leaf.VerifyHostname(name) == nil
}

// Trusted returns the authorities that a client of the program trusts: those of the
// system, and the one of this user. It is nil, which stands for those of the system,
// where the user has none.
func Trusted() *x509.CertPool {
	folder, err := authorityFolder()
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(authority.File(folder))
	if err != nil {
		return nil
	}
	pool := outbound.SystemRoots()
	pool.AppendCertsFromPEM(text)
	return pool
}
