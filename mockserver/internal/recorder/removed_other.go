//go:build !unix

package recorder

import "os"

// removed reports false: an open file can't be removed on such a system.
func removed(os.FileInfo) bool { return false }
