package wire

import (
	"errors"
	"net"
	"os"
	"time"
)

// A client that does not read is dropped: it would hold its place among the
// connections, and what is sent to it, for ever.
const (
	// StalledTimeout is how long a write may wait for a client that reads nothing.
	StalledTimeout = 10 * time.Second
	// progressInterval is how often a write that waits looks for progress.
	progressInterval = time.Second
)

// writeWithProgress writes to a connection until all is written, or for a time
// nothing more was. A client that reads slowly is served to the end.
func writeWithProgress(conn net.Conn, p []byte, stalled time.Duration) (written int, err error) {
	progress := time.Now()
	for {
		_ = conn.SetWriteDeadline(time.Now().Add(min(stalled, progressInterval))) // fails only when the connection is closed
		n, err := conn.Write(p[written:])
		written += n
		if n > 0 {
			progress = time.Now()
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(progress) >= stalled {
			return written, err
		}
	}
}
