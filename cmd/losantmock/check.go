package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/checknames"
	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/cmd/internal/progress"
	"github.com/losantmock/losantmock/cmd/internal/standin"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// checkCommand holds a live server against the contract.
type checkCommand struct {
	api               liveapi.Flags
	application       string
	definition        definition.Flag
	write             bool
	triggers          string
	slow              bool
	anyToken          bool
	readOnlyTokenFile string
	otherApplication  string
	logIns            int
	dryRun            bool
	againstMock       bool
	cleanUp           bool
	olderThan         time.Duration
	seed              uint64
	only              checknames.List
	except            checknames.List
	results           checkResults

	suite   suite.Suite
	standIn standin.StandIn
	out     io.Writer
	err     io.Writer
}

func newCheck() *cobra.Command {
	var c checkCommand
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold a live API against the contract",
		Long: `Check runs the documented behaviour against a live server, the real API or a stand-in, and says where it differs.

It only reads unless --write is given. Then it also creates, changes and deletes webhooks of its own, whose names begin with ` + suite.NamePrefix + ` and the run's id, and calls their own URLs at --triggers; it touches no other, and leaves none behind, also after Ctrl-C. It sends two requests a second to a host that is not this machine.

It ends with 0 when the server conforms or has news, 1 when it breaks the contract or its output can't be written, 2 when the command was called wrongly or names a file that can't be written, 3 when something could not be checked. --fail-on news lets news end with 1 too. News that are known are accepted by an earlier report, which they count in no more: --accept-news.

Commands of findings read long bodies from files, which --curl-bodies writes.`,
		Example: `  losantmock check --application 575ec8687ae143cd83dc4a97
  losantmock check --application 575ec8687ae143cd83dc4a97 --write --report junit=check.xml --report markdown=check.md
  losantmock check --application 575ec8687ae143cd83dc4a97 --dry-run
  losantmock check --application 575ec8687ae143cd83dc4a97 --definition node_modules/losant-rest --coverage
  losantmock check --application 575ec8687ae143cd83dc4a97 --only ignored_auth,unsupported_method --coverage
  losantmock check --application 575ec8687ae143cd83dc4a97 --accept-news known.json --fail-on news --report json=check.json
  losantmock check --url http://127.0.0.1:8080 --application 575ec8687ae143cd83dc4a97 --write --any-token --api-version 1.28.3`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.out, c.err = cmd.OutOrStdout(), cmd.ErrOrStderr()
			if !cmd.Flags().Changed("triggers") && !c.api.IsLosant() {
				c.triggers = "" // the webhooks of another server are not at Losant
			}
			if err := c.checkFlags(cmd.Flags()); err != nil {
				return err
			}
			defined, err := c.definition.Load(cmd.Context(), &c.api)
			if err != nil {
				return err
			}
			if c.suite.API, err = apiOf(cmd.Flags(), defined); err != nil {
				return err
			}
			return c.run(cmd.Context(), defined)
		},
	}
	flags := cmd.Flags()
	c.api.Add(flags)
	flags.StringVar(&c.application, "application", "", "`id` of the application to check with")
	addAPIVersion(flags, "`version` of Losant's API that the server is to have")
	c.definition.Add(flags, "whose operations to read too, as far as they need no more than the application")
	flags.BoolVar(&c.write, "write", false, "create, change and delete webhooks too")
	flags.StringVar(&c.triggers, "triggers", live.TriggersURL, "base `URL` of webhooks' own URLs: --write calls those of its webhooks, without the token; blank, and the default for another --url, calls none")
	flags.BoolVar(&c.slow, "slow", false, "also hold a call of a webhook until it times out, which takes a minute")
	flags.BoolVar(&c.anyToken, "any-token", false, "don't expect a 401: the server takes any token, as an open scenario does")
	flags.BoolVar(&c.dryRun, "dry-run", false, "print the requests, and send none")
	flags.BoolVar(&c.cleanUp, "clean-up", false, "delete the webhooks that earlier runs left behind, and check nothing; with --dry-run print them")
	flags.DurationVar(&c.olderThan, "older-than", time.Hour, "with --clean-up: `age` of the webhooks to delete; those of a run that is under way are younger")
	flags.IntVar(&c.logIns, "log-in-attempts", 2, "`many` attempts to log in as nobody, which a service may count")
	flags.BoolVar(&c.againstMock, "against-mock", false, "send the same requests to a stand-in that holds the same, and report where its responses differ")
	flags.StringVar(&c.readOnlyTokenFile, "read-only-token-file", "", "`file` with a token that may only read, to check that it can't write")
	flags.StringVar(&c.otherApplication, "other-application", "", "`id` of another application, to check that its path does not lead to the first one's webhooks")
	flags.Uint64Var(&c.seed, "seed", 0, "`number` from which the bodies follow that --write draws, as a report names it; 0 is random")
	flags.Var(&c.only, "only", "`names` of the checks to run, such as ignored_auth,hal_conformance; default all")
	flags.Var(&c.except, "except", "`names` of checks to leave out")
	c.results.addFlags(flags)
	return cmd
}

