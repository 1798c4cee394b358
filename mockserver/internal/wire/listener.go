package wire

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"
)

// Listener accepts connections, and watches them for requests that net/http
// refuses.
//
// net/http responds by itself to what it can't read as a request, and calls no
// handler. It does so with one write whose words are fixed. A connection that
// looks for them can record such requests, and send what the real API sends for a
// path with a broken escape.
//
// The number of connections is limited, so that there are always files left for
// the journal and for scenarios that are read again. When the limit is reached,
// reserved connections serve one urgent request each, one for the admin API: one that
// begins with another request is closed. Further connections wait until others are
// closed, and a client that does not read is dropped.
type Listener struct {
	net.Listener
	secure      tlsConfigs
	refuse      func(*Refusal) *Response
	logger      *slog.Logger
	places      *places       // a connection takes one
	full        sync.Once     // for the log
	stalled     time.Duration // how long a write may wait for its client
	reservedFor time.Duration // how long a reserved connection may last
}

// NewListener returns a listener that calls a function for each request that
// net/http refuses. The function returns the response to send: that of the refusal,
// or another one. Connections speak TLS, unless its configuration is nil.
func NewListener(l net.Listener, config *tls.Config, limits Limits, refuse func(*Refusal) *Response, logger *slog.Logger) *Listener {
	return &Listener{Listener: l, secure: newTLSConfigs(config), refuse: refuse, logger: logger, places: newPlaces(limits), stalled: StalledTimeout, reservedFor: reservedTimeout}
}

// Close closes the listener, also for an Accept that waits for a place.
func (l *Listener) Close() error {
	l.places.close()
	return l.Listener.Close()
}

// Accept waits for a place among the connections, and then for the next one.
func (l *Listener) Accept() (net.Conn, error) {
	leave, reserved, err := l.places.take()
	if err != nil {
		return nil, err
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		leave()
		return nil, err
	}
	if reserved {
		leave = l.expire(conn, leave)
	}
	watched := &watchedConn{raw: conn, Conn: newProgressConn(conn, l.stalled), listener: l, leave: leave, reserved: reserved}
	if config := l.secure.of(reserved); config != nil {
		watched.tls = newTLSConn(watched.Conn, config, l)
		watched.Conn = watched.tls
	}
	return watched, nil
}

// expire closes a reserved connection when its time is up, at which net/http closes
// it too. It returns the function that frees its place.
func (l *Listener) expire(conn net.Conn, leave func()) func() {
	expiry := time.AfterFunc(l.reservedFor, func() { _ = conn.Close() })
	return func() {
		expiry.Stop()
		leave()
	}
}

// watchedConn is a connection that looks for the refusals of net/http.
type watchedConn struct {
	net.Conn          // without TLS: what is read and written is HTTP
	raw      net.Conn // as it was accepted
	tls      *tlsConn // nil for plain HTTP
	listener *Listener
	leave    func()
	reserved bool // whether it has a reserved place

	mu      sync.Mutex // net/http reads ahead on a goroutine of its own
	framing framing
	early   []byte // what was read behind a request that wants to switch protocols
	notes   notes
	served  bool // whether a handler has a request; a reserved connection has no more
	left    bool // whether the connection has left HTTP/1, for HTTP/2 or a WebSocket
}

// Close closes the connection and frees its place.
func (c *watchedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// Read notes how requests begin, and spoils one that could be taken for two.
func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.receive(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if received := n; n > 0 && !c.left {
		begins, spoil, end := c.framing.scan(p[:n])
		c.early = append(bytes.Clone(p[end:n]), c.early...)
		n = end
		c.notes.add(p[:n], begins)
		if spoil >= 0 {
			p[spoil] = spoiler
		}
		if c.reserved && !c.served && c.listener.places.refuses(c.notes.oldest()) {
			c.listener.full.Do(func() {
				c.listener.logger.Warn("the connections are all in use: new ones are closed, but for the admin API", "connections", cap(c.listener.places.usual))
			})
			c.leaveHTTP1() // net/http may have the beginning of the request already
			_ = c.raw.Close()
			return 0, io.EOF
		}
		if bytes.HasPrefix(c.notes.oldest(), preface) {
			c.leaveHTTP1()
			n, c.early = received, nil
		}
		n += copy(p[n:], c.filler(len(p)))
	}
	return n, err
}

// mostEarly is how many bytes a client may send before it has the response to a
// request that wants to switch protocols. One that behaves sends none.
const mostEarly = 64 << 10

var errEarly = errors.New("the client does not wait for the response to its upgrade")

// receive reads from the connection. What follows a request that wants to switch
// protocols is kept until the response decides whether it is HTTP: a frame of a
// WebSocket may come with the handshake.
func (c *watchedConn) receive(p []byte) (int, error) {
	for {
		decided, n := c.takeEarly(p)
		if n > 0 {
			return n, nil
		}
		if decided {
			return c.Conn.Read(p)
		}
		var next [512]byte
		n, err := c.Conn.Read(next[:])
		if err == nil && c.addEarly(next[:n]) > mostEarly {
			err = errEarly
		}
		if err != nil {
			return 0, err
		}
	}
}

// takeEarly copies what was kept, once it is decided what that is.
func (c *watchedConn) takeEarly(p []byte) (decided bool, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.framing.step == undecided {
		return false, 0
	}
	n = copy(p, c.early)
	c.early = c.early[n:]
	return true, n
}

// addEarly keeps what was read, and returns how much is kept.
func (c *watchedConn) addEarly(read []byte) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.early = append(c.early, read...)
	return len(c.early)
}

