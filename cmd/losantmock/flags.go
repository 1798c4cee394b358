package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// environmentPrefix begins the names of the variables that stand for flags:
// LOSANTMOCK_LISTEN stands for --listen.
const environmentPrefix = "LOSANTMOCK_"

func variable(flag *pflag.Flag) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
}

// setFromEnvironment sets each flag that is not on the command line from its
// variable, which getenv returns.
func setFromEnvironment(flags *pflag.FlagSet, getenv func(string) string) (err error) {
	flags.VisitAll(func(flag *pflag.Flag) {
		text := getenv(variable(flag))
		if err != nil || flag.Changed || flag.Name == "help" || text == "" {
			return
		}
		if e := flags.Set(flag.Name, text); e != nil {
			err = fmt.Errorf("%s: %w", variable(flag), e)
		}
	})
	return err
}

// suggestFlag adds to an error of an unknown flag which one may have been
// meant, by the measure by which cobra suggests commands.
func suggestFlag(cmd *cobra.Command, err error) error {
	typed, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, "--"+flag.Name) })
	return suggest(err, "--"+typed, names)
}

// suggest adds to an error of an unknown name which of the known ones may have
// been meant.
func suggest(err error, typed string, names []string) error {
	known := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range names {
		known.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	near := known.SuggestionsFor(typed)
	if len(near) == 0 {
		return err
	}
	slices.Sort(near)
	return fmt.Errorf("%w: did you mean %s?", err, strings.Join(near, " or "))
}

// operations returns the names of all operations, and that of a call of a webhook.
func operations() []string {
	names := []string{contract.OperationTrigger}
	if api, err := contract.At(contract.Newest); err == nil {
		for _, resource := range api.Resources {
			for _, op := range resource.Actions {
				names = append(names, op.Name)
			}
		}
	}
	return names
}

// completions are the values that a shell offers for flags, whichever command
// has them.
func completions() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"scenario":   cobra.FixedCompletions(scenarios.BuiltIns(), cobra.ShellCompDirectiveDefault), // and files
		"log-format": cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp),
		"operation":  cobra.FixedCompletions(operations(), cobra.ShellCompDirectiveNoFileComp),
		"format":     cobra.FixedCompletions(names(journal.Formats()), cobra.ShellCompDirectiveNoFileComp),
		"as":         cobra.FixedCompletions(thirdParties, cobra.ShellCompDirectiveNoFileComp),
	}
}

func addCompletions(command *cobra.Command, offers map[string]cobra.CompletionFunc) {
	for name, offer := range offers {
		if command.Flag(name) != nil {
			_ = command.RegisterFlagCompletionFunc(name, offer) // which may be a parent's, and have one
		}
	}
	for _, child := range command.Commands() {
		addCompletions(child, offers)
	}
}
