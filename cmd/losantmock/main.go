// Losantmock stands in for Losant's webhooks API: see losantmock --help.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), exit.Signals()...)
	context.AfterFunc(ctx, func() {
		signal.Ignore(syscall.SIGHUP) // a terminal that is closed may send it twice
		stop()                        // a second Ctrl-C or SIGTERM ends the program at once
	})
	signal.Ignore(syscall.SIGPIPE) // a write to a closed pipe fails, and the program says so
	log.SetOutput(io.Discard)      // where net/http writes what a server sends unasked, which may be a secret
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program, for main and for tests.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	out := &exit.CheckedWriter{Writer: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return exit.Report(stderr, cmd.CommandPath(), out.ErrorOf(settings.NameVariables(cmd, err)))
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "losantmock",
		Short:         "A stand-in for Losant's webhooks API",
		Long:          "Losantmock stands in for Losant's webhooks API, for tests, for docker-compose in CI and for curl.",
		Version:       newVersionInfo().String(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return settings.Read(cmd)
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(settings.ExplainFlag)
	root.AddCommand(
		newServe(), newRequests(), newView(), newReport(), newVerify(), newTrigger(), newReplay(), newCheck(), newDrift(), newRecord(), newPull(), newOpenAPI(), newDiff(),
		newValidate(), newScenarios(), newHealth(), newVersion(),
	)
	settings.Decimal(root)
	addCompletions(root, completions())
	return root
}
