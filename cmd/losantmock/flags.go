package main

import (
	"github.com/losantmock/losantmock/cmd/internal/checknames"
	"github.com/losantmock/losantmock/cmd/internal/thirdparty"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
)

// ownOperations returns the names of the operations of our own table, and that of a call
// of a webhook.
func ownOperations() []string {
	names := []string{contract.OperationTrigger}
	for _, resource := range contract.AtNewest().Resources {
		for _, op := range resource.Actions {
			names = append(names, op.Name)
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
		"format":     cobra.FixedCompletions(names(journal.Formats()), cobra.ShellCompDirectiveNoFileComp),
		"only":       cobra.FixedCompletions(names(checknames.All()), cobra.ShellCompDirectiveNoFileComp),
		"except":     cobra.FixedCompletions(names(checknames.All()), cobra.ShellCompDirectiveNoFileComp),
		"fail-on":    cobra.FixedCompletions(names(failOnVerdicts), cobra.ShellCompDirectiveNoFileComp),
		"as":         cobra.FixedCompletions(thirdparty.Names, cobra.ShellCompDirectiveNoFileComp),
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