// prefaceLine is the request line by which net/http finds out whether a connection
// speaks HTTP/2. It reads as many bytes first.
const prefaceLine = "PRI * HTTP/2.0"

// filler returns blank lines to follow a first request line that is shorter, and so
// malformed: net/http would wait for more before it refuses the request.
func (c *watchedConn) filler(wanted int) string {
	begun := c.notes.oldest()
	if c.served || wanted > len(prefaceLine) || len(begun) >= len(prefaceLine) || !bytes.Contains(begun, []byte("\n")) {
		return ""
	}
	return strings.Repeat("\n", len(prefaceLine))
}

// refusalHeaders follow the status line of the responses that net/http writes
// by itself.
var refusalHeaders = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// longestStatusLine is more than the status line of each refusal, in bytes: what is
// written may be megabytes without one.
const longestStatusLine = 512

// expectationFailed begins net/http's response to an Expect that it does not
// know. Our responses have other fields first.
var expectationFailed = []byte("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\nDate: ")

// Write passes on a refusal of net/http, and writes the response to it.
func (c *watchedConn) Write(p []byte) (int, error) {
	if !c.refuses(p) {
		return c.Conn.Write(p)
	}
	read := c.refused()
	refusal := newRefusal(read, p, c.RemoteAddr().String())
	refusal.Request.TLS = c.tlsState()
	written := p
	if response := c.listener.refuse(refusal); response.Status != readResponse(p).Status {
		written = response.Raw()
	}
	if _, err := c.Conn.Write(written); err != nil {
		return 0, err
	}
	linger(c.Conn)
	return len(p), nil
}

// What a client may still send that does not know yet that its request is refused.
const (
	lingerBytes = 256 << 10
	lingerTime  = 500 * time.Millisecond
)

// linger ends sending, and reads what the client still sends: a connection that is
// closed before is reset, and the client may lose the response.
func linger(conn net.Conn) {
	if closer, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = closer.CloseWrite()
	}
	_ = conn.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, lingerBytes))
}

var (
	// switching begins the response after which a connection is a WebSocket.
	switching = []byte("HTTP/1.1 101 ")
	// preface begins a connection of HTTP/2, and is no request of HTTP/1.
	preface = []byte(prefaceLine + "\r\n\r\n")
)

// refuses reports whether net/http refuses a request of HTTP/1 by what it writes. It
// notes a response, unless it is that of a request before the last.
func (c *watchedConn) refuses(p []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		return false
	}
	switches := bytes.HasPrefix(p, switching)
	if len(c.notes) == 0 {
		c.framing.decide(switches)
	}
	if switches {
		c.leaveHTTP1()
	}
	return !switches && isRefusal(p)
}

// leaveHTTP1 ends looking for requests of HTTP/1.
func (c *watchedConn) leaveHTTP1() { c.left, c.notes = true, nil }

// accept forgets the oldest request that is noted: a handler has it.
func (c *watchedConn) accept() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notes.removeOldest()
	c.served = true
}

// refused returns what is noted of the request that net/http refuses: the oldest,
// since handlers have those before it.
func (c *watchedConn) refused() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.notes.oldest()
}

// isRefusal reports whether net/http writes a refusal.
func isRefusal(p []byte) bool {
	end := bytes.IndexByte(p[:min(len(p), longestStatusLine)], '\r')
	return bytes.HasPrefix(p, expectationFailed) || end >= 0 && bytes.HasPrefix(p[end:], refusalHeaders)
}

// CloseWrite closes the sending side. Without this method net/http could only
// break the connection, and a client would lose what it has yet to read.
func (c *watchedConn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}

// Reset closes a connection with a TCP reset: what is not sent yet is lost.
func Reset(conn net.Conn) {
	if watched, ok := conn.(*watchedConn); ok {
		conn = watched.raw
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
