//go:build promises

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

var fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// Every fuzz target of the module runs for a while without finding anything. CI takes
// every tenth one: to build a target takes longer than to run it.
func TestFuzzing(t *testing.T) {
	duration := size.Of("1s", "2s", "10m")
	files, err := exec.CommandContext(t.Context(), "git", "-C", "../..", "ls-files", "*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	targets, taken, executions := 0, 0, atomic.Int64{}
	t.Run("targets", func(t *testing.T) { // which run side by side
		for _, file := range strings.Fields(string(files)) {
			text, err := os.ReadFile(filepath.Join("../..", file))
			if err != nil {
				t.Fatal(err)
			}
			for _, target := range fuzzTarget.FindAllStringSubmatch(string(text), -1) {
				if targets++; targets%10 != 1 && !size.Of(false, false, true) {
					continue
				}
				taken++
				t.Run(target[1], func(t *testing.T) {
					t.Parallel()
					executions.Add(fuzz(t, path.Dir(file), target[1], duration))
				})
			}
		}
	})
	if targets < 10 {
		t.Errorf("only %d targets", targets)
	}
	t.Attr("B1", fmt.Sprintf("%d of %d targets, %s each, %d executions", taken, targets, duration, executions.Load()))
}

// endedLate reports whether go test has failed because the end of the time came at a bad
// moment for its own worker, which it says without an input that fails.
func endedLate(out string) bool {
	return strings.Contains(out, "context deadline exceeded") && !strings.Contains(out, "Failing input")
}

// fuzz runs a target, and returns how often it was executed.
func fuzz(t *testing.T, folder, target, duration string) (executions int64) {
	t.Helper()
	var out []byte
	for tries := range 3 {
		var err error
		// Minimizing what is merely new would take a minute each time.
		out, err = exec.CommandContext(t.Context(), "go", "test", "-run", "^$", "-fuzz", "^"+target+"$", "-fuzztime", duration, "-fuzzminimizetime", "20x",
			"-parallel", "1", "github.com/losantmock/losantmock/"+folder).CombinedOutput()
		if err == nil {
			break
		}
		if tries == 2 || !endedLate(string(out)) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if done := regexp.MustCompile(`execs: (\d+)`).FindAllStringSubmatch(string(out), -1); len(done) > 0 {
		executions, _ = strconv.ParseInt(done[len(done)-1][1], 10, 64)
	}
	return executions
}
