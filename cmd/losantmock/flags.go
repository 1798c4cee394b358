package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// explainFlag makes an error of a flag plain: which one may have been meant in place of
// an unknown one, and what a value has to be.
func explainFlag(cmd *cobra.Command, err error) error {
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		return wrongValue("--"+wrong.GetFlag().Name, wrong)
	}
	typed, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, "--"+flag.Name) })
	return suggest(err, "--"+typed, names)
}

// wantedValues are what the values of flags have to be, by their type. Those of other
// types say so themselves.
var wantedValues = map[string]string{
	"bool":        "true or false",
	"int":         "a whole number",
	"int64":       "a whole number",
	"duration":    "a duration, such as 500ms, 90s or 1h30m",
	"stringSlice": `values with commas between them, in double quotes where one has a comma`,
}

// wrongValue returns the error of a value that a flag does not take. The place is that
// of the value: the flag or its variable.
func wrongValue(place string, wrong *pflag.InvalidValueError) error {
	if want := wantedValues[wrong.GetFlag().Value.Type()]; want != "" {
		return fmt.Errorf("%s %q: want %s", place, wrong.GetValue(), want)
	}
	return fmt.Errorf("%s: %w", place, wrong.Unwrap())
}

// noArgs is cobra.NoArgs for a command that has others below it: it suggests them.
func noArgs(cmd *cobra.Command, args []string) error {
	err := cobra.NoArgs(cmd, args)
	if err == nil {
		return nil
	}
	var names []string
	for _, child := range cmd.Commands() {
		names = append(names, child.Name())
	}
	return suggest(err, args[0], names)
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
