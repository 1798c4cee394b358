//go:build unix

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/mockserver"
)

// stub serves the default scenario.
func stub(t *testing.T) string {
	t.Helper()
	server, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(server)
	t.Cleanup(api.Close)
	return api.URL
}

func makePipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A terminal that is closed ends a recording as Ctrl-C does: what was learnt is
// written.
func TestAClosedTerminalEndsARecording(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("SIGHUP is ignored here, as by nohup, and so by the program")
	}
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "world.yaml")
	record := exec.Command("losantmock", "record", "--url", stub(t), "--listen", "127.0.0.1:0", "--out", out)
	record.Env = append(record.Environ(), "LOSANT_API_TOKEN=")
	printed, code := recordedUntil(t, syscall.SIGHUP, record, func(url string) { getOnce(t, url+"/applications") })
	text, err := os.ReadFile(out)
	left, dirErr := os.ReadDir(dir)
	if code != exit.CodeOK || err != nil || !strings.Contains(string(text), "api:") || dirErr != nil || len(left) != 1 {
		t.Errorf("%d, %v, %v are left: %s", code, err, left, printed)
	}
}

// A second Ctrl-C ends a check at once. Its reports say what it leaves and how that is
// deleted.
func TestASecondInterruptOfACheck(t *testing.T) {
	t.Parallel()
	stub, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	check := exec.Command("losantmock", "check", "--application", checkedApplication, "--any-token", "--write")
	started := make(chan struct{})
	interrupt := func() {
		<-started
		_ = check.Process.Signal(os.Interrupt)
	}
	var posts atomic.Int32
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case posts.Load() == 4: // cleaning up
			interrupt()
			<-r.Context().Done()
			return
		case r.Method == http.MethodPost:
			if posts.Add(1) == 4 {
				_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the client is gone
				interrupt()
				<-r.Context().Done()
				return
			}
		}
		stub.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	dir := t.TempDir()
	check.Args = append(check.Args, "--url", api.URL, "--report", "json="+filepath.Join(dir, "report.json"))
	check.Env = append(check.Environ(), "LOSANT_API_TOKEN=any")
	var out bytes.Buffer
	check.Stdout, check.Stderr = &out, &out
	if err := check.Start(); err != nil {
		t.Fatal(err)
	}
	close(started)
	_ = check.Wait() // its exit code is looked at
	files, err := os.ReadDir(dir)
	written, readErr := os.ReadFile(filepath.Join(dir, "report.json"))
	said := regexp.MustCompile(`left behind: losantmock-check-[a-z0-9]+-\*`)
	if code := check.ProcessState.ExitCode(); code != exit.CodeUnsure || !said.Match(out.Bytes()) || !said.Match(written) || !bytes.Contains(out.Bytes(), []byte("--clean-up --older-than 0s deletes")) || cmp.Or(err, readErr) != nil || len(files) != 1 {
		t.Errorf("%d, %v, the files %v: %s", code, cmp.Or(err, readErr), files, out.String())
	}
}

// A terminal that is closed ends a server in order, unless nohup has started it.
func TestAClosedTerminalEndsAServer(t *testing.T) {
	t.Parallel()
	p := serveProgram(t)
	if err := p.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("%v\n%s", err, p.stderr.String())
	}
	kept, err := startProgram(exec.Command("sh", "-c", "trap '' HUP; exec losantmock serve --listen 127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Error(err)
	}
	for range 100 {
		getOnce(t, kept.url+"/applications")
	}
	if err := kept.stop(); err != nil {
		t.Error(err)
	}
}

// Flags of the journal file are refused without one.
func TestFlagsOfAJournalFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--journal-strict", "--journal-rotate=1MB"} {
		if out, code := runWithCanary(t, "serve", "--listen", "127.0.0.1:0", flag); code != exit.CodeUsage || !strings.Contains(out, "--journal") {
			t.Errorf("%d %s", code, out)
		}
	}
}

// A target behind a symbolic link is written where the link leads, whether there
// was a file or not.
func TestATargetBehindALink(t *testing.T) {
	t.Parallel()
	dir, url := t.TempDir(), stub(t)
	link, file := filepath.Join(dir, "link.yaml"), filepath.Join(dir, "file.yaml")
	if err := os.Symlink("file.yaml", link); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		out, code := runWithCanary(t, "pull", "--url", url, "--application", checkedApplication, "--out", link)
		to, err := os.Readlink(link)
		if text, readErr := os.ReadFile(file); code != exit.CodeOK || err != nil || to != "file.yaml" || readErr != nil || len(text) == 0 {
			t.Errorf("%d, %v, %v: %s", code, err, readErr, out)
		}
	}
	out, code := runWithCanary(t, "check", "--url", url, "--application", checkedApplication, "--report", "junit="+file, "--report", "markdown="+link)
	if left, err := os.ReadDir(dir); code != exit.CodeUsage || !strings.Contains(out, "two reports") || err != nil || len(left) != 2 {
		t.Errorf("%d, %v are left: %s", code, left, out)
	}
}

// A program that was told to end does not wait for one that never reads its target.
func TestATargetThatNobodyReads(t *testing.T) {
	t.Parallel()
	path := makePipe(t)
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	out, err := output.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = out.Write(ctx, func(w io.Writer) error {
		_, err := w.Write(make([]byte, 1<<20))
		return err
	})
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// SIGTERM ends a command that reads from a pipe which nobody writes to.
func TestAPipeThatNobodyWritesToIsLeft(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"validate"}, {"serve", "--listen", "127.0.0.1:0", "--scenario"}} {
		pipe := makePipe(t)
		command := exec.CommandContext(t.Context(), "losantmock", append(args, pipe)...)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when the command reads
		if err != nil {
			t.Fatal(err)
		}
		defer writer.Close()
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		var ended *exec.ExitError
		if err := command.Wait(); !errors.As(err, &ended) || ended.ExitCode() <= 0 {
			t.Errorf("%v ends with %v", args, err)
		}
	}
}
