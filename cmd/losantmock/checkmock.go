package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/losantmock/losantmock/scenarios/recording"
)

// printCalls prints what a run would send. The calls are those of a run
// against a stand-in, since some depend on earlier responses.
func (c *checkCommand) printCalls(ctx context.Context) error {
	world := &scenarios.Scenario{Applications: []scenarios.Application{{
		ID: c.application, Name: "Dry run",
		Webhooks: []scenarios.Webhook{{Name: "First"}, {Name: "Second"}, {Name: "Third"}},
	}}}
	c.suite.RunID = "run"
	requests := 0
	ids := map[string]string{}
	anyID := regexp.MustCompile(`[0-9a-f]{24}`)
	c.suite.Observe = func(_ string, e *contract.Exchange) {
		requests++
		target := anyID.ReplaceAllStringFunc(e.URL.String(), func(id string) string {
			if id == c.application || strings.Trim(id, "0") == "" {
				return id
			}
			if ids[id] == "" {
				ids[id] = fmt.Sprintf("{webhook%d}", len(ids)+1)
			}
			return ids[id]
		})
		const limit = 100
		body := string(e.RequestBody)
		if len(body) > limit {
			body = fmt.Sprintf("%.*s... (%d bytes)", limit, body, len(body))
		}
		fmt.Fprintln(c.out, strings.TrimSpace(e.Method+" "+strings.TrimSuffix(c.url, "/")+target+" "+body))
	}
	client, err := live.NewClient(c.url, secret.Secret{}, nil)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	defer client.Close()
	if err := c.runOnMock(ctx, world); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "losantmock: %s\n", expected(requests, client.Pace()))
	return nil
}

// expected says how long a run takes that sends so many requests.
func expected(requests int, pace time.Duration) string {
	if pace == 0 {
		return fmt.Sprintf("%d requests: some seconds, without a pause between them on this machine", requests)
	}
	return fmt.Sprintf("%d requests: about %s, with %s between them", requests, (time.Duration(requests) * pace).Round(time.Second), pace)
}

// mockToken is the access token that the suite sends to a stand-in of its own.
const mockToken = "any"

// runOnMock runs the suite on a stand-in of its own.
func (c *checkCommand) runOnMock(ctx context.Context, world *scenarios.Scenario) error {
	world.API.Version = c.apiVersion
	url, stop, err := serveWorld(world)
	if err != nil {
		return err
	}
	defer stop()
	client, err := live.NewClient(url, secret.New(mockToken), nil)
	if err != nil {
		return err
	}
	defer client.Close()
	run := c.suite
	run.Client, run.AnyToken = client, true
	run.Run(ctx)
	return nil
}

// grantTheSame lets the token of a stand-in do no more than the live one, as far as
// the suite sees: a token of one application may not list applications.
func (c *checkCommand) grantTheSame(ctx context.Context, world *scenarios.Scenario) error {
	list, err := c.suite.Client.Do(ctx, live.Call{Method: http.MethodGet, Target: "/applications"})
	if err == nil && list.Status == http.StatusForbidden {
		world.Auth.Tokens = []scenarios.Token{{Token: mockToken, Scopes: []string{contract.ScopeAllApplication}}}
	}
	return err
}

// compare runs the suite on the live server and on a stand-in that was seeded
// with what the live one holds, and returns a report of where their responses
// differ, with what could not be checked.
func (c *checkCommand) compare(ctx context.Context, token secret.Secret) (*report.Report, error) {
	world, err := recording.Pull(ctx, c.suite.Client, c.application)
	if err == nil {
		err = c.grantTheSame(ctx, world)
	}
	if err != nil {
		return nil, unsure(errors.New(token.Scrub(err.Error())))
	}
	c.suite.AnyToken = true // an open stand-in takes any
	var theirs, mock []suite.Observed
	count := c.suite.Observe
	c.suite.Observe = func(title string, e *contract.Exchange) {
		count(title, e)
		theirs = append(theirs, suite.Observed{Title: title, Exchange: e})
	}
	result := c.suite.Run(ctx)
	c.suite.Observe = func(title string, e *contract.Exchange) {
		mock = append(mock, suite.Observed{Title: title, Exchange: e})
	}
	c.suite.Progress = nil
	c.suite.RunID = result.RunID // the names of webhooks are in requests
	if err := c.runOnMock(ctx, world); err != nil {
		return nil, failed(err)
	}
	compared := suite.Compare(c.suite.Client, c.suite.API, theirs, mock)
	compared.RunID, compared.Modes, compared.Coverage = result.RunID, result.Modes, result.Coverage
	compared.Started, compared.Took, compared.LeftBehind = result.Started, result.Took, result.LeftBehind
	for _, f := range result.Findings() {
		if f.Verdict == contract.CouldNotCheck {
			compared.Add(f.Finding)
		}
	}
	return compared, nil
}

// serveWorld serves a world on a port of this machine until stop is called.
func serveWorld(world *scenarios.Scenario) (url string, stop func(), err error) {
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
