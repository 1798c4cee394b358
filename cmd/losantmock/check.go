package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/losantmock/losantmock/scenarios/recording"
	"github.com/spf13/cobra"
)

// checkCommand holds a live server against the contract.
type checkCommand struct {
	live
	application string
	apiVersion  string
	write       bool
	anyToken    bool
	dryRun      bool
	againstMock bool
	reports     []string

	output printer
	suite  suite.Suite
	out    io.Writer
	err    io.Writer
}

func newCheck() *cobra.Command {
	var c checkCommand
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold a live API against the contract",
		Long: `Check runs the documented behaviour against a live server, the real API or a stand-in, and says where it differs.

It only reads unless --write is given. Then it also creates, changes and deletes webhooks of its own, whose names begin with ` + suite.NamePrefix + ` and the run's id; it touches no other, and leaves none behind, also after Ctrl-C. It sends two requests a second to a host that is not this machine.

It ends with 0 when the server conforms, 1 when it breaks the contract, 3 when something could not be checked.`,
		Example: `  losantmock check --application 575ec8687ae143cd83dc4a97
  losantmock check --application 575ec8687ae143cd83dc4a97 --write --report junit=check.xml --report markdown=check.md
  losantmock check --application 575ec8687ae143cd83dc4a97 --dry-run
  losantmock check --url http://127.0.0.1:8080 --application 575ec8687ae143cd83dc4a97 --write --any-token --api-version 1.28.3`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.out, c.err = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return c.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	c.addFlags(flags)
	c.output.addFlags(flags)
	flags.StringVar(&c.application, "application", "", "`id` of the application to check with")
	flags.StringVar(&c.apiVersion, "api-version", contract.Newest.String(), "`version` of Losant's API that the server is to have")
	flags.BoolVar(&c.write, "write", false, "create, change and delete webhooks too")
	flags.BoolVar(&c.anyToken, "any-token", false, "don't expect a 401: the server takes any token, as an open scenario does")
	flags.BoolVar(&c.dryRun, "dry-run", false, "print the requests, and send none")
	flags.BoolVar(&c.againstMock, "against-mock", false, "send the same requests to a stand-in that holds the same, and print where its responses differ")
	flags.StringArrayVar(&c.reports, "report", nil, "also write a report as `FORMAT=FILE`, such as json=check.json: "+strings.Join(names(report.Formats()), ", "))
	return cmd
}

var idPattern = regexp.MustCompile(contract.IDPattern)

func (c *checkCommand) run(ctx context.Context) error {
	if !idPattern.MatchString(c.application) {
		return fmt.Errorf("--application %q: want the id of an application, 24 hexadecimal digits", c.application)
	}
	for _, r := range c.reports {
		format, file, ok := strings.Cut(r, "=")
		if !ok || file == "" || !slices.Contains(report.Formats(), report.Format(format)) {
			return fmt.Errorf("--report %q: want FORMAT=FILE, with one of the formats %s", r, strings.Join(names(report.Formats()), ", "))
		}
	}
	api, err := apiAt(c.apiVersion)
	if err != nil {
		return err
	}
	c.suite = suite.Suite{ApplicationID: c.application, API: api, Write: c.write, AnyToken: c.anyToken}
	if c.dryRun {
		return c.printCalls(ctx)
	}
	client, token, err := c.client()
	if err != nil {
		return err
	}
	defer client.Close()
	c.suite.Client = client
	if !isTerminal(c.err) {
		defer whileLong(c.err, "checking: some hundreds of requests, two a second to the real API")()
	} else {
		c.suite.Progress = func(done, all int, title string) {
			fmt.Fprintf(c.err, "\r\x1b[K[%d/%d] %s", done+1, all, title)
		}
	}
	if c.againstMock {
		return c.compare(ctx, token)
	}
	targets, err := c.openReports()
	if err != nil {
		return err
	}
	defer output.DiscardAll(targets)
	return c.report(ctx, c.suite.Run(ctx), targets)
}

// openReports opens the files of the reports that were asked for, in their order.
// Two can't have one file.
func (c *checkCommand) openReports() ([]*output.Target, error) {
	var targets []*output.Target
	for _, wanted := range c.reports {
		_, path, _ := strings.Cut(wanted, "=")
		t, err := output.Open(path)
		if err == nil {
			if slices.ContainsFunc(targets, t.SameFile) {
				err = fmt.Errorf("%s is the file of two reports: name one for each", path)
			}
			targets = append(targets, t)
		}
		if err != nil {
			output.DiscardAll(targets)
			return nil, misused(fmt.Errorf("--report: %w", err))
		}
	}
	return targets, nil
}

