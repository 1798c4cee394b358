package wire

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
)

// maxConnections is how many connections a server has at once if the system
// allows more.
const maxConnections = 1 << 20

// Listener accepts connections, and watches them for requests that net/http
// refuses.
//
// net/http responds by itself to what it can't read as a request, and calls no
// handler. It does so with one write whose words are fixed. A connection that
// looks for them can count such requests, and send what the real API sends for a
// path with a broken escape.
//
// The number of connections is limited, so that there are always files left for
// the journal and for scenarios that are read again. Further connections wait
// until others are closed.
type Listener struct {
	net.Listener
	rejected *atomic.Uint64
	logger   *slog.Logger
	places   chan struct{} // a connection takes one
	closed   chan struct{} // ends the wait for a place
	close    func()
}

// NewListener returns a listener that counts rejected requests.
func NewListener(l net.Listener, rejected *atomic.Uint64, logger *slog.Logger) *Listener {
	closed := make(chan struct{})
	return &Listener{l, rejected, logger, make(chan struct{}, connectionLimit()), closed, sync.OnceFunc(func() { close(closed) })}
}

// Close closes the listener, also for an Accept that waits for a place.
func (l *Listener) Close() error {
	l.close()
	return l.Listener.Close()
}

// Accept waits for a place among the connections, and then for the next one.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &watchedConn{Conn: conn, listener: l, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

// watchedConn is a connection that looks for the refusals of net/http.
type watchedConn struct {
	net.Conn
	listener *Listener
	leave    func()
	line     []byte // how the latest read began
}

// Close closes the connection and frees its place.
func (c *watchedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// maxNotedLine is how much of a read is noted: enough for a request line.
const maxNotedLine = 2 << 10

// Read notes how a request begins.
func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 1 { // net/http reads single bytes to see whether a client is there
		line, _, _ := bytes.Cut(p[:min(n, maxNotedLine)], []byte("\n"))
		c.line = append(c.line[:0], line...)
	}
	return n, err
}

// refusalHeaders follow the status line of the responses that net/http writes
// by itself.
var refusalHeaders = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// expectationFailed begins net/http's response to an Expect that it does not
// know. Our responses have other fields first.
var expectationFailed = []byte("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\nDate: ")

// Write counts a refusal of net/http, and replaces it where the real API sends
// something else.
func (c *watchedConn) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, expectationFailed) {
		c.listener.rejected.Add(1)
		return c.Conn.Write(p)
	}
	if end := bytes.IndexByte(p, '\r'); end < 0 || !bytes.HasPrefix(p[end:], refusalHeaders) {
		return c.Conn.Write(p)
	}
	c.listener.rejected.Add(1)
	if bytes.HasPrefix(c.line, []byte{0x16, 0x03}) {
		c.listener.logger.Warn("a client speaks TLS: this server speaks plain HTTP, its base URL begins with http://")
	}
	if path, broken := brokenPath(c.line); broken && bytes.HasPrefix(p, []byte("HTTP/1.1 400 ")) {
		if _, err := c.Conn.Write(pathDoesNotExist(path)); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// CloseWrite closes the sending side. Without this method net/http could only
// break the connection, and a client would lose what it has yet to read.
func (c *watchedConn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}

// brokenPath returns the path of a request line, and reports whether it has an
// escape that does not decode.
func brokenPath(line []byte) (string, bool) {
	parts := bytes.Split(bytes.TrimSuffix(line, []byte("\r")), []byte(" "))
	if len(parts) != 3 || !bytes.HasPrefix(parts[1], []byte("/")) {
		return "", false
	}
	path, _, _ := bytes.Cut(parts[1], []byte("?"))
	_, err := url.PathUnescape(string(path))
	return string(path), err != nil
}

func pathDoesNotExist(path string) []byte {
	body := Error(http.StatusNotFound, "NotFound", path+" does not exist").Body
	return append([]byte("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: "+
		strconv.Itoa(len(body))+"\r\nConnection: close\r\n\r\n"), body...)
}

// ResetWhenClosed makes the close of a connection a reset.
func ResetWhenClosed(conn net.Conn) {
	if watched, ok := conn.(*watchedConn); ok {
		conn = watched.Conn
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}
