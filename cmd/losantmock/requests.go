package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/journalfile"
	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// requestsCommand reads requests from a running server or a journal file.
type requestsCommand struct {
	client    adminclient.Client
	file      string
	stderr    io.Writer
	operation string
	status    int
	follow    bool
	json      bool
}

func newRequests() *cobra.Command {
	var c requestsCommand
	cmd := &cobra.Command{
		Use:   "requests",
		Short: "List what a server received",
		Long:  "Requests lists the requests that a running server received, oldest first, or those of a journal file. Lines of a file that are no requests are skipped, with a warning; a file in which all are such ends it with 2.",
		Example: `  losantmock requests --operation webhooks.post
  losantmock requests --follow --status 400
  losantmock requests show 6f1c0d9e-1f6e-8d0a-8000-000000000001
  losantmock requests export --format har > requests.har`,
		Args: settings.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := settings.Read(cmd); err != nil {
				return err
			}
			c.stderr = cmd.ErrOrStderr()
			return c.checkFlags(cmd.Context(), cmd.Flags())
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.list(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.client.AddFlags(cmd.PersistentFlags())
	cmd.PersistentFlags().StringVar(&c.file, "file", "", "journal `file` to read in place of a server")
	cmd.PersistentFlags().StringVar(&c.operation, "operation", "", "only requests of an `operation`, such as webhooks.post")
	cmd.PersistentFlags().IntVar(&c.status, "status", 0, "only requests whose response has a `status`")
	cmd.Flags().BoolVar(&c.follow, "follow", false, "go on with what arrives, until Ctrl-C")
	cmd.Flags().BoolVar(&c.json, "json", false, "print a line of JSON for each request")
	_ = cmd.RegisterFlagCompletionFunc("operation", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		_ = settings.Read(cmd) // without the URL of a variable, the default one serves
		return c.operations(cmd.Context()), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.AddCommand(c.newShow(), c.newExport())
	return cmd
}

func (c *requestsCommand) newShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "Print one request and its response as raw HTTP",
		Example: "  losantmock requests show 6f1c0d9e-1f6e-8d0a-8000-000000000001",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			request, err := c.find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return writeRaw(cmd.OutOrStdout(), request)
		},
	}
}

// find returns the request of an id or a sequence.
func (c *requestsCommand) find(ctx context.Context, name string) (mockserver.Request, error) {
	requests, evicted, err := c.read(ctx)
	if err != nil {
		return mockserver.Request{}, err
	}
	requests = slices.DeleteFunc(requests, func(r mockserver.Request) bool {
		return !strings.EqualFold(r.ID, name) && strconv.FormatUint(r.Sequence, 10) != name
	})
	switch {
	case len(requests) > 1:
		return mockserver.Request{}, exit.Misused(fmt.Errorf("%d requests have the sequence %s, each of another world: give the id of one", len(requests), name))
	case len(requests) == 1:
		return requests[0], nil
	case evicted > 0:
		return mockserver.Request{}, exit.Unsure(fmt.Errorf("no request has the id %s, and %s", name, incomplete(evicted)))
	default:
		return mockserver.Request{}, exit.Misused(fmt.Errorf("no request has the id %s", name))
	}
}

func (c *requestsCommand) newExport() *cobra.Command {
	var format string
	var showSecrets bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write requests for other tools",
		Long:  "Export writes requests as HAR 1.2, which opens in a browser's developer tools, as lines of JSON, or as curl commands. Tokens, passwords, codes and cookies are replaced by placeholders.",
		Example: `  losantmock requests export --format har > requests.har
  losantmock requests export --format curl --status 400`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(journal.Formats(), journal.Format(format)) {
				return fmt.Errorf("--format %q is none of %s", format, strings.Join(names(journal.Formats()), ", "))
			}
			requests, evicted, err := c.read(cmd.Context())
			if err != nil {
				return err
			}
			warnIncomplete(cmd.ErrOrStderr(), evicted)
			return journal.Export(cmd.OutOrStdout(), journal.Format(format), requests, showSecrets)
		},
	}
	cmd.Flags().StringVar(&format, "format", string(journal.HAR), "`format`: "+strings.Join(names(journal.Formats()), ", "))
	cmd.Flags().BoolVar(&showSecrets, "show-secrets", false, "write tokens, passwords, codes and cookies as they are")
	return cmd
}

// checkFlags returns what is wrong with the flags that narrow a list.
func (c *requestsCommand) checkFlags(ctx context.Context, flags *pflag.FlagSet) error {
	if flags.Changed("status") && (c.status < 100 || c.status > 599) {
		return fmt.Errorf("--status %d: want a status from 100 to 599", c.status)
	}
	for name, text := range map[string]string{"operation": c.operation, "file": c.file} {
		if flags.Changed(name) && text == "" {
			return fmt.Errorf("--%s is blank: give it a value, or leave it out", name)
		}
	}
	if c.operation == "" || slices.Contains(ownOperations(), c.operation) {
		return nil
	}
	if known := c.operations(ctx); !slices.Contains(known, c.operation) {
		return fmt.Errorf("--operation %q is no operation of the API%s", c.operation, nearest.DidYouMean(c.operation, known))
	}
	return nil
}

