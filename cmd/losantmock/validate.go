package main

import (
	"fmt"
	"os"
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
	var generate scenarios.Limits
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check scenario files",
		Long:  "Validate checks scenario files, each by itself. It prints all that is wrong and exits with 1, or with 2 if there is no such file; or it says that all is well.",
		Example: `  losantmock validate orders.yaml
  losantmock validate scenarios/*.yaml --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			wrong, missing := 0, 0
			for _, file := range files {
				result, text := validated{File: file, OK: true, Problems: []string{}}, file+": ok"
				if _, err := generate.Load(file); err != nil {
					wrong++
					if !exists(file) {
						missing++
					}
					text = err.Error()
					result.OK, result.Problems = false, strings.Split(text, "\n")
				}
				if err := out.print(cmd.OutOrStdout(), result, text); err != nil {
					return err
				}
			}
			err := fmt.Errorf("%d of %d scenario(s) are wrong", wrong, len(files))
			switch {
			case missing > 0:
				return misused(err)
			case wrong > 0:
				return failed(err)
			default:
				return nil
			}
		},
	}
	out.addFlags(cmd.Flags())
	addGenerateFlags(cmd.Flags(), &generate)
	return cmd
}

// exists reports whether there is a file or a built-in scenario of a name.
func exists(name string) bool {
	_, noFile := os.Stat(name)
	_, noBuiltIn := scenarios.BuiltIn(name)
	return noFile == nil || noBuiltIn == nil
}
