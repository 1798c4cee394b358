//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// step is a step of a workflow, with the fields that the example uses: any other is
// refused.
type step struct {
	Name, Uses, Run string
	If              string
	With, Env       map[string]string
}

// workflow is a workflow of GitHub Actions, likewise.
type workflow struct {
	Name     string
	On       yaml.Node
	Defaults struct{ Run struct{ Shell string } }
	Jobs     map[string]struct {
		RunsOn  string `yaml:"runs-on"`
		Timeout int    `yaml:"timeout-minutes"`
		Steps   []step
	}
	Permissions map[string]string
}

// night runs the commands of the workflow's job in a folder, as a runner does, and
// returns whether it succeeded and its summary.
func night(t *testing.T, steps []step, folder string, env []string) (succeeded bool, summary string) {
	t.Helper()
	file := filepath.Join(folder, "summary.md")
	_ = os.Remove(file)
	succeeded = true
	for _, s := range steps {
		if s.Run == "" || !succeeded && s.If == "" {
			continue
		}
		command := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		command.Dir = folder
		command.Env = append(command.Environ(), append(env, "GITHUB_STEP_SUMMARY="+file)...)
		if out, err := command.CombinedOutput(); err != nil {
			succeeded = false
			t.Logf("%s: %v\n%s", s.Name, err, out)
		}
	}
	text, _ := os.ReadFile(file)
	return succeeded, string(text)
}

// The workflow of the example checks a server night by night, and says what changed.
func TestTheNightlyWorkflow(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("bash")
	need(t, "bash", err != nil)
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "deploy/nightly.yaml")))
	decoder.KnownFields(true)
	var w workflow
	if err := decoder.Decode(&w); err != nil {
		t.Fatal(err)
	}
	steps := w.Jobs["check"].Steps
	if last := steps[len(steps)-1]; w.Defaults.Run.Shell != "bash" || last.With["path"] != "check.json" || !strings.Contains(steps[3].Run, last.With["name"]) {
		t.Errorf("%+v", w)
	}

	// In place of programs that reach other machines: gh has the report of the last
	// night, and there is nothing to install.
	folder, programs := t.TempDir(), t.TempDir()
	for name, script := range map[string]string{
		"gh": "#!/bin/sh\n[ -f check.json ] && mkdir -p last && cp check.json last\n",
		"go": "#!/bin/sh\n",
	} {
		if err := os.WriteFile(filepath.Join(programs, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p := serveProgram(t, "--scenario", "paging")
	env := []string{
		"PATH=" + programs + string(os.PathListSeparator) + os.Getenv("PATH"), "LOSANT_API_TOKEN=any",
		"LOSANT_APPLICATION=" + checkedApplication, "LOSANTMOCK_URL=" + p.url, "LOSANTMOCK_ANY_TOKEN=true",
	}
	succeeded, summary := night(t, steps, folder, env)
	if !succeeded || !strings.Contains(summary, ": conforms\n") || strings.Contains(summary, "Since the last report") {
		t.Errorf("the first night: %s", summary)
	}
	succeeded, summary = night(t, steps, folder, env)
	if !succeeded || !strings.HasSuffix(summary, "### Since the last report\n\n    nothing changed\n") {
		t.Errorf("the second night: %s", summary)
	}
	succeeded, summary = night(t, steps, folder, append(env, "LOSANT_APPLICATION=000000000000000000000000"))
	if succeeded || !strings.Contains(summary, ": could not check\n") || !strings.Contains(summary, "    ensure_resource_availability: could not check, was conforms\n") {
		t.Errorf("the third night: %s", summary)
	}
}
