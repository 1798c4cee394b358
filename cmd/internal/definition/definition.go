// Package definition has the flag --definition, and reads the definition of an API that
// it names: from a path, or from a URL.
package definition

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/spf13/pflag"
)

// timeout is how long fetching a definition may take.
const timeout = 2 * time.Minute

// Flag is the flag --definition of a command.
type Flag struct {
	source string
	flag   *pflag.Flag
}

// Add adds the flag to those of a command. The purpose is what the command does with a
// definition, such as "whose operations to serve too".
func (f *Flag) Add(flags *pflag.FlagSet, purpose string) {
	flags.StringVar(&f.source, "definition", "", "`path` or URL of a definition of Losant's API, "+purpose+": the folder node_modules/losant-rest, a file with the response of GET /, or https://"+contract.LosantHost+"/")
	f.flag = flags.Lookup("definition")
}

// IsSet reports whether the flag names a definition.
func (f *Flag) IsSet() bool { return f.source != "" }

// Load reads the definition that the flag names; nil where it names none. The error
// has a line for each problem.
func (f *Flag) Load(ctx context.Context, api *liveapi.Flags) (*contract.Definition, error) {
	switch {
	case f.IsSet():
	case f.flag != nil && f.flag.Changed:
		return nil, exit.Misused(errors.New("--definition is blank: give it a value, or leave it out"))
	default:
		return nil, nil
	}
	return Load(ctx, f.source, api)
}

// Load reads a definition from a path, or fetches it from a URL. The flags of an API have
// the authorities for it, and the token, which the host of that API alone receives.
func Load(ctx context.Context, source string, api *liveapi.Flags) (*contract.Definition, error) {
	return exit.OrDone(ctx, func() (d *contract.Definition, err error) {
		if !isURL(source) {
			d, err = contract.LoadDefinition(source)
		} else {
			d, err = fetchDefinition(ctx, source, api)
		}
		if err != nil {
			return nil, exit.Misused(err)
		}
		return d, nil
	})
}

func isURL(source string) bool { return strings.Contains(source, "://") }

func fetchDefinition(ctx context.Context, source string, api *liveapi.Flags) (*contract.Definition, error) {
	data, err := fetch(ctx, source, api)
	if err != nil {
		return nil, err
	}
	return contract.ParseDefinition(source, data)
}

// Log logs how much of a definition is not served in full, and where to see it.
func Log(logger *slog.Logger, d *contract.Definition) {
	operations, limits := map[string]bool{}, pairs.Of(d.API()).Limits(d.API())
	for _, limit := range limits {
		operations[limit.Operation] = true
	}
	if len(limits) > 0 {
		logger.Warn("some operations are not served in full: GET /__admin/definition lists them in limits", "operations", len(operations), "limits", len(limits))
	}
}

// FetchRoot returns the response of GET / of an API, as it was sent. It fails where that is
// no definition that can be used.
func FetchRoot(ctx context.Context, api *liveapi.Flags) ([]byte, error) {
	base, err := live.ParseBaseURL(api.URL)
	if err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	root := base.String() + "/"
	data, err := fetch(ctx, root, api)
	if err == nil {
		_, err = contract.ParseDefinition(root, data)
	}
	if err != nil {
		return nil, exit.Unsure(err)
	}
	return data, nil
}

// fetch returns the response to a GET of a URL, which may be a definition. It follows no
// redirection.
func fetch(ctx context.Context, from string, api *liveapi.Flags) ([]byte, error) {
	target, err := url.Parse(from)
	if err != nil || target.Scheme != "https" && target.Scheme != "http" || target.Hostname() == "" || target.User != nil {
		return nil, fmt.Errorf("the definition can't be fetched: want a path, or a URL such as https://%s/ without a user, got %q", contract.LosantHost, withoutUser(from))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	if err := authorize(request, api); err != nil {
		return nil, err
	}
	roots, err := api.Roots()
	if err != nil {
		return nil, err
	}
	transport := outbound.Open(roots)
	transport.DisableCompression = false
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the definition can't be fetched: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the definition can't be fetched: GET %s responds with %s: want the root of an API, such as https://%s/", from, response.Status, contract.LosantHost)
	}
	if response.ContentLength > contract.MaxDefinitionSize {
		return nil, fmt.Errorf("the definition can't be fetched: GET %s: it has %d bytes, and at most %d are read", from, response.ContentLength, contract.MaxDefinitionSize)
	}
	// One byte more than is allowed is enough to see that it is too large.
	data, err := io.ReadAll(io.LimitReader(response.Body, contract.MaxDefinitionSize+1))
	if err != nil {
		return nil, fmt.Errorf("the definition can't be fetched: GET %s: %w", from, err)
	}
	return data, nil
}

// authorize adds the token to a request to the API's own host.
func authorize(request *http.Request, api *liveapi.Flags) error {
	base, err := live.ParseBaseURL(api.URL)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	if base.Scheme != request.URL.Scheme || base.Host != request.URL.Host {
		return nil
	}
	token, err := api.Token()
	if err != nil || token.IsZero() {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token.Reveal())
	return nil
}

// withoutUser returns a text without what may be a password in it.
func withoutUser(text string) string {
	scheme, rest, _ := strings.Cut(text, "://")
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = "..." + rest[i:]
	}
	return scheme + "://" + rest
}
