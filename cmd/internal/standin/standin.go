// Package standin runs a suite on a stand-in of its own: to print the requests of a
// run, and to compare a live server with it.
package standin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/comparison"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/losantmock/losantmock/scenarios/recording"
)

// PrintCalls prints the requests that a run would send to a base URL, and returns
// their number. They are those of a run on a stand-in, since some depend on earlier
// responses.
func PrintCalls(ctx context.Context, w io.Writer, baseURL string, run suite.Suite) (requests int, err error) {
	world := &scenarios.Scenario{Applications: []scenarios.Application{{
		ID: run.ApplicationID, Name: "Dry run",
		Webhooks: []scenarios.Webhook{{Name: "First"}, {Name: "Second"}, {Name: "Third"}},
	}}}
	world.Triggers.ReplyTimeout = time.Second // of a slow run
	triggers := run.Triggers
	run.RunID, run.Seed = "run", 1
	ids := map[string]string{}
	anyID := regexp.MustCompile(`[0-9a-f]{24}`)
	ownURL := regexp.MustCompile(`^/webhooks/[^/?]+`)
	run.Observe = func(_ string, e *contract.Exchange) {
		requests++
		target := anyID.ReplaceAllStringFunc(e.URL.String(), func(id string) string {
			if id == run.ApplicationID || strings.Trim(id, "0") == "" {
				return id
			}
			if ids[id] == "" {
				ids[id] = fmt.Sprintf("{webhook%d}", len(ids)+1)
			}
			return ids[id]
		})
		base := baseURL
		if ownURL.MatchString(target) {
			base, target = triggers, ownURL.ReplaceAllString(target, "/webhooks/{token}")
		}
		const limit = 100
		body := string(e.RequestBody)
		if len(body) > limit {
			body = fmt.Sprintf("%.*s... (%d bytes)", limit, body, len(body))
		}
		fmt.Fprintln(w, strings.TrimSpace(e.Method+" "+strings.TrimSuffix(base, "/")+target+" "+visible.Text(body)))
	}
	err = runOn(ctx, world, run)
	return requests, err
}

// mockToken is the access token that the suite sends to a stand-in of its own.
const mockToken = "any"

// runOn runs the suite on a stand-in that holds a world.
func runOn(ctx context.Context, world *scenarios.Scenario, run suite.Suite) error {
	world.API.Version = run.API.Version.String()
	url, stop, err := serve(world)
	if err != nil {
		return err
	}
	defer stop()
	client, err := live.NewClient(url, secret.New(mockToken), nil)
	if err != nil {
		return err
	}
	defer client.Close()
	run.Client, run.AnyToken, run.Ended = client, true, nil
	if run.Triggers != "" {
		run.Triggers = url
	}
	run.Run(ctx)
	return nil
}

// grantTheSame lets the token of a stand-in do no more than the live one, as far as
// the suite sees: a token of one application may not list applications.
func grantTheSame(ctx context.Context, client *live.Client, world *scenarios.Scenario) error {
	list, err := client.Do(ctx, live.Call{Method: http.MethodGet, Target: "/applications"})
	if err == nil && list.Status == http.StatusForbidden {
		world.Auth.Tokens = []scenarios.Token{{Token: mockToken, Scopes: []string{contract.ScopeAllApplication}}}
	}
	return err
}

// Compare runs a suite on its live server and on a stand-in that was seeded with what
// the live one holds, and returns a report of where their responses differ, with what
// could not be checked. It calls no webhooks. It fails where the application can't be
// read.
func Compare(ctx context.Context, run suite.Suite) (*report.Report, error) {
	world, err := recording.Pull(ctx, run.Client, run.ApplicationID)
	if err == nil {
		err = grantTheSame(ctx, run.Client, world)
	}
	if err != nil {
		return nil, errors.New(run.Client.Token().Scrub(err.Error()))
	}
	var theirs, mock []comparison.Observed
	observe := run.Observe
	run.Triggers = ""
	run.AnyToken = true // an open stand-in takes any
	run.Seed = 1        // for both
	run.Observe = func(title string, e *contract.Exchange) {
		if observe != nil {
			observe(title, e)
		}
		theirs = append(theirs, comparison.Observed{Title: title, Exchange: e})
	}
	result := run.Run(ctx)
	run.Progress = nil
	run.RunID = result.RunID // the names of webhooks are in requests
	run.Observe = func(title string, e *contract.Exchange) {
		mock = append(mock, comparison.Observed{Title: title, Exchange: e})
	}
	if err := runOn(ctx, world, run); err != nil {
		return nil, err
	}
	compared := comparison.Of(run.Client, run.API, theirs, mock)
	compared.RunID, compared.Seed, compared.Modes, compared.Coverage = result.RunID, result.Seed, result.Modes, result.Coverage
	compared.Started, compared.Took, compared.LeftBehind, compared.Bodies = result.Started, result.Took, result.LeftBehind, result.Bodies
	addUnchecked(compared, result)
	return compared, nil
}

// addUnchecked adds what a run could not check to the report of a comparison.
func addUnchecked(compared, result *report.Report) {
	for i := range result.Checks {
		for _, f := range result.Checks[i].Findings {
			if f.Verdict == contract.CouldNotCheck {
				compared.Add(f.Finding)
			}
			for _, c := range f.Consequences {
				if c.Verdict == contract.CouldNotCheck {
					compared.AddConsequence(f.Finding, c.Finding)
				}
			}
		}
	}
}

// serve serves a world on a port of this machine until stop is called.
func serve(world *scenarios.Scenario) (url string, stop func(), err error) {
	server, err := mockserver.New(mockserver.WithWorld(world))
	if err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	stop = func() {
		cancel()
		<-ended //nolint:errcheck // how it ends is no matter of the check
	}
	return "http://" + listener.Addr().String(), stop, nil
}
