// Package checknames has a flag for the names of checks that a suite runs.
package checknames

import (
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
)

// All returns the checks that a suite runs: all but that of the requests of a client.
func All() []contract.CheckName {
	return slices.DeleteFunc(contract.Checks(), func(check contract.CheckName) bool { return check == contract.CheckOfRequest })
}

// Any reports whether there is a check to run.
func Any(only, except List) bool {
	return slices.ContainsFunc(All(), func(check contract.CheckName) bool {
		return (len(only) == 0 || slices.Contains(only, check)) && !slices.Contains(except, check)
	})
}

// List is a flag whose value is names of checks with commas between them.
type List []contract.CheckName

// Set implements pflag.Value. It adds the names to those of the list.
func (l *List) Set(text string) error {
	var known []string
	for _, check := range All() {
		known = append(known, string(check))
	}
	for name := range strings.SplitSeq(text, ",") {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%q is no check%s; there are %s", name, nearest.DidYouMean(name, known), strings.Join(known, ", "))
		}
		*l = append(*l, contract.CheckName(name))
	}
	return nil
}

// String implements pflag.Value.
func (l *List) String() string {
	var names []string
	for _, check := range *l {
		names = append(names, string(check))
	}
	return strings.Join(names, ",")
}

// Type implements pflag.Value.
func (l *List) Type() string { return "checks" }
