package settings

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// environmentPrefix begins the names of the variables that stand for flags:
// LOSANTMOCK_LISTEN stands for --listen.
const environmentPrefix = "LOSANTMOCK_"

// Variable returns the name of the variable that stands for a flag.
func Variable(flag *pflag.Flag) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
}

// HasVariable reports whether a variable stands for a flag: those that print something
// in place of the work have none.
func HasVariable(flag *pflag.Flag) bool { return flag.Name != "help" && flag.Name != "version" }

// Read sets the flags of a command from their variables. It fails for a
// variable that stands for no flag of any command, since that is a typing error.
func Read(cmd *cobra.Command) error {
	if strings.HasPrefix(cmd.Name(), cobra.ShellCompRequestCmd) {
		return nil // a shell completes all the same
	}
	if err := checkVariables(cmd.Root(), os.Environ()); err != nil {
		return err
	}
	return Set(cmd.Flags(), os.Getenv)
}

// ofKubernetes are the variables that Kubernetes sets for a Service with the name
// losantmock, each with the values that it has: the same names with other values are
// typing errors.
var ofKubernetes = regexp.MustCompile(`^LOSANTMOCK_(` +
	`(SERVICE_HOST|PORT_[0-9]+_(TCP|UDP|SCTP)_ADDR)=[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*` +
	`|(SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)_PORT)=[0-9]+` +
	`|PORT(_[0-9]+_(TCP|UDP|SCTP))?=(tcp|udp|sctp)://.+` +
	`|PORT_[0-9]+_(TCP|UDP|SCTP)_PROTO=(tcp|udp|sctp))$`)

// checkVariables returns an error for a variable of the program's prefix that stands
// for no flag. An empty variable is as one that is not set.
func checkVariables(root *cobra.Command, environment []string) error {
	known := variables(root)
	for _, entry := range slices.Sorted(slices.Values(environment)) {
		name, value, _ := strings.Cut(entry, "=")
		if value == "" || !strings.HasPrefix(name, environmentPrefix) || slices.Contains(known, name) || ofKubernetes.MatchString(entry) {
			continue
		}
		if name == environmentPrefix+"PORT" {
			return fmt.Errorf("the variable %s stands for no flag: did you mean %sLISTEN?", name, environmentPrefix)
		}
		return fmt.Errorf(`the variable %s stands for no flag that "losantmock COMMAND --help" lists%s`, name, nearest.DidYouMean(name, known))
	}
	return nil
}

// variables returns the names of the variables of a command and of those below it.
func variables(cmd *cobra.Command) (names []string) {
	add := func(flag *pflag.Flag) {
		if name := Variable(flag); HasVariable(flag) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	cmd.Flags().VisitAll(add)
	cmd.PersistentFlags().VisitAll(add)
	for _, child := range cmd.Commands() {
		for _, name := range variables(child) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// setByVariable is the annotation of a flag that a variable has set.
const setByVariable = "variable"

// OnCommandLine reports whether the command line has set a flag, and no variable.
func OnCommandLine(flag *pflag.Flag) bool {
	return flag.Changed && flag.Annotations[setByVariable] == nil
}

// Set sets each flag that is not on the command line from its
// variable, which getenv returns.
func Set(flags *pflag.FlagSet, getenv func(string) string) (err error) {
	flags.VisitAll(func(flag *pflag.Flag) {
		text := getenv(Variable(flag))
		if err != nil || flag.Changed || !HasVariable(flag) || text == "" {
			return
		}
		var wrong *pflag.InvalidValueError
		if errors.As(flags.Set(flag.Name, text), &wrong) {
			err = wrongValue(Variable(flag), wrong)
		}
		flag.Annotations = map[string][]string{setByVariable: {Variable(flag)}}
	})
	return err
}

// flagNames matches the names of flags in a message.
var flagNames = regexp.MustCompile(`--([a-z][a-z-]*)`)

// NameVariables adds to an error that names flags the variables that have set them.
func NameVariables(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	var sets []string
	for _, match := range flagNames.FindAllStringSubmatch(err.Error(), -1) {
		flag := cmd.Flags().Lookup(match[1])
		if flag == nil || flag.Annotations[setByVariable] == nil {
			continue
		}
		if set := Variable(flag) + " sets --" + flag.Name; !slices.Contains(sets, set) {
			sets = append(sets, set)
		}
	}
	if sets == nil {
		return err
	}
	return fmt.Errorf("%w (%s)", err, strings.Join(sets, ", "))
}
