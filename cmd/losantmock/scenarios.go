package main

import (
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
)

func newScenarios() *cobra.Command {
	var out printer
	cmd := &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List the built-in scenarios, or print one",
		Example: `  losantmock scenarios
  losantmock scenarios strict-auth > mine.yaml`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: scenarios.BuiltIns(),
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) == 1 {
				text, err := scenarios.BuiltIn(names[0])
				if err != nil {
					return fmt.Errorf("%s: %w", names[0], err)
				}
				_, err = cmd.OutOrStdout().Write(text)
				return err
			}
			for _, name := range scenarios.BuiltIns() {
				text, err := scenarios.BuiltIn(name)
				if err != nil {
					return err
				}
				about := struct {
					Name    string `json:"name"`
					Summary string `json:"summary"`
				}{name, summary(string(text))}
				if err := out.print(cmd.OutOrStdout(), about, fmt.Sprintf("%-12s  %s", name, about.Summary)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	out.addFlags(cmd.Flags())
	return cmd
}

// summary is the first sentence of a scenario's opening comment.
func summary(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(line, "# ")
		if !ok {
			break
		}
		if !strings.HasPrefix(comment, "yaml-language-server:") {
			words = append(words, strings.TrimSpace(comment))
		}
	}
	sentence, _, _ := strings.Cut(strings.Join(words, " "), ". ")
	return strings.TrimSuffix(sentence, ".") + "."
}
