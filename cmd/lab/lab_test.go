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

// long says whether the promises are held to for as long as they are made:
// see the README.
var long = os.Getenv("LOSANTMOCK_LONG") != ""

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if len(os.Args) > 1 && os.Args[1] == "bare" { // bench starts itself
			main()
		}
		dir, err := os.MkdirTemp("", "lab-")
		if err == nil {
			defer os.RemoveAll(dir)
			built, err = build(context.Background(), dir, buildFlags...)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// shortOrLong is how long something takes in each run of the tests, and how
// long where LOSANTMOCK_LONG is set.
func shortOrLong(short, whole time.Duration) time.Duration {
	if long {
		return whole
	}
	return short
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

// tries is how often a figure is measured before it counts as missed: the
// machine may be busy with something else.
const tries = 4

// measured measures until the figures are within their targets, and gives the
// last as those of a promise. What is a fault and no figure fails at once.
func measured(t *testing.T, promise string, measure func() (within bool, figures string)) {
	t.Helper()
	for i := 1; ; i++ {
		within, figures := measure()
		if within || raceEnabled || i == tries || t.Failed() {
			t.Attr(promise, figures)
			if !within && !raceEnabled {
				t.Errorf("not within the target: %s", figures)
			}
			return
		}
	}
}

// noFaults asks for nothing but answers that the contract has, and for a
// journal of just those.
func noFaults(t *testing.T, all *tally, recorded []string) {
	t.Helper()
	for status, n := range all.statuses() {
		if status >= 500 || status == 0 {
			t.Errorf("%d answers of %d", n, status)
		}
	}
	if len(all.unanswered) > 0 || all.refusedDials > 0 {
		t.Errorf("%d requests without an answer, %d connections refused", len(all.unanswered), all.refusedDials)
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
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
