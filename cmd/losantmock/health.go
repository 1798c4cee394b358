package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// healthTimeout is how long a server has to say that it is well.
const healthTimeout = 3 * time.Second

func newHealth() *cobra.Command {
	var listen, token string
	var out printer
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Report whether a running server is healthy",
		Long:  "Health is a container's health check: it exits with 0 when the server on this machine is healthy, and with 1 when it is not.",
		Example: `  losantmock health
  losantmock health --listen :9000 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := askHealth(cmd.Context(), listen, token)
			if err != nil {
				return failed(err)
			}
			return out.print(cmd.OutOrStdout(), report, "healthy")
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "`address` that the server listens on")
	out.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&token, "admin-token", "", "bearer `token` of the server's admin API")
	return cmd
}

// askHealth returns what the server reports of itself.
func askHealth(ctx context.Context, listen, token string) (report map[string]any, err error) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	// A server that listens on every address is asked on this machine's own.
	host := strings.NewReplacer("0.0.0.0:", "127.0.0.1:", "[::]:", "127.0.0.1:").Replace(listen)
	if strings.HasPrefix(host, ":") {
		host = "127.0.0.1" + host
	}
	client := adminClient{url: "http://" + host, token: token, flag: "listen"}
	err = client.get(ctx, "/health", "rejectedBeforeHandler", &report)
	return report, err
}
