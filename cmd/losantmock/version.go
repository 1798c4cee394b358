package main

import (
	"fmt"
	"runtime"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the versions of Losant's API that it knows",
		Args:  cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintf(cmd.OutOrStdout(), "losantmock %s\nLosant API %s to %s\n%s %s/%s\n",
				mockserver.Version(), contract.Oldest, contract.Newest, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}
