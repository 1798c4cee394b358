package main

import (
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// losantRest is the package of Losant's own client, which has a definition of the whole
// API.
const losantRest = "testdata/node/node_modules/losant-rest"

// wrongByDocument are the operations of npm's losant-rest whose documented response can
// match no schema, with the reason.
var wrongByDocument = map[string]string{
	"flowVersion.get":   versionsHaveTwoForms,
	"flowVersion.patch": versionsHaveTwoForms,
	"flowVersions.get":  versionsHaveTwoForms,
	"flowVersions.post": versionsHaveTwoForms,
}

const versionsHaveTwoForms = "flowVersion must match one of two forms, and what a client can send matches both: the published example too"

// Every operation that Losant's own client has responds with a success that is
// documented, and whose body the client's own schema accepts; and every collection
// keeps its items.
func TestTheWholeAPIThroughLosantRest(t *testing.T) {
	t.Parallel()
	needNode(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	p := serveProgram(t, "--definition", losantRest, "--scenario", "testdata/node/whole-api.yaml")
	command := exec.CommandContext(ctx, "node", "whole-api.mjs", p.url)
	command.Dir = filepath.FromSlash("testdata/node")
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%.2000s", err, out, p.stderr.String())
	}
	operations, collections, wrong := 0, 0, 0
	for line := range strings.Lines(string(out)) {
		var result struct {
			Operation, Collection, Problem string
			Status                         int
		}
		if err := json.Unmarshal([]byte(line), &result); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		argued := wrongByDocument[result.Operation] != ""
		switch {
		case result.Collection != "":
			collections++
			if result.Problem != "" {
				t.Errorf("%s: %s", result.Collection, result.Problem)
			}
		case argued && result.Problem == "":
			t.Errorf("%s is no exception any more", result.Operation)
		case argued:
			wrong++
		case result.Problem != "":
			t.Errorf("%s: %.300s", result.Operation, result.Problem)
		}
		if result.Operation != "" {
			operations++
		}
	}
	if operations != 273 || collections != 34 {
		t.Errorf("%d operations and %d collections, want 273 and 34", operations, collections)
	}
	t.Logf("%d of %d operations, and %d collections", operations-wrong, operations, collections)
}
