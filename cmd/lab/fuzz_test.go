//go:build promises

package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// Every fuzz target of the module runs for a while without finding anything.
func TestFuzzing(t *testing.T) {
	duration := size.Of("1s", "3s", "10m")
	targets, executions := 0, 0
	for _, folder := range []string{"contract/filter", "contract/decode", "scenarios", "scenarios/recording", "mockserver/journal", "mockserver/internal/wire", "mockserver/internal/recorder", "mockserver/internal/match", "mockserver/internal/api"} {
		folder = "github.com/losantmock/losantmock/" + folder
		names, err := exec.CommandContext(t.Context(), "go", "test", "-list", "^Fuzz", folder).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(string(names)) {
			if !strings.HasPrefix(name, "Fuzz") {
				continue
			}
			// Minimizing what is merely new would take a minute each time.
			out, err := exec.CommandContext(t.Context(), "go", "test", "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", duration, "-fuzzminimizetime", "20x", folder).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
			targets++
			done := regexp.MustCompile(`execs: (\d+)`).FindAllStringSubmatch(string(out), -1)
			if len(done) > 0 {
				n, _ := strconv.Atoi(done[len(done)-1][1])
				executions += n
				t.Logf("%s: %d", name, n)
			}
		}
	}
	if targets < 10 {
		t.Errorf("only %d targets", targets)
	}
	t.Attr("B1", fmt.Sprintf("%d targets, %s each, %d executions", targets, duration, executions))
}
