//go:build linux && promises

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	engineMissing = 69 // what .ci/engine ends with where no engine can run
	imageVersion  = "v9.8.7"
	imageCommit   = "0123456789abcdef0123456789abcdef01234567"
)

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

// image is what compose calls the image of the service, by its project.
const image = "losantmocklab_losant"

// The example for docker-compose, its image and its health check, with a real engine.
func TestContainers(t *testing.T) {
	e := startEngine(t)
	down := func() { _, _ = e.run(t, "docker-compose", "down", "--volumes") }
	defer down()
	began := time.Now()
	out, err := e.run(t, "docker-compose", "up", "--build", "--exit-code-from", "client")
	if err != nil || !strings.Contains(out, `"totalCount":`) {
		t.Fatalf("%v %s", err, out)
	}
	took := time.Since(began).Round(time.Second)
	down()
	e.checkBrokenScenario(t)
	e.checkWhatTheImageSays(t)
	e.checkSameBytes(t)
	t.Attr("D1", fmt.Sprintf("built within %s, the client ended with 0, labels and bytes as promised", took))
	measured(t, "D2", func() (bool, string) {
		healthy, ended := e.startAndStop(t, "--scenario", "paging", "--listen", "127.0.0.1:9000", "--admin-token", "secret")
		return healthy <= time.Second && ended <= time.Second,
			fmt.Sprintf("healthy %s after the start, ended %s after SIGTERM with 0", healthy.Round(time.Millisecond), ended.Round(time.Millisecond))
	})
}

// startAndStop returns how long a server takes from its start to health, and from
// SIGTERM to its end.
func (e *engine) startAndStop(t *testing.T, flags ...string) (healthy, ended time.Duration) {
	t.Helper()
	container := e.docker(t, append([]string{"run", "--detach", image, "serve"}, flags...)...)
	defer e.docker(t, "rm", "--force", container)
	var s state
	until(t, "the container is healthy", func() bool {
		s = e.state(t, container)
		if s.Status != "running" {
			t.Fatalf("%+v %s", s, e.docker(t, "logs", container))
		}
		return s.Health.Status == "healthy"
	})
	for _, look := range s.Health.Log {
		if look.ExitCode == 0 {
			healthy = look.End.Sub(s.StartedAt)
			break
		}
	}
	stopped := time.Now()
	e.docker(t, "stop", container)
	s = e.state(t, container)
	if s.ExitCode != 0 {
		t.Errorf("ended with %d", s.ExitCode)
	}
	return healthy, s.FinishedAt.Sub(stopped)
}

// checkBrokenScenario fails unless the message of a broken scenario is the last thing
// that is printed, and the client is not started.
func (e *engine) checkBrokenScenario(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	const broken = "applications:\n  - name: A\n    webhooks: [{name: b, responseCode: 999}]\n"
	compose, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("./scenarios:", folder+":", "context: .", "context: "+top).Replace(string(compose))
	for name, text := range map[string]string{"default.yaml": broken, "docker-compose.yml": text} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	const message = "/scenarios/default.yaml:3:40: applications[0].webhooks[0].responseCode: 999 is more than maximum (599)"
	file := filepath.Join(folder, "docker-compose.yml")
	defer func() { _, _ = e.run(t, "docker-compose", "--file", file, "down") }()
	out, err := e.run(t, "sh", "-c", `docker-compose --file "$0" up --exit-code-from client || { code=$?; docker-compose --file "$0" logs --no-color losant; exit $code; }`, file)
	if err == nil || !strings.HasSuffix(strings.TrimSpace(out), message) {
		t.Errorf("%v %s", err, out)
	}
	if strings.Contains(out, "Creating losantmocklab_client") {
		t.Errorf("the client has started: %s", out)
	}
}

// checkWhatTheImageSays compares the labels of the image and the version of its
// program with what it was built from.
func (e *engine) checkWhatTheImageSays(t *testing.T) {
	t.Helper()
	labels := e.docker(t, "inspect", "--format", "{{json .Config.Labels}}", image)
	for _, want := range []string{
		`"org.opencontainers.image.version":"` + imageVersion + `"`, `"org.opencontainers.image.revision":"` + imageCommit + `"`,
		`"org.opencontainers.image.source":"https://github.com/losantmock/losantmock"`, `"org.opencontainers.image.title":"losantmock"`, `"org.opencontainers.image.licenses":"MIT"`,
	} {
		if !strings.Contains(labels, want) {
			t.Errorf("%s has no %s", labels, want)
		}
	}
	version := e.docker(t, "run", "--rm", image, "version")
	if !strings.HasPrefix(version, "losantmock 9.8.7\ncommit "+imageCommit+"\n") {
		t.Error(version)
	}
}

// checkSameBytes compares the program of the image with one that is built outside.
func (e *engine) checkSameBytes(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	container := e.docker(t, "create", image)
	defer e.docker(t, "rm", container)
	e.docker(t, "cp", container+":/losantmock", folder)
	inside, err := os.ReadFile(filepath.Join(folder, "losantmock"))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(folder, "outside"),
		"-ldflags=-s -w -X github.com/losantmock/losantmock/mockserver/internal/build.version="+imageVersion+" -X main.revision="+imageCommit,
		"github.com/losantmock/losantmock/cmd/losantmock")
	command.Env = append(command.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	outside, err := os.ReadFile(filepath.Join(folder, "outside"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(inside, outside) {
		t.Errorf("the program of the image has %d bytes, and one that is built outside %d others", len(inside), len(outside))
	}
}
