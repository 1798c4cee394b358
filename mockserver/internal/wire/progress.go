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

// progressConn is a connection that drops a client that does not read. Its deadline of
// writes is its own.
type progressConn struct {
	net.Conn
	stalled time.Duration // how long a write may wait
}

func newProgressConn(conn net.Conn, stalled time.Duration) progressConn {
	c := progressConn{conn, stalled}
	c.look(time.Now())
	return c
}

// look lets a write look for progress some time after now. That fails only when the
// connection is closed.
func (c progressConn) look(now time.Time) {
	_ = c.Conn.SetWriteDeadline(now.Add(min(c.stalled, progressInterval)))
}

// Write writes until all is written, or for a time nothing more was. A client that
// reads slowly is served to the end. The deadline is set anew once it has passed, and
// not for each write: most are done at once.
func (c progressConn) Write(p []byte) (written int, err error) {
	progress := time.Now()
	for {
		n, err := c.Conn.Write(p[written:])
		written += n
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return written, err
		}
		now := time.Now()
		if n > 0 {
			progress = now
		}
		if now.Sub(progress) >= c.stalled {
			return written, err
		}
		c.look(now)
	}
}

// SetDeadline sets the deadline of reads.
func (c progressConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetWriteDeadline does nothing.
func (c progressConn) SetWriteDeadline(time.Time) error { return nil }

// CloseWrite closes the sending side.
func (c progressConn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}
