//go:build unix

package scenarios_test

import (
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// A pipe in a folder, which may never end, is a problem and is not read.
func TestAPipeInAFolder(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "p.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := scenarios.Load(filepath.Dir(pipe))
	if want := pipe + ": is not a regular file"; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
