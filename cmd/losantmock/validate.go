package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
)

// validated is what came of a scenario.
type validated struct {
	File     string             `json:"file"`
	OK       bool               `json:"ok"`
	Problems scenarios.Problems `json:"problems"`
}

// standardInput is the name of the standard input on the command line.
const standardInput = "-"

func newValidate() *cobra.Command {
	var out printer
	var generate scenarios.Limits
	var defined definition.Flag
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check scenario files",
		Long:  "Validate checks scenarios, each by itself: a file, all files of a folder together, or with - the standard input. It prints all that is wrong and exits with 1, or with 2 if one can't be read; or it says that all is well.",
		Example: `  losantmock validate orders.yaml
  losantmock validate scenarios/
  losantmock validate - < orders.yaml
  losantmock validate scenarios/*.yaml --json
  losantmock validate orders.yaml --definition node_modules/losant-rest`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			if first := slices.Index(names, standardInput); first >= 0 && slices.Contains(names[first+1:], standardInput) {
				return errors.New("the standard input can be read once: name - once")
			}
			var err error
			if generate.Definition, err = defined.Load(cmd.Context(), liveapi.Losant("")); err != nil {
				return err
			}
			wrong, missing := 0, 0
			for _, name := range names {
				result, text := validated{File: name, OK: true, Problems: scenarios.Problems{}}, name+": ok"
				sources, err := exit.OrDone(cmd.Context(), func() ([]scenarios.Source, error) { return sourcesOf(name, cmd.InOrStdin()), nil })
				if err != nil {
					return err
				}
				if _, err := generate.Merge(sources...); err != nil {
					wrong++
					if isMissing(sources) {
						missing++
					}
					result.OK, text = false, err.Error()
					errors.As(err, &result.Problems)
				}
				if err := out.print(cmd.OutOrStdout(), result, text); err != nil {
					return err
				}
			}
			err = errors.New(wrongOf(wrong, len(names)))
			switch {
			case missing > 0:
				return exit.Misused(err)
			case wrong > 0:
				return exit.Failed(err)
			default:
				return nil
			}
		},
	}
	out.addFlags(cmd.Flags())
	addGenerateFlags(cmd.Flags(), &generate)
	defined.Add(cmd.Flags(), "whose resources the scenarios can have")
	return cmd
}

// wrongOf returns how many of the scenarios are wrong, in words.
func wrongOf(wrong, all int) string {
	switch {
	case all == 1:
		return "the scenario is wrong"
	case wrong == 1:
		return fmt.Sprintf("1 of %d scenarios is wrong", all)
	default:
		return fmt.Sprintf("%d of %d scenarios are wrong", wrong, all)
	}
}

// sourcesOf reads a scenario that is named on the command line.
func sourcesOf(name string, stdin io.Reader) []scenarios.Source {
	if name != standardInput {
		return scenarios.Read(name)
	}
	// One byte more than is allowed is enough to see that it is too large.
	text, err := io.ReadAll(io.LimitReader(stdin, scenarios.MaxFileSize+1))
	return []scenarios.Source{{Name: name, Text: text, Err: err}}
}

// isMissing reports whether one of the sources can't be read.
func isMissing(sources []scenarios.Source) bool {
	return slices.ContainsFunc(sources, func(s scenarios.Source) bool { return s.Err != nil })
}
