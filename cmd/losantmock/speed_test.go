package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The measurement itself works: every row has its figures. How fast it is on a
// busy machine says nothing.
func TestBench(t *testing.T) {
	t.Parallel()
	round := "50ms"
	if long := os.Getenv("LOSANTMOCK_SPEED"); long != "" {
		round = long
	}
	out, err := exec.Command("losantmock", "bench", "--round", round, "--rounds", "1").CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	t.Logf("\n%s", out)
	readme := read(t, "../../README.md")
	for _, row := range benchRows {
		if !strings.Contains(string(out), "| "+row.name+" | ") || !strings.Contains(readme, "| "+row.name+" | ") {
			t.Errorf("%s is not in the output, or not in the README", row.name)
		}
	}
}

// TestStartAndMemory measures how soon the program answers, and what it takes
// when it is idle.
func TestStartAndMemory(t *testing.T) {
	if os.Getenv("LOSANTMOCK_SPEED") == "" {
		t.Skip("skipped: LOSANTMOCK_SPEED is not set")
	}
	binary := filepath.Join(t.TempDir(), "losantmock")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %.1f MB, target 16", float64(info.Size())/1e6)
	million := filepath.Join(t.TempDir(), "million.yaml")
	if err := os.WriteFile(million, []byte(strings.Replace(benchWorld, "999", "1000000", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, scenario := range []string{"default", million} {
		best := time.Hour
		memory := ""
		for range 3 {
			began := time.Now()
			p, err := startProgram(exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--scenario", scenario))
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.Get(p.url + "/__admin/health")
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(began))
			_ = response.Body.Close()
			time.Sleep(300 * time.Millisecond) // idle
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
			for line := range strings.Lines(string(status)) {
				if strings.HasPrefix(line, "VmRSS") {
					memory = strings.Join(strings.Fields(line), " ")
				}
			}
			_ = p.stop()
		}
		t.Logf("%s: first 200 after %s, %s", filepath.Base(scenario), best.Round(time.Millisecond), memory)
	}
}
