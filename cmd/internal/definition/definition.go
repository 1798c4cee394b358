// Package definition reads the definition of Losant's API that a flag names, from a path
// or from a URL.
package definition

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/spf13/pflag"
)

// Add adds the flag to those of a command.
func Add(flags *pflag.FlagSet, source *string) {
	flags.StringVar(source, "definition", "", "`path` or URL of a definition of Losant's API whose operations to serve too: the folder node_modules/losant-rest, a file with the response of GET /, or https://api.losant.com/")
}

// timeout is how long fetching a definition may take.
const timeout = 2 * time.Minute

// Load reads a definition of an API from a path, or fetches it from a URL, whose host
// may have a certificate by the roots.
func Load(ctx context.Context, source string, roots *x509.CertPool) (*contract.Definition, error) {
	base, err := url.Parse(source)
	if err != nil || !strings.Contains(source, "://") {
		return contract.LoadDefinition(source)
	}
	if base.Scheme != "https" && base.Scheme != "http" || base.Host == "" {
		return nil, fmt.Errorf("--definition %s: want a path, or a URL that begins with https:// or http://", base.Redacted())
	}
	transport, err := outbound.Pinned(base, roots)
	if err != nil {
		return nil, fmt.Errorf("--definition: %w", err)
	}
	defer transport.CloseIdleConnections()
	data, err := fetch(ctx, &http.Client{Transport: transport, Timeout: timeout}, base)
	if err != nil {
		return nil, fmt.Errorf("--definition: %w", err)
	}
	return contract.ParseDefinition(base.Redacted(), data)
}

// fetch returns the body of a response to GET.
func fetch(ctx context.Context, client *http.Client, from *url.URL) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s responds with %s: want a URL whose response is a definition", from.Redacted(), response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, contract.MaxDefinitionSize+1))
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", from.Redacted(), err)
	}
	return data, nil
}

// Log logs what of a definition can't be served in full.
func Log(logger *slog.Logger, d *contract.Definition) {
	for _, partial := range d.API().Partial() {
		logger.Warn("an operation can't be served in full", "operation", partial.Operation, "reason", partial.Reason)
	}
}
