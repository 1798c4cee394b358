package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/diff"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/spf13/cobra"
)

func newDiff() *cobra.Command {
	var output printer
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Print what changed between two versions of Losant's API",
		Long: `Diff compares two versions of the contract, or definitions of the API from paths and URLs: groups of scopes, operations, parameters, properties, limits and responses, each resource with its own.

As diff(1), it ends with 0 when they are the same, and with 1 when they differ.`,
		Example: "  losantmock diff 1.28.3 1.30.0\n  losantmock diff --json 1.28.3 1.30.0\n  losantmock diff node_modules/losant-rest https://api.losant.com/",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var apis [2]*contract.API
			for i, name := range args {
				var err error
				if apis[i], err = apiNamed(cmd.Context(), name); err != nil {
					return err
				}
			}
			changes, err := diff.Of(apis[0], apis[1])
			if err != nil {
				return exit.Failed(err)
			}
			for i, change := range changes {
				if !output.json && (i == 0 || change.Resource != changes[i-1].Resource) {
					fmt.Fprintf(cmd.OutOrStdout(), "%s%s\n", strings.Repeat("\n", min(i, 1)), visible.Text(heading(change)))
				}
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

// heading returns what the changes that follow are about.
func heading(c diff.Change) string {
	if c.Resource == "" {
		return "all resources"
	}
	return c.Resource
}

// apiNamed returns the API that a name stands for: a version of the contract, or a path
// or URL of a definition.
func apiNamed(ctx context.Context, name string) (*contract.API, error) {
	if strings.Trim(name, "0123456789.") != "" {
		d, err := definition.Load(ctx, name, liveapi.Losant(""))
		if err != nil {
			return nil, err
		}
		return d.API(), nil
	}
	v, err := contract.ParseVersion(name)
	if err != nil {
		return nil, exit.Misused(err)
	}
	api, err := contract.At(v)
	if err != nil {
		return nil, exit.Failed(err)
	}
	return api, nil
}
