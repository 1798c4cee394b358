package main

import (
	"fmt"
	"io"
	"os"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/spf13/cobra"
)

func newDrift() *cobra.Command {
	var output printer
	cmd := &cobra.Command{
		Use:   "drift BEFORE.json AFTER.json",
		Short: "Print what changed between two reports of check",
		Long: `Drift compares two reports that check wrote as JSON, such as yesterday's and today's: what each of them found, with its messages, and how the runs differ: another target, another version of the API, other modes. How often something was found is no change, nor are ids, instants and the names of a run's own webhooks.

It ends with 0 when nothing changed, 1 when something did, 2 when a file is no report.`,
		Example: `  losantmock check --application 575ec8687ae143cd83dc4a97 --report json=today.json
  losantmock drift yesterday.json today.json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			before, err := readReport(args[0])
			if err != nil {
				return exit.Misused(err)
			}
			after, err := readReport(args[1])
			if err != nil {
				return exit.Misused(err)
			}
			changes := report.Drift(before, after)
			if err := printChanges(cmd.OutOrStdout(), changes, output); err != nil {
				return err
			}
			if len(changes) > 0 {
				return exit.With(exit.CodeFailed)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&output.json, "json", false, "print a line of JSON for each change")
	return cmd
}

func readReport(path string) (*report.Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	result, err := report.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return result, nil
}

func printChanges(w io.Writer, changes []report.Change, output printer) error {
	if !output.json && len(changes) == 0 {
		_, err := fmt.Fprintln(w, "nothing changed")
		return err
	}
	for _, c := range changes {
		if err := output.print(w, c, c.String()); err != nil {
			return err
		}
	}
	return nil
}
