package main

import (
	"context"
	"fmt"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/contract/visible"
)

// deleteLeftovers deletes what earlier runs left behind and prints it; with --dry-run
// it deletes nothing.
func (c *checkCommand) deleteLeftovers(ctx context.Context) error {
	work, done := suite.CleanUp, "deleted"
	if c.dryRun {
		work, done = suite.Leftovers, "would be deleted"
	}
	hooks, err := work(ctx, c.suite.Client, c.application, c.olderThan)
	for _, hook := range hooks {
		fmt.Fprintf(c.out, "%s  %s\n", visible.Text(hook.Path), visible.Text(hook.Name))
	}
	if err == nil || len(hooks) > 0 {
		fmt.Fprintf(c.out, "%d webhook(s) of earlier runs %s\n", len(hooks), done)
	}
	if err != nil {
		return exit.Unsure(err)
	}
	return nil
}
