package main

import (
	"fmt"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/diff"
	"github.com/spf13/cobra"
)

func newDiff() *cobra.Command {
	var output printer
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Print what changed between two versions of Losant's API",
		Long: `Diff compares two versions of the contract: groups of scopes, operations, parameters, properties, limits and responses.

As diff(1), it ends with 0 when they are the same, and with 1 when they differ.`,
		Example: "  losantmock diff 1.28.3 1.30.0\n  losantmock diff --json 1.28.3 1.30.0",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var apis [2]*contract.API
			for i, version := range args {
				v, err := contract.ParseVersion(version)
				if err != nil {
					return exit.Misused(err)
				}
				if apis[i], err = contract.At(v); err != nil {
					return exit.Failed(err)
				}
			}
			changes, err := diff.Of(apis[0], apis[1])
			if err != nil {
				return exit.Failed(err)
			}
			for _, change := range changes {
				if err := output.print(cmd.OutOrStdout(), change, change.String()); err != nil {
					return err
				}
			}
			if len(changes) > 0 {
				return exit.With(exit.CodeFailed)
			}
			if !output.json {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "nothing changed")
			}
			return err
		},
	}
	output.addFlags(cmd.Flags())
	return cmd
}
