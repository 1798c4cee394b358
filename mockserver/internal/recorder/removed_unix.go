//go:build unix

package recorder

import (
	"os"
	"syscall"
)

// removed reports whether an open file has no name any more.
func removed(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink == 0
}
