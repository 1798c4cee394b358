// Package standin runs a suite on a stand-in of its own: to print the requests of a
// run, and to compare a live server with it.
package standin

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/comparison"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/losantmock/losantmock/scenarios/recording"
)

// StandIn is what the stand-in of a run has beside what the run's server holds.
type StandIn struct {
	// Definition has the operations that it serves beside those of webhooks; nil is none.
	Definition *contract.Definition
}

// PrintCalls prints the requests that a run would send to a base URL, and returns
// their number. They are those of a run on a stand-in, since some depend on earlier
// responses. It fails where the context ends.
func (s StandIn) PrintCalls(ctx context.Context, w io.Writer, baseURL string, run suite.Suite) (requests int, err error) {
	world := &scenarios.Scenario{Applications: []scenarios.Application{{
		ID: run.ApplicationID, Name: "Dry run",
		Webhooks: []scenarios.Webhook{{Name: "First"}, {Name: "Second"}, {Name: "Third"}},
	}}}
	world.Triggers.ReplyTimeout = time.Second // of a slow run
	client, stop, err := s.serve(world, &run, secret.New(secret.Placeholder), contract.ScopeAllUser)
	if err != nil {
		return 0, err
	}
	defer stop()
	p := printer{w: w, baseURL: strings.TrimSuffix(baseURL, "/"), triggers: strings.TrimSuffix(run.Triggers, "/"), kept: []string{run.ApplicationID, run.OtherApplicationID}, ids: map[string]string{}}
	run.Client, run.RunID, run.Seed, run.Observe, run.Ended = client, "run", 1, p.print, nil
	if run.Triggers != "" {
		run.Triggers = client.BaseURL()
	}
	run.Run(ctx)
	if ctx.Err() != nil {
		return 0, errEnded
	}
	return p.requests, nil
}

// errEnded is what a run ends with whose context ended before it began.
var errEnded = errors.New("the run was ended")

// Compare runs a suite on its live server, sends the same requests to a stand-in that was
// seeded with what the live one holds, and returns a report of where their responses
// differ, with what could not be checked. It calls no webhooks. That is all where the application can't be
// read. It fails where no stand-in can be served.
func (s StandIn) Compare(ctx context.Context, run suite.Suite) (*report.Report, error) {
	world, scope, err := pull(ctx, &run)
	if err != nil {
		return unread(ctx, &run, err), nil
	}
	client, stop, err := s.serve(world, &run, run.Client.Token(), scope)
	if err != nil {
		return nil, err
	}
	defer stop()
	compared := comparison.New(ctx, run.Client, client, run.API, run.ReadOnlyToken)
	run.Triggers = ""
	observe := run.Observe
	run.Observe = func(title string, e *contract.Exchange) {
		if observe != nil {
			observe(title, e)
		}
		compared.Observe(title, e)
	}
	return compared.Report(run.Run(ctx)), nil
}

// pull returns what the live server of a run holds, and a scope that lets a token do as
// much as the live one, as far as the suite sees: a token of one application may not list
// applications.
func pull(ctx context.Context, run *suite.Suite) (world *scenarios.Scenario, scope string, err error) {
	if world, err = recording.Pull(ctx, run.Client, run.ApplicationID); err != nil {
		return nil, "", err
	}
	list, err := run.Client.Do(ctx, live.Call{Method: http.MethodGet, Target: "/applications"})
	if err == nil && list.Status == http.StatusForbidden {
		return world, contract.ScopeAllApplication, nil
	}
	return world, contract.ScopeAllUser, err
}

// unread returns the report of a comparison with what could not be read.
func unread(ctx context.Context, run *suite.Suite, err error) *report.Report {
	if ctx.Err() != nil {
		err = errEnded
	}
	r := report.New(run.Client.BaseURL(), run.API)
	r.Against, r.ApplicationID = comparison.Against, run.ApplicationID
	r.Checks = nil
	r.Add(contract.Finding{
		Check: contract.OperationApplicationGet, Verdict: contract.CouldNotCheck, Case: "reading what the stand-in is to hold",
		Message: run.Client.Token().Scrub(err.Error()),
	})
	return r
}

// serve serves a stand-in for the server of a run on a port of this machine until stop is
// called, and returns a client for it. It knows the token, which has a scope, and the
// read-only token of the run, and any other where the run's server does.
func (s StandIn) serve(world *scenarios.Scenario, run *suite.Suite, token secret.Secret, scope string) (client *live.Client, stop func(), err error) {
	world.API.Version = run.API.Version.String()
	if !run.AnyToken {
		world.Auth.Mode = scenarios.AuthStrict
	}
	world.Auth.Tokens = []scenarios.Token{{Token: token.Reveal(), Scopes: []string{scope}}}
	if !run.ReadOnlyToken.IsZero() {
		world.Auth.Tokens = append(world.Auth.Tokens, scenarios.Token{Token: run.ReadOnlyToken.Reveal(), Scopes: []string{contract.ScopeAllApplicationRead}})
	}
	if run.OtherApplicationID != "" {
		world.Applications = append(world.Applications, scenarios.Application{ID: run.OtherApplicationID, Name: "Other"})
	}
	options := []mockserver.Option{mockserver.WithWorld(world)}
	if s.Definition != nil {
		options = append(options, mockserver.WithLoadedDefinition(s.Definition))
	}
	server, err := mockserver.New(options...)
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	if client, err = live.NewClient("http://"+listener.Addr().String(), token, nil); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	return client, func() {
		_ = client.Close()
		cancel()
		<-ended //nolint:errcheck // how it ends is no matter of the check
	}, nil
}
