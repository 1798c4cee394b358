package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// built is the program that the tests put under load.
var built string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if len(os.Args) > 1 && os.Args[1] == "bare" { // bench starts itself
			main()
		}
		dir, err := os.MkdirTemp("", "lab-")
		if err == nil {
			defer os.RemoveAll(dir)
			built, err = build(context.Background(), dir)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

func serveCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	command, err := serveLoaded(context.Background(), built, t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	return command
}

func startServer(t *testing.T, command *exec.Cmd) *server {
	t.Helper()
	s, err := start(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

func serve(t *testing.T, args ...string) *server {
	t.Helper()
	return startServer(t, serveCommand(t, args...))
}

// limited makes a command run under a limit of the shell's ulimit.
func limited(command *exec.Cmd, ulimit string) *exec.Cmd {
	command.Args = append([]string{"sh", "-c", "ulimit " + ulimit + `; exec "$0" "$@"`, command.Path}, command.Args[1:]...)
	command.Path = "/bin/sh"
	return command
}

// promised reports the figures of a promise. A missed one fails the test where
// promises are measured, and nowhere else: go test ./... asserts no time.
func promised(t *testing.T, promise string, kept bool, figures string) {
	t.Helper()
	t.Attr(promise, figures)
	if measuring && !kept {
		t.Errorf("not within the target: %s", figures)
	}
}

// until waits for a condition that the server brings about.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(2 * time.Millisecond) { // between two looks
		if time.Now().After(deadline) {
			t.Fatalf("not within 2 minutes: %s", what)
		}
	}
}

// noFaults asks for nothing but responses that the contract has, and for a
// journal of just those.
func noFaults(t *testing.T, all *tally, recorded []string) {
	t.Helper()
	for status, n := range all.statuses() {
		if status >= 500 || status == 0 {
			t.Errorf("%d responses of %d", n, status)
		}
	}
	if len(all.unanswered) > 0 || all.refusedDials > 0 {
		t.Errorf("%d requests without a response, %d connections refused", len(all.unanswered), all.refusedDials)
	}
	if err := all.compare(recorded); err != nil {
		t.Error(err)
	}
}

func openConn(t *testing.T, s *server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
