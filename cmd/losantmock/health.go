package main

import (
	"context"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/spf13/cobra"
)

// healthTimeout is how long a server has to say that it is well.
const healthTimeout = 3 * time.Second

func newHealth() *cobra.Command {
	client := adminclient.Client{Patience: healthTimeout}
	var out printer
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Report whether a running server is healthy",
		Long: `Health is a container's health check: it exits with 0 when the server is healthy, and with 1 when it is not.

In a container it finds the server that runs there, by the command line and the environment of its process, unless --url or LOSANTMOCK_URL names one.`,
		Example: `  losantmock health
  losantmock health --url http://127.0.0.1:9000 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("url") {
				if err := findInContainer(&client); err != nil {
					return exit.Failed(err)
				}
			}
			report, err := health(cmd.Context(), &client)
			if err != nil {
				return exit.Failed(err)
			}
			return out.print(cmd.OutOrStdout(), report, "healthy")
		},
	}
	client.AddFlags(cmd.Flags())
	out.addFlags(cmd.Flags())
	return cmd
}

// health returns what the server reports of itself.
func health(ctx context.Context, c *adminclient.Client) (report map[string]any, err error) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	if err := c.CheckSandbox(ctx); err != nil {
		return nil, err
	}
	err = c.Get(ctx, "/health", "rejectedBeforeHandler", &report)
	return report, err
}
