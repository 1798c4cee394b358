package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// Killed in the middle of its work, the program has written every request that
// it answered, and at its next start there is no torn line.
func TestTheJournalFileSurvivesKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	answered := map[string]bool{}
	for round := range 5 {
		p := serveProgram(t, "--journal", path)
		var mu sync.Mutex
		var clients sync.WaitGroup
		enough := make(chan struct{}, 1000)
		for n := range 4 {
			clients.Go(func() {
				for i := 0; ; i++ {
					request := fmt.Sprintf("/%d/%d/%d", round, n, i)
					response, err := http.Get(p.url + request)
					if err != nil {
						return // the program is gone
					}
					_, err = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					if err != nil {
						return
					}
					mu.Lock()
					answered[request] = true
					mu.Unlock()
					select {
					case enough <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 50 + round*37 {
			<-enough
		}
		if err := p.command.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = p.command.Wait()
		clients.Wait()
	}
	p := serveProgram(t, "--journal", path)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	requests, err := journal.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, r := range requests {
		written[r.Target] = true
	}
	for request := range answered {
		if !written[request] {
			t.Errorf("%s was answered and is not written", request)
		}
	}
	if len(answered) < 250 {
		t.Errorf("only %d requests were answered", len(answered))
	}
}

// Following shows a request as it is answered.
func TestRequestsAreFollowed(t *testing.T) {
	t.Parallel()
	p := serveProgram(t)
	follow := exec.Command("losantmock", "requests", "--follow", "--status", "405", "--url", p.url)
	stdout, err := follow.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := follow.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for n := range 3 {
		for _, path := range []string{fmt.Sprintf("/nope/%d", n), "/"} {
			response, err := http.Get(p.url + path)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
		}
		if !lines.Scan() || !strings.Contains(lines.Text(), fmt.Sprintf("/nope/%d  hint: ", n)) {
			t.Fatalf("line %d is %q, %v", n, lines.Text(), lines.Err())
		}
	}
	if err := follow.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := follow.Wait(); err != nil {
		t.Errorf("Ctrl-C ends it with %v", err)
	}
}