// operations returns the names of all operations that a request may have: those of our
// own table, and those that the server or the journal file has beside them.
func (c *requestsCommand) operations(ctx context.Context) []string {
	known := ownOperations()
	if c.file == "" {
		return append(known, c.client.Operations(ctx)...)
	}
	if file, err := os.Open(c.file); err == nil {
		defer file.Close()
		all, _ := journal.Read(file) // what is wrong with it is reported when it is read
		for _, r := range all {
			known = append(known, r.Operation)
		}
	}
	return known
}

// incomplete says that a journal has evicted requests.
func incomplete(evicted uint64) string {
	return fmt.Sprintf("the journal is incomplete: it has evicted %d request(s)", evicted)
}

// warnIncomplete warns that a list lacks requests that were evicted.
func warnIncomplete(stderr io.Writer, evicted uint64) {
	if evicted > 0 {
		fmt.Fprintf(stderr, "losantmock: %s\n", incomplete(evicted))
	}
}

// read returns the requests that are there now, oldest first, and how many older
// ones were evicted.
func (c *requestsCommand) read(ctx context.Context) (requests []mockserver.Request, evicted uint64, err error) {
	if c.file != "" {
		requests, err = journalfile.Read(c.file, c.stderr)
		return slices.DeleteFunc(requests, func(r mockserver.Request) bool { return !c.wants(r) }), 0, err
	}
	query := url.Values{}
	if c.operation != "" {
		query.Set("operation", c.operation)
	}
	if c.status != 0 {
		query.Set("status", strconv.Itoa(c.status))
	}
	var list struct {
		Requests []mockserver.Request
		Evicted  uint64
	}
	if err := c.client.CheckSandbox(ctx); err != nil {
		return nil, 0, err
	}
	if err := c.client.Get(ctx, "/requests?"+query.Encode(), "lastEventId", &list); err != nil {
		return nil, 0, err
	}
	slices.Reverse(list.Requests)
	if server, err := url.Parse(c.client.URL); err == nil {
		for i := range list.Requests {
			list.Requests[i].ServerAddr = server.Host
		}
	}
	return list.Requests, list.Evicted, nil
}

func (c *requestsCommand) wants(r mockserver.Request) bool {
	return (c.operation == "" || r.Operation == c.operation) && (c.status == 0 || r.Status == c.status)
}

func (c *requestsCommand) list(ctx context.Context, w, stderr io.Writer) error {
	if c.follow {
		if c.file != "" {
			return errors.New("--follow goes with a server, not with --file")
		}
		return c.followStream(ctx, w, stderr)
	}
	requests, evicted, err := c.read(ctx)
	if err != nil {
		return err
	}
	warnIncomplete(stderr, evicted)
	for _, r := range requests {
		if err := c.print(w, r); err != nil {
			return err
		}
	}
	return nil
}

func (c *requestsCommand) print(w io.Writer, r mockserver.Request) error {
	if c.json {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(w, visible.JSON(string(line)))
		return err
	}
	line := fmt.Sprintf("%s  %s  %3d  %-6s  %-22s  %s", r.ID, r.Time.Format("15:04:05.000"), r.Status, r.Method, r.Operation, r.BasePath+r.Target)
	if r.Violation != nil {
		line += "  " + r.Violation.Error()
	}
	if r.Aborted {
		line += "  aborted"
	}
	if r.Hint != "" {
		line += "  hint: " + r.Hint
	}
	_, err := fmt.Fprintln(w, visible.Text(strings.TrimRight(line, " ")))
	return err
}

// writeRaw writes a request and its response as they stand on the wire, but for
// fields that net/http adds, and for characters that act on a terminal.
func writeRaw(w io.Writer, r mockserver.Request) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s%s %s\nHost: %s\n", r.Method, r.BasePath, r.Target, r.Proto, r.Host)
	writeHeader(&text, r.Header)
	fmt.Fprintf(&text, "\n%s", withNewline(r.Body))
	fmt.Fprintf(&text, "\n%s %d %s\n", r.Proto, r.Status, http.StatusText(r.Status))
	writeHeader(&text, r.ResponseHeader)
	fmt.Fprintf(&text, "\n%s", withNewline(r.ResponseBody))
	_, err := io.WriteString(w, visible.Lines(text.String()))
	return err
}

func writeHeader(w io.Writer, h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fmt.Fprintf(w, "%s: %s\n", name, value)
		}
	}
}

func withNewline(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	return string(body) + "\n"
}
