package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// room is a package, with those of ours that it may import.
type room struct {
	name    string
	imports []string
}

// rooms are all packages. Imports go one way: a package stands behind those
// that it imports.
var rooms = []room{
	{"contract/decode", nil},
	{"contract/secret", []string{"contract/decode"}},
	{"contract/curl", nil},
	{"contract/visible", nil},
	{"contract/internal/leaktest", nil},
	{"contract/internal/jsregexp", nil},
	{"contract/internal/validate", []string{"contract/internal/jsregexp"}},
	{"contract/filter", nil},
	{"contract/nearest", nil},
	{"contract/internal/capture", []string{"contract/decode"}},
	{"contract/internal/collation", nil},
	{"contract/internal/ordered", []string{"contract/decode"}},
	{"contract/internal/history", []string{"contract/internal/ordered"}},
	{"contract/internal/groups", nil},
	{"contract/internal/routes", []string{"contract/decode"}},
	{"contract/internal/document", []string{"contract/visible", "contract/internal/jsregexp", "contract/internal/ordered", "contract/internal/validate"}},
	{"contract/internal/example", []string{"contract/decode", "contract/internal/jsregexp", "contract/internal/ordered", "contract/internal/validate"}},
	{"contract", []string{"contract/internal/example", "contract/filter", "contract/decode", "contract/secret", "contract/internal/capture", "contract/internal/collation", "contract/internal/document", "contract/internal/groups", "contract/internal/history", "contract/internal/ordered", "contract/internal/routes", "contract/internal/validate"}},
	{"contract/diff", []string{"contract"}},
	{"contract/derived", []string{"contract"}},
	{"contract/pairs", []string{"contract/derived", "contract"}},
	{"contract/openapi", []string{"contract", "contract/decode", "contract/internal/ordered"}},
	{"contract/outbound", nil},
	{"contract/report", []string{"contract", "contract/secret", "contract/visible"}},
	{"contract/internal/coverage", []string{"contract", "contract/report"}},
	{"contract/internal/sample", []string{"contract"}},
	{"contract/internal/definition", []string{"contract", "contract/decode"}},
	{"contract/live", []string{"contract", "contract/curl", "contract/decode", "contract/secret", "contract/outbound"}},
	{"contract/internal/protocol", []string{"contract", "contract/decode", "contract/live"}},
	{"contract/internal/trigger", []string{"contract", "contract/decode", "contract/live"}},
	{"contract/internal/readable", []string{"contract", "contract/pairs"}},
	{"contract/internal/leftovers", []string{"contract", "contract/decode", "contract/live"}},
	{"contract/internal/reply", []string{"contract", "contract/decode"}},
	{"contract/suite", []string{"contract/internal/leftovers", "contract/internal/reply", "contract/internal/readable", "contract/internal/protocol", "contract/internal/trigger", "contract/filter", "contract", "contract/decode", "contract/secret", "contract/report", "contract/live", "contract/internal/coverage", "contract/internal/definition", "contract/internal/sample"}},
	{"contract/comparison", []string{"contract", "contract/internal/reply", "contract/decode", "contract/secret", "contract/report", "contract/live", "contract/suite"}},
	{"scenarios/internal/mistake", nil},
	{"scenarios/internal/reading", nil},
	{"scenarios/internal/nodes", []string{"scenarios/internal/reading"}},
	{"scenarios/internal/globs", nil},
	{"scenarios/internal/footprint", nil},
	{"scenarios/internal/document", []string{"contract", "contract/nearest", "scenarios/internal/mistake", "scenarios/internal/nodes", "scenarios/internal/reading"}},
	{"scenarios/internal/itemcheck", []string{"contract", "contract/pairs"}},
	{"scenarios/internal/templatecheck", []string{"contract", "contract/nearest", "contract/pairs"}},
	{"scenarios", []string{"scenarios/internal/templatecheck", "contract", "contract/nearest", "contract/pairs", "scenarios/internal/document", "scenarios/internal/itemcheck", "scenarios/internal/footprint", "scenarios/internal/globs", "scenarios/internal/nodes"}},
	{"scenarios/recording", []string{"scenarios", "contract", "contract/secret", "contract/report", "contract/suite", "contract/live", "contract/outbound"}},
	{"mockserver/authority", nil},
	{"cmd/internal/loopback", nil},
	{"cmd/internal/bytesize", nil},
	{"cmd/internal/output", nil},
	{"cmd/internal/exit", []string{"contract/visible"}},
	{"cmd/internal/container", nil},
	{"cmd/internal/settings", []string{"contract/nearest"}},
	{"cmd/internal/thirdparty", nil},
	{"cmd/internal/requestlog", []string{"contract/visible"}},
	{"cmd/internal/certificate", []string{"contract/outbound", "mockserver/authority"}},
	{"cmd/internal/liveapi", []string{"cmd/internal/certificate", "contract", "contract/live", "contract/outbound", "contract/secret"}},
	{"cmd/internal/adminclient", []string{"cmd/internal/certificate", "cmd/internal/exit", "contract/nearest", "contract/outbound"}},
	{"cmd/internal/definition", []string{"contract/visible", "cmd/internal/exit", "cmd/internal/liveapi", "contract", "contract/live", "contract/outbound", "contract/pairs"}},
	{"mockserver/internal/build", nil},
	{"mockserver/internal/life", nil},
	{"mockserver/internal/limit", []string{"scenarios"}},
	{"mockserver/journal", []string{"contract", "contract/curl", "contract/decode", "contract/secret", "contract/visible", "mockserver/internal/build"}},
	{"cmd/internal/journalfile", []string{"cmd/internal/exit", "mockserver/journal"}},
	{"mockserver/internal/expect", []string{"mockserver/internal/limit"}},
	{"mockserver/internal/wire", []string{"contract", "contract/decode"}},
	{"mockserver/internal/sorted", nil},
	{"mockserver/internal/resources", []string{"contract/pairs", "mockserver/internal/limit", "mockserver/internal/sorted"}},
	{"mockserver/internal/hal", []string{"contract"}},
	{"mockserver/internal/summary", []string{"contract", "contract/pairs", "mockserver/internal/wire"}},
	{"mockserver/internal/state", []string{"contract/filter", "contract", "contract/decode", "scenarios", "mockserver/internal/limit", "mockserver/internal/resources", "mockserver/internal/sorted"}},
	{"mockserver/internal/generic", []string{"mockserver/internal/summary", "contract/filter", "contract/nearest", "scenarios", "contract/pairs", "contract", "contract/decode", "mockserver/internal/hal", "mockserver/internal/limit", "mockserver/internal/resources", "mockserver/internal/state", "mockserver/internal/wire"}},
	{"mockserver/internal/recorder", []string{"mockserver/internal/limit", "mockserver/journal", "mockserver/internal/wire", "contract", "contract/decode"}},
	{"mockserver/internal/effort", nil},
	{"mockserver/internal/jsonpath", []string{"contract/decode", "mockserver/internal/effort"}},
	{"mockserver/internal/matcher", []string{"contract/decode", "contract/nearest", "mockserver/internal/effort", "mockserver/internal/jsonpath"}},
	{"mockserver/internal/match", []string{"mockserver/internal/expect", "contract/nearest", "mockserver/internal/effort", "mockserver/internal/matcher", "mockserver/internal/recorder", "mockserver/journal", "contract", "contract/decode"}},
	{"mockserver/internal/faults", []string{"scenarios", "mockserver/internal/wire", "mockserver/internal/life", "mockserver/internal/limit"}},
	{"mockserver/internal/api", []string{"mockserver/internal/summary", "contract/derived", "contract/filter", "contract/pairs", "mockserver/internal/faults", "mockserver/internal/generic", "mockserver/internal/hal", "mockserver/internal/recorder", "mockserver/internal/state", "mockserver/internal/wire", "contract", "contract/decode", "scenarios"}},
	{"mockserver/internal/trigger", []string{"contract/outbound", "mockserver/internal/limit", "mockserver/internal/state", "mockserver/internal/wire", "mockserver/internal/life", "mockserver/internal/recorder", "mockserver/journal", "scenarios", "contract/decode"}},
	{"mockserver/internal/world", []string{"mockserver/internal/expect", "mockserver/internal/generic", "contract/nearest", "mockserver/internal/limit", "mockserver/internal/api", "mockserver/internal/trigger", "mockserver/internal/faults", "mockserver/internal/state", "mockserver/internal/wire", "mockserver/internal/life", "mockserver/internal/recorder", "mockserver/journal", "scenarios", "contract", "contract/decode", "contract/visible", "contract/outbound"}},
	{"mockserver/internal/admin/page", []string{"mockserver/journal"}},
	{"mockserver/internal/admin", []string{"mockserver/internal/admin/page", "mockserver/internal/expect", "mockserver/internal/generic", "contract/nearest", "contract/pairs", "mockserver/internal/world", "mockserver/internal/effort", "mockserver/internal/match", "mockserver/internal/matcher", "mockserver/internal/recorder", "mockserver/internal/trigger", "mockserver/internal/faults", "mockserver/internal/state", "mockserver/internal/wire", "mockserver/internal/life", "mockserver/journal", "scenarios", "contract", "contract/decode", "contract/secret", "contract/suite", "contract/live", "contract/report"}},
	{"mockserver", []string{"mockserver/internal/admin/page", "mockserver/internal/expect", "mockserver/internal/generic", "mockserver/authority", "mockserver/internal/admin", "mockserver/internal/effort", "mockserver/internal/world", "mockserver/internal/match", "mockserver/internal/matcher", "mockserver/internal/recorder", "mockserver/internal/wire", "mockserver/internal/build", "mockserver/journal", "scenarios", "contract", "contract/visible"}},
	{"cmd/lab/size", nil},
	{"mockserver/internal/mocktest", []string{"mockserver", "cmd/lab/size"}},
	{"cmd/internal/checknames", []string{"contract", "contract/nearest"}},
	{"cmd/internal/curlbodies", []string{"cmd/internal/output", "contract/report"}},
	{"cmd/internal/progress", []string{"contract"}},
	{"cmd/internal/standin", []string{"mockserver", "scenarios", "scenarios/recording", "contract", "contract/comparison", "contract/live", "contract/report", "contract/secret", "contract/suite", "contract/visible"}},
	{"cmd/losantmock", []string{"contract/nearest", "cmd/internal/adminclient", "cmd/internal/bytesize", "cmd/internal/certificate", "cmd/internal/checknames", "cmd/internal/container", "cmd/internal/curlbodies", "cmd/internal/definition", "cmd/internal/exit", "cmd/internal/journalfile", "cmd/internal/liveapi", "cmd/internal/loopback", "cmd/internal/output", "cmd/internal/progress", "cmd/internal/requestlog", "cmd/internal/settings", "cmd/internal/standin", "cmd/internal/thirdparty", "mockserver", "mockserver/journal", "scenarios", "scenarios/recording", "contract", "contract/curl", "contract/visible", "contract/decode", "contract/secret", "contract/suite", "contract/live", "contract/report", "contract/outbound", "contract/openapi", "contract/diff"}},
	{"cmd/lab", []string{"mockserver", "mockserver/journal", "cmd/lab/size"}},
}

