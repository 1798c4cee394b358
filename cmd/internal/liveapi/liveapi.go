// Package liveapi has the flags that lead to a live API: its URL, the token for it, and
// the authorities of other hosts.
package liveapi

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/certificate"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/spf13/pflag"
)

// Flags name a live API and the token for it. The token comes from the
// environment or a file and never from an argument, which others can see.
type Flags struct {
	URL       string
	tokenFile string
	caFile    string
}

// Losant returns the flags of Losant's own API, as they are by default, with a file of
// authorities; blank is no file.
func Losant(caFile string) *Flags { return &Flags{URL: losant, caFile: caFile} }

const losant = "https://" + contract.LosantHost

// Add adds the flags to those of a command.
func (f *Flags) Add(flags *pflag.FlagSet) {
	flags.StringVar(&f.URL, "url", losant, "base `URL` of the API")
	flags.StringVar(&f.tokenFile, "token-file", "", "`file` with the access token, in place of $"+live.TokenVariable)
	AddCAFile(flags, &f.caFile)
}

// IsLosant reports whether the API is Losant's own.
func (f *Flags) IsLosant() bool {
	return strings.TrimSuffix(f.URL, "/") == losant
}

// AddCAFile adds the flag for the authorities of other hosts.
func AddCAFile(flags *pflag.FlagSet, file *string) {
	flags.StringVar(file, "ca-file", "", "`file` in PEM with authorities that sign certificates of other hosts, beside those of the system and that of --tls")
}

// RootsOf returns the authorities that the program trusts, and those of a file; a blank
// name is no file. It is nil for those of the system alone.
func RootsOf(caFile string) (*x509.CertPool, error) {
	roots := certificate.Trusted()
	if caFile == "" {
		return roots, nil
	}
	if roots == nil {
		roots = outbound.SystemRoots()
	}
	if err := outbound.AddRoots(roots, caFile); err != nil {
		return nil, fmt.Errorf("--ca-file: %w", err)
	}
	return roots, nil
}

// Roots returns the authorities that the program trusts, and those of --ca-file.
func (f *Flags) Roots() (*x509.CertPool, error) { return RootsOf(f.caFile) }

// Token returns the access token; zero where none is given.
func (f *Flags) Token() (secret.Secret, error) {
	if f.tokenFile == "" {
		return secret.New(os.Getenv(live.TokenVariable)), nil
	}
	token, err := TokenIn(f.tokenFile)
	if err != nil {
		return token, fmt.Errorf("--token-file: %w", err)
	}
	return token, nil
}

// TokenIn returns the token that a file has as its one line.
func TokenIn(file string) (secret.Secret, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return secret.Secret{}, err
	}
	token := strings.TrimSpace(string(text))
	if token == "" || strings.ContainsAny(token, "\r\n") {
		return secret.Secret{}, errors.New("want one line with the token")
	}
	return secret.New(token), nil
}

// Client returns a client and its token, which it needs.
func (f *Flags) Client() (*live.Client, secret.Secret, error) {
	token, err := f.Token()
	if err != nil {
		return nil, token, err
	}
	if token.IsZero() {
		return nil, token, errors.New("no access token: set " + live.TokenVariable + " or give --token-file")
	}
	roots, err := f.Roots()
	if err != nil {
		return nil, token, err
	}
	client, err := live.NewClient(f.URL, token, roots)
	if err != nil {
		return nil, token, fmt.Errorf("--url: %w", err)
	}
	return client, token, nil
}
