package main

import (
	"fmt"

	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
)

func newValidate() *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check scenario files",
		Long:  "Validate checks scenario files, each by itself. It prints all that is wrong and exits with 1, or says that all is well.",
		Example: `  losantmock validate orders.yaml
  losantmock validate scenarios/*.yaml`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			wrong := 0
			for _, file := range files {
				if _, err := scenarios.Load(file); err != nil {
					wrong++
					fmt.Fprintln(cmd.OutOrStdout(), err)
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: ok\n", file)
			}
			if wrong > 0 {
				return &failure{fmt.Errorf("losantmock: %d of %d scenario(s) are wrong", wrong, len(files))}
			}
			return nil
		},
	}
}
