//go:build unix

package wire

import "syscall"

// connectionLimit returns how many connections a server has at once: four of
// five files that the process may have open.
func connectionLimit() int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return maxConnections
	}
	return int(min(max(files.Cur/5*4, 1), maxConnections))
}
