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

// progressConn is a connection that drops a client that does not read.
type progressConn struct {
	net.Conn
	stalled time.Duration // how long a write may wait
}

// Write writes until all is written, or for a time nothing more was. A client that
// reads slowly is served to the end.
func (c progressConn) Write(p []byte) (written int, err error) {
	progress := time.Now()
	for {
		_ = c.SetWriteDeadline(time.Now().Add(min(c.stalled, progressInterval))) // fails only when the connection is closed
		n, err := c.Conn.Write(p[written:])
		written += n
		if n > 0 {
			progress = time.Now()
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(progress) >= c.stalled {
			return written, err
		}
	}
}

// CloseWrite closes the sending side.
func (c progressConn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}
