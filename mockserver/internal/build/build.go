// Package build reports the version of this build.
package build

import (
	"cmp"
	"runtime/debug"
	"strings"
	"sync"
)

// version is set by the linker where git is not there, as in the build of an image:
//
//	-ldflags='-X github.com/losantmock/losantmock/mockserver/internal/build.version=v1.2.3'
var version string

// Version returns the version of the losantmock module in this build, and
// "(devel)" for a build of a checkout.
func Version() string {
	return strings.TrimPrefix(cmp.Or(version, fromModule(), "(devel)"), "v")
}

// fromModule returns the version that go build has noted, which takes long to read.
var fromModule = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	const module = "github.com/losantmock/losantmock"
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return dependency.Version
		}
	}
	if info.Main.Path == module {
		return info.Main.Version
	}
	return ""
})
