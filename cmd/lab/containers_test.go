//go:build linux && promises

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What the image is built with, and what compose calls it, by its project.
const (
	imageVersion = "v9.8.7"
	imageCommit  = "0123456789abcdef0123456789abcdef01234567"
	image        = "losantmocklab_losant"
)

// The files of the examples for docker-compose, below the top of the repository.
const (
	composeFile      = "docker-compose.yml"
	composeHTTPSFile = "cmd/losantmock/deploy/compose.https.yml"
)

// The examples for docker-compose, the image and its health check, with a real engine.
func TestContainers(t *testing.T) {
	e := startEngine(t)
	defer func() { _, _ = e.run(t, "docker-compose", "--file", composeHTTPSFile, "down", "--volumes") }()
	began := time.Now()
	if out, code := e.up(t, composeFile, "--build"); code != 0 || !strings.Contains(out, `"totalCount":`) {
		t.Fatalf("%d %s", code, out)
	}
	built := time.Since(began).Round(time.Second)
	t.Run("the client fails", e.checkFailingClient)
	t.Run("the scenario is broken", e.checkBrokenScenario)
	t.Run("HTTPS as api.losant.com", e.checkHTTPS)
	t.Run("what the image says", e.checkWhatTheImageSays)
	t.Run("the same bytes", e.checkSameBytes)
	t.Attr("D1", fmt.Sprintf("built within %s, the client's exit code, over HTTP/2 as api.losant.com, labels and bytes as promised: all within %s", built, time.Since(began).Round(time.Second)))
	measured(t, "D2", func() (bool, string) {
		healthy, ended := e.startAndStop(t)
		return healthy <= time.Second && ended <= time.Second,
			fmt.Sprintf("healthy %s after the start, ended %s after SIGTERM with 0", healthy.Round(time.Millisecond), ended.Round(time.Millisecond))
	})
}

// checkFailingClient fails unless the exit code of a client that fails is that of
// the run.
func (e *engine) checkFailingClient(t *testing.T) {
	t.Helper()
	scenarios, err := filepath.Abs("../../scenarios")
	if err != nil {
		t.Fatal(err)
	}
	file := composeWith(t, "./scenarios:", scenarios+":", "/webhooks", "/unknown")
	const ofCurl = 22 // with --fail
	if out, code := e.up(t, file); code != ofCurl || !strings.Contains(out, "error: 405") {
		t.Errorf("%d %s", code, out)
	}
}

// checkBrokenScenario fails unless the message of a broken scenario is the last line
// of a log, and the run fails.
func (e *engine) checkBrokenScenario(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	writeForAll(t, folder, "default.yaml", "applications:\n  - name: A\n    webhooks: [{name: b, responseCode: 999}]\n")
	file := composeWith(t, "./scenarios:", folder+":")
	out, code := e.up(t, file)
	const message = "| /scenarios/default.yaml:3:40: applications[0].webhooks[0].responseCode: 999 is more than maximum (599)"
	_, behind, found := strings.Cut(out, message)
	if code == 0 || !found || strings.Contains(behind, "|") {
		t.Errorf("%d %s", code, out)
	}
}

// composeWith writes the example for docker-compose with texts replaced, and returns
// its path.
func composeWith(t *testing.T, replacements ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", composeFile))
	if err != nil {
		t.Fatal(err)
	}
	return writeForAll(t, t.TempDir(), "docker-compose.yml", strings.NewReplacer(replacements...).Replace(string(text)))
}

// writeForAll writes a file that every user may read into a folder of the test, and
// returns its path.
func writeForAll(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkHTTPS fails unless a client reaches the server as https://api.losant.com over
// HTTP/2, also with an authority that an earlier run has made.
func (e *engine) checkHTTPS(t *testing.T) {
	t.Helper()
	for range 2 {
		out, code := e.up(t, composeHTTPSFile)
		if code != 0 || !strings.Contains(out, `"totalCount":`) || !strings.Contains(out, "| HTTP/2\n") {
			t.Errorf("%d %s", code, out)
		}
	}
}

// startAndStop returns how long a server takes from its start to health, and from
// SIGTERM to its end, while clients wait for it.
func (e *engine) startAndStop(t *testing.T) (healthy, ended time.Duration) {
	t.Helper()
	folder := t.TempDir()
	writeForAll(t, folder, "held.yaml", "applications: [{name: A, webhooks: [{name: held, token: held, waitForReply: true}]}]")
	server := e.docker(t, "run", "--detach", "--volume", folder+":/scenarios:ro", image,
		"serve", "--scenario", "/scenarios/held.yaml", "--listen", "127.0.0.1:9000", "--admin-token", "secret")
	defer e.docker(t, "rm", "--force", server)
	var s state
	until(t, "the container is healthy", func() bool {
		s = e.state(t, server)
		if s.Status != "running" {
			t.Fatalf("%+v %s", s, e.docker(t, "logs", server))
		}
		return s.Health.Status == "healthy"
	})
	for _, look := range s.Health.Log {
		if look.ExitCode == 0 {
			healthy = look.End.Sub(s.StartedAt)
			break
		}
	}
	clients := e.startWaiting(t, server)
	defer e.docker(t, "rm", "--force", clients)
	stopped := time.Now()
	e.docker(t, "stop", server)
	s = e.state(t, server)
	if s.ExitCode != 0 {
		t.Errorf("ended with %d", s.ExitCode)
	}
	if code, log := e.docker(t, "wait", clients), e.docker(t, "logs", clients); code != "0" || !strings.Contains(log, "event: closed") {
		t.Errorf("the clients ended with %s: %s", code, log)
	}
	return healthy, s.FinishedAt.Sub(stopped)
}

// startWaiting starts a container beside a server, which has sent what is long to be
// responded to: a stream of events and a held call over HTTP/2, and a long poll.
func (e *engine) startWaiting(t *testing.T, server string) (container string) {
	t.Helper()
	const (
		address = "http://127.0.0.1:9000"
		token   = "Authorization: Bearer secret"
	)
	container = e.docker(t, "run", "--detach", "--network", "container:"+server, curlImage(t),
		"--silent", "--no-buffer", "--parallel", "--parallel-immediate", "--trace-ascii", "-",
		"--http2-prior-knowledge", "--header", token, address+"/__admin/requests/stream",
		"--next", "--http2-prior-knowledge", "--json", "{}", address+"/webhooks/held",
		"--next", "--header", token, "--json", `{"request": {}, "count": 9, "timeout": "10m"}`, address+"/__admin/requests/wait")
	until(t, "the three requests are sent", func() bool {
		log := e.docker(t, "logs", container)
		return strings.Count(log, "=> Send header") == 3 && strings.Contains(log, "event: trigger")
	})
	return container
}

// curlImage returns the name of the image that the client of the example has.
func curlImage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", composeFile))
	if err != nil {
		t.Fatal(err)
	}
	_, behind, _ := strings.Cut(string(text), "image: ")
	name, _, _ := strings.Cut(behind, "\n")
	return name
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
