//go:build promises

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// Most mistakes that can be planted into the code that carries promises are
// found by its tests.
func TestMutants(t *testing.T) {
	gremlins, err := exec.LookPath("gremlins")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal("gremlins is missing, and CI must have it")
	}
	if err != nil {
		t.Skip("skipped: gremlins is not here")
	}
	for _, c := range []struct {
		folder   string
		files    []string // all of the folder without any
		tests    string   // those that are there for them
		efficacy float64
		always   bool // otherwise at full length alone: a mutant takes seconds to link
	}{
		{"contract/secret", []string{"redactor.go"}, ".", 90, true},
		{"contract/secret", []string{"field.go"}, ".", 90, false},
		{"mockserver/journal", []string{"redact.go"}, ".", 90, false},
		{"mockserver/internal/admin", []string{"guard.go"}, "TestTheAdminIsGuarded", 90, false},
		{"contract/live", []string{"host.go"}, "TestHosts|TestBaseURLs", 90, false},
		{"mockserver/internal/recorder", nil, ".", 80, false},
		{"mockserver/internal/match", nil, ".", 80, false},
	} {
		if !c.always && !size.Of(false, false, true) {
			continue
		}
		killed, lived, notes := mutate(t, gremlins, c.folder, c.files, c.tests)
		efficacy := 100 * float64(killed) / float64(max(killed+lived, 1))
		if killed == 0 || efficacy < c.efficacy {
			t.Errorf("%s %s: %d mutants of %d live:\n%s", c.folder, c.files, lived, killed+lived, notes)
		}
		t.Attr("C6", fmt.Sprintf("%s: %d of %d found", path.Join(c.folder, strings.Join(c.files, " and ")), killed, killed+lived))
	}
}

// mutate plants mistakes into files of a folder, one after another, and runs
// tests of it.
func mutate(t *testing.T, gremlins, folder string, files []string, tests string) (killed, lived int, notes string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	result := filepath.Join(t.TempDir(), "mutants.json")
	args := []string{"unleash", "--silent", "--workers", "2", "--timeout-coefficient", "10", "--output", result}
	for _, file := range all {
		if name := filepath.Base(file); files != nil && !slices.Contains(files, name) && !strings.HasSuffix(name, "_test.go") {
			args = append(args, "--exclude-files", "(^|/)"+regexp.QuoteMeta(name)+"$")
		}
	}
	command := exec.CommandContext(t.Context(), gremlins, append(args, "./"+folder)...)
	command.Dir = "../.."
	command.Env = append(command.Environ(), "GOFLAGS=-trimpath -vet=off -run="+tests, "CI=", size.Variable+"=small")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	text, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Files []struct {
			FileName  string `json:"file_name"`
			Mutations []struct {
				Type, Status string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, file := range report.Files {
		for _, m := range file.Mutations {
			switch m.Status {
			case "KILLED", "TIMED OUT":
				killed++
			case "LIVED":
				lived++
				notes += fmt.Sprintf("%s:%d:%d %s\n", file.FileName, m.Line, m.Column, m.Type)
			}
		}
	}
	return killed, lived, notes
}
