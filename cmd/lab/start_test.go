//go:build promises

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The program is small, responses soon after its start, also with a large world,
// and takes little while nobody asks.
func TestStartAndSize(t *testing.T) {
	info, err := os.Stat(built)
	if err != nil || info.Size() > 16e6 {
		t.Errorf("the program has %d bytes, %v", info.Size(), err)
	}
	million := filepath.Join(t.TempDir(), "million.yaml")
	if err := os.WriteFile(million, []byte(strings.Replace(benchWorld, "999", "1000000", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		scenario string
		most     time.Duration
		memory   int64
	}{
		{"default", 30 * time.Millisecond, 20 << 20},
		{million, 3 * time.Second, 2 << 30},
	} {
		measured(t, "F1", func() (bool, string) {
			began := time.Now()
			s := startServer(t, exec.Command(built, "serve", "--quiet", "--scenario", c.scenario, "--listen"))
			if _, err := s.get("/__admin/health"); err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			time.Sleep(300 * time.Millisecond) // for the memory that the start took to be given back
			idle, _ := s.memory()
			s.kill()
			return took <= c.most && idle <= c.memory, fmt.Sprintf("%s: first response after %s, %.1f MB idle, a program of %.1f MB",
				filepath.Base(c.scenario), took.Round(time.Millisecond), float64(idle)/1e6, float64(info.Size())/1e6)
		})
	}
}
