package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What users run starts no other program and loads no plugin, and nothing of
// ours reaches around the type system.
func TestWhatTheProgramCanNotDo(t *testing.T) {
	list := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	dependencies := strings.Fields(list("-deps", "github.com/losantmock/losantmock/cmd/losantmock"))
	for _, forbidden := range []string{"os/exec", "plugin", "net/http/cgi"} {
		if slices.Contains(dependencies, forbidden) {
			t.Errorf("the program can use %s", forbidden)
		}
	}
	if ours := list("-f", "{{.ImportPath}} {{.Imports}}", "github.com/losantmock/losantmock/..."); strings.Contains(ours, "unsafe") || strings.Contains(ours, "C]") {
		t.Errorf("unsafe is imported: %s", ours)
	}
	t.Attr("S9", fmt.Sprintf("%d packages, none that runs commands or loads plugins, and no unsafe of ours", len(dependencies)))
}
