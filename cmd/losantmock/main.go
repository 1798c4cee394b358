// Losantmock stands in for Losant's webhooks API: see losantmock --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// How the program ends.
const (
	exitWell   = 0
	exitFailed = 1 // a check failed, or the server could not go on
	exitUsage  = 2
	exitUnsure = 3 // what was to be checked could not be
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program, for main and for tests.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var failed *failure
	var unsure *unsure
	var ended ending
	switch {
	case err == nil:
		return exitWell
	case errors.As(err, &failed):
		fmt.Fprintln(stderr, failed.Error())
		return exitFailed
	case errors.As(err, &unsure):
		fmt.Fprintf(stderr, "losantmock: could not check: %v\n", unsure)
		return exitUnsure
	case errors.As(err, &ended):
		return int(ended)
	default:
		fmt.Fprintf(stderr, "losantmock: %v\nTry losantmock --help.\n", err)
		return exitUsage
	}
}

// failure is an error of the work itself, not of how the program was called.
type failure struct{ error }

// unsure is an error of the network or of a live API, not of the work.
type unsure struct{ error }

// ending is how the program ends when all has been said already.
type ending int

func (e ending) Error() string { return fmt.Sprintf("ended with %d", int(e)) }

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "losantmock",
		Short:         "A stand-in for Losant's webhooks API",
		Long:          "Losantmock stands in for Losant's webhooks API, for tests, for docker-compose in CI and for curl.",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return setFromEnvironment(cmd.Flags())
		},
	}
	root.SetFlagErrorFunc(suggestFlag)
	root.AddCommand(
		newServe(), newRequests(), newVerify(), newTrigger(), newCheck(), newDrift(), newRecord(), newPull(), newOpenAPI(),
		newValidate(), newScenarios(), newHealth(), newVersion(),
	)
	addCompletions(root, completions())
	return root
}
