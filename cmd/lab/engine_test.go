//go:build linux && promises

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// engineMissing is what .ci/engine ends with where no engine can run.
const engineMissing = 69

// engine is a Docker engine, and where to find it.
type engine struct{ environment []string }

// startEngine uses the engine of this machine, or starts one until the test ends.
func startEngine(t *testing.T) *engine {
	t.Helper()
	command := exec.Command("../../.ci/engine", "sh", "-c", `echo "$DOCKER_HOST"; cat`)
	var problem bytes.Buffer
	command.Stderr = &problem
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	host, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		ended := command.Wait()
		var exit *exec.ExitError
		if errors.As(ended, &exit) && exit.ExitCode() == engineMissing {
			t.Skipf("skipped: %s", problem.String())
		}
		t.Fatalf("%v %s", ended, problem.String())
	}
	t.Cleanup(func() {
		_ = in.Close() // which ends cat, and the engine with it
		if err := command.Wait(); err != nil {
			t.Errorf("%v %s", err, problem.String())
		}
	})
	environment := append(os.Environ(), "DOCKER_BUILDKIT=0", "COMPOSE_PROJECT_NAME=losantmocklab", "VERSION="+imageVersion, "COMMIT="+imageCommit)
	if host := strings.TrimSpace(host); host != "" {
		environment = append(environment, "DOCKER_HOST="+host)
	}
	return &engine{environment}
}

// run runs a command at the top of the repository, and returns what it printed.
func (e *engine) run(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = "../.."
	command.Env = e.environment
	out, err := command.CombinedOutput()
	return string(out), err
}

func (e *engine) docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := e.run(t, "docker", args...)
	if err != nil {
		t.Fatalf("docker %q: %v %s", args, err, out)
	}
	return strings.TrimSpace(out)
}

// up brings the services of a compose file up until one of them ends, and returns
// what was printed and the exit code, which is that of the client.
func (e *engine) up(t *testing.T, file string, flags ...string) (out string, code int) {
	t.Helper()
	args := append([]string{"--ansi", "never", "--file", file, "up", "--exit-code-from", "client"}, flags...)
	out, err := e.run(t, "docker-compose", args...)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out, 0
	case !errors.As(err, &exit):
		t.Fatalf("%v %s", err, out)
	}
	return out, exit.ExitCode()
}

// state is what the engine reports of a container.
type state struct {
	Status                string
	ExitCode              int
	StartedAt, FinishedAt time.Time
	Health                struct {
		Status string
		Log    []struct {
			End      time.Time
			ExitCode int
			Output   string
		}
	}
}

func (e *engine) state(t *testing.T, container string) (s state) {
	t.Helper()
	if err := json.Unmarshal([]byte(e.docker(t, "inspect", "--format", "{{json .State}}", container)), &s); err != nil {
		t.Fatal(err)
	}
	return s
}
