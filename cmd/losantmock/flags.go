package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

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
// variable.
func setFromEnvironment(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(flag *pflag.Flag) {
		text := os.Getenv(variable(flag))
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
	flags := &cobra.Command{SuggestionsMinimumDistance: 2}
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		flags.AddCommand(&cobra.Command{Use: "--" + flag.Name, Run: func(*cobra.Command, []string) {}})
	})
	near := flags.SuggestionsFor("--" + typed)
	if len(near) == 0 {
		return err
	}
	slices.Sort(near)
	return fmt.Errorf("%w: did you mean %s?", err, strings.Join(near, " or "))
}
