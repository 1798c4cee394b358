// Package size says how much a test takes of what it draws or lists. Every
// test that could go on for hours has three sizes: a small sample for go test,
// a larger one for .ci/run, and all of it for .ci/long.
package size

import (
	"fmt"
	"os"
)

// Variable is the environment variable that chooses the size: "small", which
// is the default, "ci" or "all".
const Variable = "LAB_SIZE"

// Of returns the value for the size of this run. It panics where [Variable] has
// another value than it may have.
func Of[T any](small, ci, all T) T {
	switch name := os.Getenv(Variable); name {
	case "", "small":
		return small
	case "ci":
		return ci
	case "all":
		return all
	default:
		panic(fmt.Sprintf("%s is %q, want small, ci or all", Variable, name))
	}
}

// Fixed reports whether what is drawn follows from fixed seeds, so that two
// runs draw the same: in every size but all.
func Fixed() bool { return Of(true, true, false) }
