package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/spf13/cobra"
)

// version is what a program says of itself.
type version struct {
	Version string `json:"version"`
	Commit  string `json:"commit"` // "unknown" where git was not there
	Oldest  string `json:"oldestAPI"`
	Newest  string `json:"newestAPI"`
	Go      string `json:"go"`
	System  string `json:"system"`
}

func newVersionInfo() version {
	return version{mockserver.Version(), commit(), contract.Oldest.String(), contract.Newest.String(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
}

// String returns the version for people.
func (v version) String() string {
	return fmt.Sprintf("losantmock %s\ncommit %s\nLosant API %s to %s\n%s %s", v.Version, v.Commit, v.Oldest, v.Newest, v.Go, v.System)
}

func newVersion() *cobra.Command {
	var out printer
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version, and the versions of Losant's API that it knows",
		Example: "  losantmock version\n  losantmock version --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := newVersionInfo()
			return out.print(cmd.OutOrStdout(), v, v.String())
		},
	}
	out.addFlags(cmd.Flags())
	return cmd
}

// revision is set by the linker where git is not there, as in the build of an image:
// -ldflags='-X main.revision=...'.
var revision string

// commit is what the program was built from, as git and go build have noted it.
func commit() string {
	if revision != "" {
		return revision
	}
	noted, changed := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				noted = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = ", changed since"
			}
		}
	}
	return noted + changed
}
