package main

import (
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
)

// validated is what came of a scenario file.
type validated struct {
	File     string   `json:"file"`
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"`
}

func newValidate() *cobra.Command {
	var out printer
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check scenario files",
		Long:  "Validate checks scenario files, each by itself. It prints all that is wrong and exits with 1, or says that all is well.",
		Example: `  losantmock validate orders.yaml
  losantmock validate scenarios/*.yaml --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			wrong := 0
			for _, file := range files {
				result, text := validated{File: file, OK: true, Problems: []string{}}, file+": ok"
				if _, err := scenarios.Load(file); err != nil {
					wrong++
					text = err.Error()
					result.OK, result.Problems = false, strings.Split(text, "\n")
				}
				if err := out.print(cmd.OutOrStdout(), result, text); err != nil {
					return err
				}
			}
			if wrong > 0 {
				return &failure{fmt.Errorf("losantmock: %d of %d scenario(s) are wrong", wrong, len(files))}
			}
			return nil
		},
	}
	out.addFlags(cmd.Flags())
	return cmd
}
