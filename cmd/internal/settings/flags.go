// Package settings reads the flags of a command from its command line and from the
// variables that stand for them, and says what is wrong with either.
package settings

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// ExplainFlag makes an error of a flag plain: which one may have been meant in place of
// an unknown one, and what a value has to be.
func ExplainFlag(cmd *cobra.Command, err error) error {
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
	return fmt.Errorf("%w%s", err, nearest.DidYouMean("--"+typed, names))
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

// decimal is the value of a flag that is a whole number: pflag would read 010 as 8.
type decimal struct{ pflag.Value }

var decimalDigits = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)

// Set implements pflag.Value.
func (d decimal) Set(text string) error {
	if !decimalDigits.MatchString(text) {
		return strconv.ErrSyntax
	}
	return d.Value.Set(text)
}

// Decimal makes all flags of a command, and of those below it, that are whole numbers
// take decimal digits alone.
func Decimal(cmd *cobra.Command) {
	for _, flags := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
		flags.VisitAll(func(flag *pflag.Flag) {
			if flag.Value.Type() == "int" || flag.Value.Type() == "int64" {
				flag.Value = decimal{flag.Value}
			}
		})
	}
	for _, child := range cmd.Commands() {
		Decimal(child)
	}
}

// NoArgs is cobra.NoArgs for a command that has others below it: it suggests them.
func NoArgs(cmd *cobra.Command, args []string) error {
	err := cobra.NoArgs(cmd, args)
	if err == nil {
		return nil
	}
	var names []string
	for _, child := range cmd.Commands() {
		names = append(names, child.Name())
	}
	return fmt.Errorf("%w%s", err, nearest.DidYouMean(args[0], names))
}
