package main

import (
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
)

// completions are the values that a shell offers for flags, whichever command
// has them.
func completions() map[string]cobra.CompletionFunc {
	var operations []string
	if api, err := contract.At(contract.Newest); err == nil {
		for _, resource := range api.Resources {
			for _, op := range resource.Actions {
				operations = append(operations, op.Name)
			}
		}
	}
	return map[string]cobra.CompletionFunc{
		"scenario":   cobra.FixedCompletions(scenarios.BuiltIns(), cobra.ShellCompDirectiveDefault), // and files
		"log-format": cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp),
		"operation":  cobra.FixedCompletions(append(operations, contract.OperationTrigger), cobra.ShellCompDirectiveNoFileComp),
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
