package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/spf13/pflag"
)

// flagRule is about flags that have no effect where another one is given, or is not.
type flagRule struct {
	flags   []string
	applies func(c *checkCommand) bool
	remedy  string
}

// flagRules say which flags of check have no effect, and what to do about it.
var flagRules = []flagRule{
	{
		[]string{
			"accept-news", "against-mock", "any-token", "api-version", "coverage", "curl-bodies", "definition", "except", "fail-on", "json",
			"log-in-attempts", "only", "other-application", "read-only-token-file", "report", "seed", "slow", "triggers", "write",
		},
		func(c *checkCommand) bool { return c.cleanUp },
		"leave it out: --clean-up checks nothing",
	},
	{[]string{"older-than"}, func(c *checkCommand) bool { return !c.cleanUp }, "give --clean-up too"},
	{
		[]string{"accept-news", "coverage", "curl-bodies", "fail-on", "json", "report"},
		func(c *checkCommand) bool { return c.dryRun },
		"leave it out: --dry-run prints the requests and makes no report",
	},
	{
		[]string{"log-in-attempts", "other-application", "read-only-token-file", "seed", "slow", "triggers"},
		func(c *checkCommand) bool { return !c.write },
		"give --write too: only a run that writes needs it",
	},
	{[]string{"slow", "triggers"}, func(c *checkCommand) bool { return c.againstMock }, "leave it out: --against-mock calls no webhooks"},
	{[]string{"slow"}, func(c *checkCommand) bool { return c.triggers == "" }, "give --triggers too: without it no webhook is called"},
	{[]string{"read-only-token-file"}, func(c *checkCommand) bool { return c.anyToken }, "leave out one of the two: with --any-token every token may write"},
}

// checkFlags returns an error for a flag of the command line that would have no effect. A
// variable may set it all the same: it is for several commands.
func (c *checkCommand) checkFlags(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(flag *pflag.Flag) {
		for _, rule := range flagRules {
			if err == nil && settings.OnCommandLine(flag) && slices.Contains(rule.flags, flag.Name) && rule.applies(c) {
				err = fmt.Errorf("--%s has no effect here: %s", flag.Name, rule.remedy)
			}
		}
	})
	switch {
	case err != nil:
		return err
	case c.olderThan < 0:
		return fmt.Errorf("--older-than %s: want 0 or more", c.olderThan)
	case c.logIns < 1:
		return fmt.Errorf("--log-in-attempts %d: want 1 or more", c.logIns)
	case !idPattern.MatchString(c.application):
		return fmt.Errorf("--application %q: want the id of an application, 24 hexadecimal digits", c.application)
	case c.otherApplication != "" && (!idPattern.MatchString(c.otherApplication) || strings.EqualFold(c.otherApplication, c.application)):
		return fmt.Errorf("--other-application %q: want the id of another application, 24 hexadecimal digits", c.otherApplication)
	case c.triggers != "":
		if _, err := live.ParseTriggersURL(c.triggers); err != nil {
			return fmt.Errorf("--triggers: %w", err)
		}
	}
	return nil
}
