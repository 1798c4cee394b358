//go:build unix

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/bytesize"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
)

func getOnce(t *testing.T, url string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

// A target that can't be written ends the program with 2, before any request is
// sent.
func TestATargetThatCanNotBeWrittenIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	t.Attr("J3", "6 paths that can't be written, no request; 2 full disks, nothing lost")
	var requests atomic.Int64
	api := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	t.Cleanup(api.Close)
	nowhere := filepath.Join(t.TempDir(), "nowhere", "file")
	unread := makePipe(t)
	for _, args := range [][]string{
		{"record", "--url", api.URL, "--listen", "127.0.0.1:0", "--out", nowhere},
		{"check", "--url", api.URL, "--application", checkedApplication, "--report", "json=" + nowhere},
		{"pull", "--url", api.URL, "--application", checkedApplication, "--out", nowhere},
		{"record", "--url", api.URL, "--listen", "127.0.0.1:0", "--out", t.TempDir()},
		{"record", "--url", api.URL, "--listen", "127.0.0.1:0", "--out", unread},
		{"check", "--url", api.URL, "--application", checkedApplication, "--report", "junit=" + unread},
	} {
		out, code := runWithCanary(t, args...)
		if code != exit.CodeUsage || !strings.Contains(out, "can't be written") || requests.Load() > 0 {
			t.Errorf("%s: %d, %d requests\n%s", args[0], code, requests.Load(), out)
		}
	}
}

// If the disk is full at the end, what was learnt is printed, and the other reports
// are written.
func TestWhatWasLearntIsPrintedWhenTheDiskIsFull(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("skipped: there is no /dev/full here")
	}
	stub, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(stub)
	t.Cleanup(api.Close)
	record := exec.Command("losantmock", "record", "--url", api.URL, "--listen", "127.0.0.1:0", "--out", "/dev/full")
	record.Env = append(record.Environ(), "LOSANT_API_TOKEN=")
	out, code := recorded(t, record, func(url string) {
		getOnce(t, url+"/applications")
	})
	if code != exit.CodeFailed || !strings.Contains(out, "api:\n") || !strings.Contains(out, "no space left") {
		t.Errorf("record: %d\n%s", code, out)
	}
	dir := t.TempDir()
	out, code = runWithCanary(t, "check", "--url", api.URL, "--application", checkedApplication, "--any-token",
		"--report", "json=/dev/full", "--report", "markdown="+filepath.Join(dir, "check.md"))
	text, err := os.ReadFile(filepath.Join(dir, "check.md"))
	if code != exit.CodeFailed || err != nil || len(text) == 0 || !strings.Contains(out, "no space left") || len(out) < 500 {
		t.Errorf("check: %d, %v\n%s", code, err, out)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v are left", err, left)
	}
}

// Lines of a journal file that can't be read are named and skipped.
func TestBadLinesOfAJournalFileAreNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	p := serveProgram(t, "--journal", path)
	for range 3 {
		getOnce(t, p.url+"/applications")
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("\n{"), []byte("\nXX"), 1)
	text = append(text, "null\n{}\n{\"v\":2}\n"...)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := runWithCanary(t, "requests", "--file", path)
	if code != exit.CodeOK || strings.Count(out, "/applications") != 2 || !strings.Contains(out, "4 of 6 lines are skipped\n"+path+":2: invalid character") || strings.Count(out, path+":") != 4 {
		t.Errorf("%d\n%s", code, out)
	}
}

// SIGHUP opens the journal file again, and --journal-rotate renames it.
func TestTheJournalFileIsRotated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	p := serveProgram(t, "--journal", path, "--journal-rotate", "1KB")
	getOnce(t, p.url+"/applications")
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for opened := false; !opened; {
		_, err := os.Stat(path)
		opened = err == nil
	}
	getOnce(t, p.url+"/applications")
	getOnce(t, p.url+"/applications")
	for _, name := range []string{path + ".old", path + ".1", path} {
		if text, err := os.ReadFile(name); err != nil || bytes.Count(text, []byte("\n")) != 1 {
			t.Errorf("%s: %v, %d lines", name, err, bytes.Count(text, []byte("\n")))
		}
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
}

// A size is a number of bytes, with or without a unit.
func TestByteSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"100MB": 100e6, "1KiB": 1024, "7": 7, "3B": 3, "2GB": 2e9, "0": 0, "MB": 0, "-1": 0, "9999999999GB": 0, "1TB": 0, "": 0} {
		var size bytesize.Size
		if err := size.Set(text); int64(size) != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", text, size, err)
		}
	}
}
