package main

import (
	"bufio"
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

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/spf13/cobra"
)

// requestsCommand reads requests from a running server or a journal file.
type requestsCommand struct {
	client    adminClient
	file      string
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
		Long:  "Requests lists the requests that a running server received, oldest first, or those of a journal file.",
		Example: `  losantmock requests --operation webhooks.post
  losantmock requests --follow --status 400
  losantmock requests show 6f1c0d9e-1f6e-8d0a-8000-000000000001
  losantmock requests export --format har > requests.har`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.list(cmd.Context(), cmd.OutOrStdout())
		},
	}
	c.client.addFlags(cmd.PersistentFlags())
	cmd.PersistentFlags().StringVar(&c.file, "file", "", "journal `file` to read in place of a server")
	cmd.PersistentFlags().StringVar(&c.operation, "operation", "", "only requests of an `operation`, such as webhooks.post")
	cmd.PersistentFlags().IntVar(&c.status, "status", 0, "only requests whose response has a `status`")
	cmd.Flags().BoolVar(&c.follow, "follow", false, "go on with what arrives, until Ctrl-C")
	cmd.Flags().BoolVar(&c.json, "json", false, "print a line of JSON for each request")
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
			requests, err := c.read(cmd.Context())
			if err != nil {
				return &failure{err}
			}
			i := slices.IndexFunc(requests, func(r mockserver.Request) bool { return strings.EqualFold(r.ID, args[0]) })
			if i < 0 {
				return &failure{fmt.Errorf("losantmock: no request has the id %s", args[0])}
			}
			return writeRaw(cmd.OutOrStdout(), requests[i])
		},
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
			requests, err := c.read(cmd.Context())
			if err != nil {
				return &failure{err}
			}
			return journal.Export(cmd.OutOrStdout(), journal.Format(format), requests, showSecrets)
		},
	}
	cmd.Flags().StringVar(&format, "format", string(journal.HAR), "`format`: "+strings.Join(names(journal.Formats()), ", "))
	cmd.Flags().BoolVar(&showSecrets, "show-secrets", false, "write tokens, passwords, codes and cookies as they are")
	return cmd
}

// read returns the requests that are there now, oldest first.
func (c *requestsCommand) read(ctx context.Context) ([]mockserver.Request, error) {
	if c.file != "" {
		return c.readFile()
	}
	query := url.Values{}
	if c.operation != "" {
		query.Set("operation", c.operation)
	}
	if c.status != 0 {
		query.Set("status", strconv.Itoa(c.status))
	}
	var list struct{ Requests []mockserver.Request }
	if err := c.client.get(ctx, "/requests?"+query.Encode(), &list); err != nil {
		return nil, fmt.Errorf("losantmock: %w", err)
	}
	slices.Reverse(list.Requests)
	return list.Requests, nil
}

func (c *requestsCommand) readFile() ([]mockserver.Request, error) {
	file, err := os.Open(c.file)
	if err != nil {
		return nil, fmt.Errorf("losantmock: %w", err)
	}
	defer file.Close()
	all, err := journal.Read(file)
	if err != nil {
		return nil, fmt.Errorf("losantmock: %s: %w", c.file, err)
	}
	return slices.DeleteFunc(all, func(r mockserver.Request) bool { return !c.wants(r) }), nil
}

func (c *requestsCommand) wants(r mockserver.Request) bool {
	return (c.operation == "" || r.Operation == c.operation) && (c.status == 0 || r.Status == c.status)
}

func (c *requestsCommand) list(ctx context.Context, w io.Writer) error {
	if c.follow {
		if c.file != "" {
			return errors.New("--follow goes with a server, not with --file")
		}
		return c.followStream(ctx, w)
	}
	requests, err := c.read(ctx)
	if err != nil {
		return &failure{err}
	}
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
		_, err = fmt.Fprintf(w, "%s\n", line)
		return err
	}
	line := fmt.Sprintf("%s  %s  %3d  %-6s  %-22s  %s", r.ID, r.Time.Format("15:04:05.000"), r.Status, r.Method, r.Operation, r.Target)
	if r.Violation != nil {
		line += "  " + r.Violation.Error()
	}
	if r.Aborted {
		line += "  aborted"
	}
	if r.Hint != "" {
		line += "  hint: " + r.Hint
	}
	_, err := fmt.Fprintln(w, strings.TrimRight(line, " "))
	return err
}

// followStream prints what the server's stream brings, once there is a response.
func (c *requestsCommand) followStream(ctx context.Context, w io.Writer) error {
	response, err := c.client.do(ctx, http.MethodGet, "/requests/stream", nil)
	if err != nil {
		return &failure{fmt.Errorf("losantmock: %w", err)}
	}
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	event := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, io.EOF) {
				return nil // Ctrl-C, or the server has ended
			}
			return &failure{fmt.Errorf("losantmock: %w", err)}
		}
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			event = strings.TrimSpace(name)
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok || event != "request" {
			continue
		}
		var r mockserver.Request
		if err := json.Unmarshal([]byte(data), &r); err != nil {
			return &failure{fmt.Errorf("losantmock: the stream can't be read: %w", err)}
		}
		if r.Pending || !c.wants(r) {
			continue
		}
		if err := c.print(w, r); err != nil {
			return err
		}
	}
}

// writeRaw writes a request and its response as they stand on the wire, but for
// fields that net/http adds.
func writeRaw(w io.Writer, r mockserver.Request) error {
	fmt.Fprintf(w, "%s %s %s\nHost: %s\n", r.Method, r.Target, r.Proto, r.Host)
	writeHeader(w, r.Header)
	fmt.Fprintf(w, "\n%s", withNewline(r.Body))
	fmt.Fprintf(w, "\n%s %d %s\n", r.Proto, r.Status, http.StatusText(r.Status))
	writeHeader(w, r.ResponseHeader)
	_, err := fmt.Fprintf(w, "\n%s", withNewline(r.ResponseBody))
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