var idPattern = regexp.MustCompile(contract.IDPattern)

func (c *checkCommand) run(ctx context.Context, defined *contract.Definition) (err error) {
	if !checknames.Any(c.only, c.except) {
		return errors.New("--except leaves no check to run: name fewer, or more with --only")
	}
	if err := c.results.read(c.againstMock); err != nil {
		return err
	}
	if known, version := c.results.accepted, c.suite.API.Version.String(); known != nil && known.APIVersion != version {
		fmt.Fprintf(c.err, "losantmock: --accept-news: %s is of API %s, and this run checks %s: news of one may be no news of the other\n", c.results.acceptNews, known.APIVersion, version)
	}
	c.suite = suite.Suite{
		ApplicationID: c.application, API: c.suite.API, Write: c.write, Triggers: c.triggers, Slow: c.slow, AnyToken: c.anyToken, Only: c.only, Except: c.except,
		LogInAttempts: c.logIns, OtherApplicationID: c.otherApplication, Seed: c.seed,
	}
	c.standIn = standin.StandIn{Definition: defined}
	if c.readOnlyTokenFile != "" {
		if c.suite.ReadOnlyToken, err = liveapi.TokenIn(c.readOnlyTokenFile); err != nil {
			return fmt.Errorf("--read-only-token-file: %w", err)
		}
	}
	c.suite.Ended = func(webhooks int, names string) {
		fmt.Fprintf(c.err, "deleting %d webhook(s) of this run; a second Ctrl-C leaves %s, which losantmock check --url %s --application %s --clean-up --older-than 0s deletes\n", webhooks, names, c.api.URL, c.application)
	}
	if c.dryRun && !c.cleanUp {
		return c.printCalls(ctx)
	}
	client, _, err := c.api.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	c.suite.Client = client
	if c.cleanUp {
		return c.deleteLeftovers(ctx)
	}
	if err := c.results.open(); err != nil {
		return err
	}
	defer c.results.discard()
	abandoned := make(chan struct{})
	c.suite.Abandoned = abandoned
	defer exit.OnSecondSignal(func() { close(abandoned) })()
	if err := c.sayHowLong(ctx, client.Pace()); err != nil {
		return exit.Unsure(err)
	}
	shown := progress.Show(c.err, isTerminal(c.err))
	c.suite.Progress, c.suite.Observe = shown.Begin, shown.Count
	result, err := c.check(ctx)
	shown.Stop()
	if err != nil {
		return exit.Unsure(err)
	}
	return c.results.write(ctx, result, c.out, c.err)
}

// sayHowLong says how long a run takes, where there are pauses between its requests.
func (c *checkCommand) sayHowLong(ctx context.Context, pace time.Duration) error {
	if pace == 0 {
		return nil
	}
	requests, err := c.standIn.PrintCalls(ctx, io.Discard, "", c.suite)
	if err == nil {
		fmt.Fprintf(c.err, "losantmock: checking: about %d requests: %s\n", requests, progress.Estimate(requests, pace, c.held()))
	}
	return err
}

// held returns how long a slow run holds a call of a webhook.
func (c *checkCommand) held() time.Duration {
	if c.suite.Slow && c.suite.Write && c.suite.Triggers != "" {
		return time.Minute
	}
	return 0
}

// check runs the suite on the live server, and returns its report or that of the
// comparison with a stand-in.
func (c *checkCommand) check(ctx context.Context) (*report.Report, error) {
	if c.againstMock {
		return c.standIn.Compare(ctx, c.suite)
	}
	return c.suite.Run(ctx), nil
}

// printCalls prints the requests of a run, and how long it takes.
func (c *checkCommand) printCalls(ctx context.Context) error {
	client, err := live.NewClient(c.api.URL, secret.Secret{}, nil)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	defer client.Close()
	requests, err := c.standIn.PrintCalls(ctx, c.out, c.api.URL, c.suite)
	if err != nil {
		return exit.Unsure(err)
	}
	_, err = fmt.Fprintf(c.err, "losantmock: %d requests: %s\n", requests, progress.Estimate(requests, client.Pace(), c.held()))
	return err
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