// names returns the names of formats.
func names[F ~string](formats []F) []string {
	var all []string
	for _, format := range formats {
		all = append(all, string(format))
	}
	return all
}

// report writes the reports that were asked for, and prints one. If one can't be
// written, the others are all the same.
func (c *checkCommand) report(ctx context.Context, r *report.Report, targets []*output.Target) error {
	if c.suite.Progress != nil {
		fmt.Fprint(c.err, "\r\x1b[K")
	}
	write := r.Write
	if isTerminal(c.out) && os.Getenv("NO_COLOR") == "" {
		write = func(w io.Writer, _ report.Format) error { return r.WriteColored(w) }
	}
	format := report.Text
	if c.output.json {
		write, format = r.Write, report.JSON
	}
	var problems []error
	for i, t := range targets {
		format, _, _ := strings.Cut(c.reports[i], "=")
		if err := t.Write(ctx, func(w io.Writer) error { return r.Write(w, report.Format(format)) }); err != nil {
			problems = append(problems, fmt.Errorf("--report: %w", err))
		}
	}
	if err := errors.Join(append(problems, write(c.out, format))...); err != nil {
		return failed(err)
	}
	switch r.Verdict {
	case contract.Breaks:
		return ended(exitFailed)
	case contract.CouldNotCheck:
		return ended(exitUnsure)
	default:
		return nil
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// printCalls prints what a run would send. The calls are those of a run
// against a stand-in, since some depend on earlier responses.
func (c *checkCommand) printCalls(ctx context.Context) error {
	world := &scenarios.Scenario{Applications: []scenarios.Application{{
		ID: c.application, Name: "Dry run",
		Webhooks: []scenarios.Webhook{{Name: "First"}, {Name: "Second"}, {Name: "Third"}},
	}}}
	c.suite.RunID = "run"
	ids := map[string]string{}
	anyID := regexp.MustCompile(`[0-9a-f]{24}`)
	c.suite.Observe = func(_ string, e *contract.Exchange) {
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
	return c.runOnMock(ctx, world)
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
	client, err := suite.NewClient(url, secret.New(mockToken), nil)
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
	list, err := c.suite.Client.Do(ctx, suite.Call{Method: http.MethodGet, Target: "/applications"})
	if err == nil && list.Status == http.StatusForbidden {
		world.Auth.Tokens = []scenarios.Token{{Token: mockToken, Scopes: []string{contract.ScopeAllApplication}}}
	}
	return err
}

// compare runs the suite on the live server and on a stand-in that was seeded
// with what the live one holds, and prints where their responses differ.
func (c *checkCommand) compare(ctx context.Context, token secret.Secret) error {
	world, err := recording.Pull(ctx, c.suite.Client, c.application)
	if err != nil {
		return unsure(errors.New(token.Scrub(err.Error())))
	}
	if err := c.grantTheSame(ctx, world); err != nil {
		return unsure(errors.New(token.Scrub(err.Error())))
	}
	c.suite.RunID = "compare"
	c.suite.AnyToken = true // an open stand-in takes any
	var live, mock []suite.Observed
	c.suite.Observe = func(title string, e *contract.Exchange) {
		live = append(live, suite.Observed{Title: title, Exchange: e})
	}
	result := c.suite.Run(ctx)
	c.suite.Observe = func(title string, e *contract.Exchange) {
		mock = append(mock, suite.Observed{Title: title, Exchange: e})
	}
	c.suite.Progress = nil
	if err := c.runOnMock(ctx, world); err != nil {
		return failed(err)
	}
	differences := suite.Differences(live, mock)
	if c.err != nil && isTerminal(c.err) {
		fmt.Fprint(c.err, "\r\x1b[K")
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, d := range differences {
		fmt.Fprintf(w, "%s\n  %s\tlive\t%s\n  \tmock\t%s\n", token.Scrub(d.Request), token.Scrub(d.Field), token.Scrub(d.A), token.Scrub(d.B))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%d difference(s) in the responses to %d requests\n", len(differences), len(live))
	switch {
	case len(differences) > 0:
		return ended(exitFailed)
	case result.Verdict == contract.CouldNotCheck:
		return ended(exitUnsure)
	default:
		return nil
	}
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
