// Lab measures losantmock and puts it under load: it is a tool of those who
// develop it. See go run ./cmd/lab --help.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := newRoot().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "lab",
		Short:         "Measure losantmock, and put it under load",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(newBench(), newBare(), newLoad(), newPromises())
	return root
}
