package main

import (
	"fmt"

	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/openapi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newOpenAPI() *cobra.Command {
	var defined definition.Flag
	cmd := &cobra.Command{
		Use:     "openapi",
		Short:   "Print the contract as OpenAPI 3.1, in JSON",
		Example: "  losantmock openapi > losant.json\n  losantmock openapi --api-version 1.28.3\n  losantmock openapi --definition node_modules/losant-rest",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := defined.Load(cmd.Context(), liveapi.Losant(""))
			if err != nil {
				return err
			}
			api, err := apiOf(cmd.Flags(), d)
			if err != nil {
				return err
			}
			document, err := openapi.Of(api)
			if err != nil {
				return exit.Failed(err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", document)
			return err
		},
	}
	addAPIVersion(cmd.Flags(), "`version` of Losant's API")
	defined.Add(cmd.Flags(), "whose operations to print too")
	return cmd
}

// addAPIVersion adds the flag --api-version, which [apiOf] reads.
func addAPIVersion(flags *pflag.FlagSet, usage string) {
	flags.String("api-version", contract.Newest.String(), usage+"; with --definition its own by default")
}

// apiOf returns the API at the version of the flag --api-version, with the operations of
// a definition; nil is none. Without the flag it is at the version of the definition.
func apiOf(flags *pflag.FlagSet, d *contract.Definition) (*contract.API, error) {
	if d != nil && !flags.Changed("api-version") {
		return d.API(), nil
	}
	v, err := contract.ParseVersion(flags.Lookup("api-version").Value.String())
	if err != nil {
		return nil, fmt.Errorf("--api-version: %w", err)
	}
	at := contract.At
	if d != nil {
		at = d.At
	}
	api, err := at(v)
	if err != nil {
		return nil, exit.Misused(err)
	}
	return api, nil
}
