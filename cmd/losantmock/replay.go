package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/spf13/cobra"
)

// replayCommand sends a received request on.
type replayCommand struct {
	received requestsCommand
	to       string
	caFile   string
	output   printer
}

func newReplay() *cobra.Command {
	var c replayCommand
	cmd := &cobra.Command{
		Use:   "replay ID --to URL",
		Short: "Send a request that a server received on to another one",
		Long: `Replay sends a request that a running server received, a call of a webhook or one to the API, to another URL, and prints the response. The request is named by its id, as requests lists it, or by its sequence, which counts the requests of a world from 1.

It sends the method, the path and query below the URL, the header without Host and the fields of the connection, and the body as it was received. Secrets are sent too: they go to whom --to names. An export without --show-secrets lacks them, and is refused.

It ends with 0 whatever the status of the response is, and with 3 if there is none.`,
		Example: `  losantmock replay 6f1c0d9e-1f6e-8d0a-8000-000000000001 --to http://localhost:3000
  losantmock replay 3 --to http://localhost:3000 --file requests.jsonl`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.received.stderr = cmd.ErrOrStderr()
			return c.run(cmd.Context(), args[0], cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	c.received.client.AddFlags(flags)
	c.output.addFlags(flags)
	liveapi.AddCAFile(flags, &c.caFile)
	flags.StringVar(&c.to, "to", "", "base `URL` to send the request to")
	flags.StringVar(&c.received.file, "file", "", "journal `file` to read in place of a server")
	return cmd
}

func (c *replayCommand) run(ctx context.Context, name string, out io.Writer) error {
	to, err := url.Parse(c.to)
	if err != nil || !adminclient.NamesServer(to) {
		return fmt.Errorf("--to %q: want the URL to send the request to, such as http://localhost:3000", c.to)
	}
	request, err := c.received.find(ctx, name)
	if err != nil {
		return err
	}
	again, err := request.Again(ctx, to)
	if err != nil {
		return exit.Misused(fmt.Errorf("the request can't be sent again: %w", err))
	}
	return c.send(again, out)
}

// send sends a request and prints the response.
func (c *replayCommand) send(request *http.Request, out io.Writer) error {
	roots, err := liveapi.RootsOf(c.caFile)
	if err != nil {
		return err
	}
	transport := outbound.Open(roots)
	transport.DisableCompression = true // the response as it is
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request) // follows no redirection
	if err != nil {
		return exit.Unsure(fmt.Errorf("%s does not respond: %w", c.to, err))
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return exit.Unsure(fmt.Errorf("the response of %s was cut off: %w", c.to, err))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n", response.Proto, response.Status)
	writeHeader(&text, response.Header)
	fmt.Fprintf(&text, "\n%s", body)
	return c.output.print(out, called{request.Method, response.StatusCode, response.Header, string(body)}, text.String())
}
