//go:build unix

package contract_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// A pipe or a device, which may never end, is refused without being read.
func TestADefinitionThatIsNoFile(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, "/dev/zero"} {
		_, err := contract.LoadDefinition(path)
		if want := path + ": is a folder, a pipe or a device: want a regular file"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
