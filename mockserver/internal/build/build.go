// Package build reports the version of this build.
package build

import (
	"runtime/debug"
	"strings"
)

// Version returns the version of the losantmock module in this build, and
// "(devel)" for a build of a checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	const module = "github.com/losantmock/losantmock"
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return strings.TrimPrefix(dependency.Version, "v")
		}
	}
	if info.Main.Path == module && info.Main.Version != "" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "(devel)"
}
