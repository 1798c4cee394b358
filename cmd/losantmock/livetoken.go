package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/spf13/pflag"
)

// liveAPI is a live API and the token for it. The token comes from the
// environment or a file and never from an argument, which others can see.
type liveAPI struct {
	url       string
	tokenFile string
	caFile    string
}

func (l *liveAPI) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&l.url, "url", "https://"+contract.LosantHost, "base `URL` of the API")
	flags.StringVar(&l.tokenFile, "token-file", "", "`file` with the access token, in place of $"+live.TokenVariable)
	addCAFile(flags, &l.caFile)
}

// addCAFile adds the flag for the authorities of other hosts.
func addCAFile(flags *pflag.FlagSet, file *string) {
	flags.StringVar(file, "ca-file", "", "`file` in PEM with authorities that sign certificates of other hosts, beside those of the system")
}

// rootsOf returns the authorities of the system and of a file.
func rootsOf(caFile string) (*x509.CertPool, error) {
	roots, err := outbound.ReadRoots(caFile)
	if err != nil {
		return nil, fmt.Errorf("--ca-file: %w", err)
	}
	return roots, nil
}

// token is the access token; zero where none is given.
func (l *liveAPI) token() (secret.Secret, error) {
	if l.tokenFile == "" {
		return secret.New(os.Getenv(live.TokenVariable)), nil
	}
	token, err := tokenIn(l.tokenFile)
	if err != nil {
		return token, fmt.Errorf("--token-file: %w", err)
	}
	return token, nil
}

// tokenIn returns the token that a file has as its one line.
func tokenIn(file string) (secret.Secret, error) {
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

// client makes a client, which needs a token.
func (l *liveAPI) client() (*live.Client, secret.Secret, error) {
	token, err := l.token()
	if err != nil {
		return nil, token, err
	}
	if token.IsZero() {
		return nil, token, errors.New("no access token: set " + live.TokenVariable + " or give --token-file")
	}
	roots, err := rootsOf(l.caFile)
	if err != nil {
		return nil, token, err
	}
	client, err := live.NewClient(l.url, token, roots)
	if err != nil {
		return nil, token, fmt.Errorf("--url: %w", err)
	}
	return client, token, nil
}
