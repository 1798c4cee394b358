package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/certificate"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/spf13/pflag"
)

// live is a live API and the token for it. The token comes from the
// environment or a file and never from an argument, which others can see.
type live struct {
	url       string
	tokenFile string
	caFile    string
}

func (l *live) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&l.url, "url", "https://"+contract.LosantHost, "base `URL` of the API")
	flags.StringVar(&l.tokenFile, "token-file", "", "`file` with the access token, in place of $"+suite.TokenVariable)
	addCAFile(flags, &l.caFile)
}

// addCAFile adds the flag for the authorities of other hosts.
func addCAFile(flags *pflag.FlagSet, file *string) {
	flags.StringVar(file, "ca-file", "", "`file` in PEM with authorities that sign certificates of other hosts, beside those of the system and that of --tls")
}

// rootsOf returns the authorities that the program trusts, and those of a file; a blank
// name is no file.
func rootsOf(caFile string) (*x509.CertPool, error) {
	roots := certificate.Trusted()
	if caFile == "" {
		return roots, nil
	}
	if err := outbound.AddRoots(roots, caFile); err != nil {
		return nil, fmt.Errorf("--ca-file: %w", err)
	}
	return roots, nil
}

// token is the access token; zero where none is given.
func (l *live) token() (secret.Secret, error) {
	if l.tokenFile == "" {
		return secret.New(os.Getenv(suite.TokenVariable)), nil
	}
	text, err := os.ReadFile(l.tokenFile)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("--token-file: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" || strings.ContainsAny(token, "\r\n") {
		return secret.Secret{}, errors.New("--token-file: want one line with the token")
	}
	return secret.New(token), nil
}

// client makes a client, which needs a token.
func (l *live) client() (*suite.Client, secret.Secret, error) {
	token, err := l.token()
	if err != nil {
		return nil, token, err
	}
	if token.IsZero() {
		return nil, token, errors.New("no access token: set " + suite.TokenVariable + " or give --token-file")
	}
	roots, err := rootsOf(l.caFile)
	if err != nil {
		return nil, token, err
	}
	client, err := suite.NewClient(l.url, token, roots)
	if err != nil {
		return nil, token, fmt.Errorf("--url: %w", err)
	}
	return client, token, nil
}
