package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts, and the tests that start a server, run this
// program as a command of its own.
func TestMain(m *testing.M) {
	// Most tests wait for other processes: as many at once as there are processors
	// leaves the processors idle.
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"losantmock": main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Condition: func(name string) (bool, error) {
			if name != "race" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return size.UnderRace, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":  serveInScript,
			"status": statusInScript,
		},
	})
}

// statusInScript runs a command that is to end with a status: status 2 losantmock ...
func statusInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command...")
	}
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("ended with %d, want %s", got, args[0])
	}
}

// serveInScript starts a server on a free port for the rest of the script and
// puts its URL into $URL, and its address into $ADDRESS.
func serveInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("serve always serves")
	}
	command := exec.Command("losantmock", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	command.Dir = ts.MkAbs(".")
	for _, name := range []string{"LOSANTMOCK_API_VERSION", "LOSANTMOCK_DEFINITION", "LOSANTMOCK_SCENARIO"} {
		command.Env = append(command.Environ(), name+"="+ts.Getenv(name))
	}
	p, err := startProgram(command)
	if err != nil {
		ts.Fatalf("%v", err)
	}
	ts.Setenv("URL", p.url)
	ts.Setenv("ADDRESS", strings.TrimPrefix(p.url, "http://"))
	ts.Defer(func() {
		if err := p.stop(); err != nil {
			ts.Fatalf("%v", err)
		}
	})
}

// program is losantmock serve as a process of its own.
type program struct {
	command *exec.Cmd
	url     string
	trust   string // the file of the authority of its certificate; blank without TLS
	// greeting is what it printed before it was ready.
	greeting []string
	stderr   collected
}

// startProgram waits until the program has said where it listens.
func startProgram(command *exec.Cmd) (*program, error) {
	p := &program{command: command}
	command.Stderr = &p.stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		p.greeting = append(p.greeting, lines.Text())
		if url, ok := strings.CutPrefix(lines.Text(), "listening    "); ok {
			p.url = url
		}
		if trust, ok := strings.CutPrefix(lines.Text(), "trust        "); ok {
			p.trust, _, _ = strings.Cut(trust, ": ")
		}
		if strings.HasPrefix(lines.Text(), "try ") { // the last line
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return p, nil
		}
	}
	err = command.Wait()
	return nil, &exec.Error{Name: "losantmock serve: " + p.stderr.String(), Err: err}
}

// stop ends the program as a terminal or a container does.
func (p *program) stop() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	timer := time.AfterFunc(2*time.Minute, func() { _ = p.command.Process.Kill() })
	defer timer.Stop()
	return p.command.Wait()
}

// serveProgram starts a server for a test.
func serveProgram(t *testing.T, args ...string) *program {
	t.Helper()
	return serveCommand(t, exec.Command("losantmock", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...))
}

// serveCommand starts a server for a test by its command.
func serveCommand(t *testing.T, command *exec.Cmd) *program {
	t.Helper()
	p, err := startProgram(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.command.ProcessState == nil {
			if err := p.stop(); err != nil {
				t.Errorf("%v\n%s", err, p.stderr.String())
			}
		}
	})
	return p
}

// need skips a test where a program that it needs is missing; in CI, which
// installs it, that is a failure. The work of such a test is in other processes.
func need(t *testing.T, what string, missing bool) {
	t.Helper()
	size.SkipUnderRace(t)
	if !missing {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing, and CI must have it", what)
	}
	t.Skipf("skipped: %s is missing", what)
}