const (
	mostLines = 3000 // of a package, without its tests
	mostFiles = 14   // of mockserver itself, without its tests
)

// listed is a package as go list prints it.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string
}

// The house keeps its layout: imports go one way, no package is too large, the
// face stays small, and the contract opens no connection.
func TestTheHouse(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...")
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for packages := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := packages.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) == 0 {
			continue // tests alone
		}
		seen++
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		checkImports(t, name, p.Imports)
		text := sources(t, p)
		if lines := strings.Count(text, "\n"); lines > mostLines {
			t.Errorf("%s has %d lines, and may have %d: cut it", name, lines, mostLines)
		}
		switch name {
		case "mockserver":
			if len(p.GoFiles) > mostFiles {
				t.Errorf("%s has %d files, and may have %d: what is behind the face belongs into a room", name, len(p.GoFiles), mostFiles)
			}
		case "contract":
			for _, forbidden := range []string{"net", "crypto/tls"} {
				if slices.Contains(p.Imports, forbidden) {
					t.Errorf("%s imports %s: it opens no connection", name, forbidden)
				}
			}
			if opening := regexp.MustCompile(`(?m)^[^/\n]*\bhttp\.(Client|DefaultClient|Get|Post|Head)\b`).FindString(text); opening != "" {
				t.Errorf("%s opens a connection: %s", name, opening)
			}
		}
	}
	if seen != len(rooms) {
		t.Errorf("%d packages, and %d rooms", seen, len(rooms))
	}
	guide, err := os.ReadFile("../../.github/CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		if !strings.Contains(string(guide), "\n| `"+r.name+"` | ") {
			t.Errorf("CONTRIBUTING.md has no line for %s", r.name)
		}
	}
}

func checkImports(t *testing.T, name string, imports []string) {
	t.Helper()
	place := slices.IndexFunc(rooms, func(r room) bool { return r.name == name })
	if place < 0 {
		t.Errorf("%s is no room of the house: give it a line in rooms", name)
		return
	}
	for _, path := range imports {
		imported, ours := strings.CutPrefix(path, module+"/")
		switch {
		case !ours:
		case !slices.Contains(rooms[place].imports, imported):
			t.Errorf("%s imports %s, which it may not", name, imported)
		case !slices.ContainsFunc(rooms[:place], func(r room) bool { return r.name == imported }):
			t.Errorf("%s stands before %s, which it imports", name, imported)
		}
	}
}

// sources are the texts of a package's files.
func sources(t *testing.T, p listed) string {
	t.Helper()
	var all strings.Builder
	for _, file := range p.GoFiles {
		text, err := os.ReadFile(filepath.Join(p.Dir, file))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

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
