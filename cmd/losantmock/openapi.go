package main

import (
	"fmt"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/openapi"
	"github.com/spf13/cobra"
)

func newOpenAPI() *cobra.Command {
	var version string
	cmd := &cobra.Command{
		Use:     "openapi",
		Short:   "Print the contract as OpenAPI 3.1, in JSON",
		Example: "  losantmock openapi > losant.json\n  losantmock openapi --api-version 1.28.3",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			api, err := apiAt(version)
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
	cmd.Flags().StringVar(&version, "api-version", contract.Newest.String(), "`version` of Losant's API")
	return cmd
}

// apiAt returns the API at the version of the flag --api-version.
func apiAt(version string) (*contract.API, error) {
	v, err := contract.ParseVersion(version)
	if err != nil {
		return nil, fmt.Errorf("--api-version: %w", err)
	}
	api, err := contract.At(v)
	if err != nil {
		return nil, exit.Misused(err)
	}
	return api, nil
}
