package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestLosantRest runs Losant's own client for JavaScript against the program.
func TestLosantRest(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("node")
	need(t, "Node.js", err != nil)
	_, err = os.Stat("testdata/node/node_modules/losant-rest")
	need(t, "losant-rest (npm ci in cmd/losantmock/testdata/node)", err != nil)
	p := serveProgram(t, "--scenario", "strict-auth")
	command := exec.Command("node", "losant-rest.mjs", p.url)
	command.Dir = "testdata/node"
	out, err := command.CombinedOutput()
	if err != nil || strings.Count(string(out), "ok ") != 8 {
		t.Fatalf("%v\n%s\n%s", err, out, p.stderr.String())
	}
}
