package wire

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
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
	refuse      func(*Refusal) *Response
	logger      *slog.Logger
	places      *places       // a connection takes one
	full        sync.Once     // for the log
	stalled     time.Duration // how long a write may wait for its client
	reservedFor time.Duration // how long a reserved connection may last
}

// NewListener returns a listener that calls a function for each request that
// net/http refuses. The function returns the response to send: that of the refusal,
// or another one.
func NewListener(l net.Listener, limits Limits, refuse func(*Refusal) *Response, logger *slog.Logger) *Listener {
	return &Listener{Listener: l, refuse: refuse, logger: logger, places: newPlaces(limits), stalled: StalledTimeout, reservedFor: reservedTimeout}
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
	return &watchedConn{Conn: conn, listener: l, leave: leave, reserved: reserved}, nil
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
	net.Conn
	listener *Listener
	leave    func()
	reserved bool // whether it has a reserved place

	mu      sync.Mutex // net/http reads ahead on a goroutine of its own
	framing framing
	early   []byte // what was read behind a request that wants to switch protocols
	notes   notes
	served  bool // whether a handler has a request; a reserved connection has no more
}

// Close closes the connection and frees its place.
func (c *watchedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// Read notes how requests begin, and spoils one that could be taken for two.
func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.receive(p)
	if n > 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
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
			return 0, io.EOF // at which net/http closes the connection
		}
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

// refusalHeaders follow the status line of the responses that net/http writes
// by itself.
var refusalHeaders = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// expectationFailed begins net/http's response to an Expect that it does not
// know. Our responses have other fields first.
var expectationFailed = []byte("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\nDate: ")

// Write passes on a refusal of net/http, and writes the response to it.
func (c *watchedConn) Write(p []byte) (int, error) {
	c.decide(bytes.HasPrefix(p, switching))
	if !isRefusal(p) {
		return c.send(p)
	}
	read := c.refused()
	if bytes.HasPrefix(read, []byte{0x16, 0x03}) {
		c.listener.logger.Warn("a client speaks TLS: this server speaks plain HTTP, its base URL begins with http://")
	}
	refusal := newRefusal(read, p, c.RemoteAddr().String())
	own := readResponse(p).Status
	if response := c.listener.refuse(refusal); response.Status != own {
		if _, err := c.send(response.Raw()); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.send(p)
}

// send writes to the client, unless it does not read.
func (c *watchedConn) send(p []byte) (int, error) {
	return writeWithProgress(c.Conn, p, c.listener.stalled)
}

// switching begins the response after which a connection has no more requests.
var switching = []byte("HTTP/1.1 101 ")

// decide notes a response, unless it is that of a request before the last.
func (c *watchedConn) decide(switches bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.notes) == 0 {
		c.framing.decide(switches)
	}
}

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
	end := bytes.IndexByte(p, '\r')
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

// ResetWhenClosed makes the close of a connection a reset.
func ResetWhenClosed(conn net.Conn) {
	if watched, ok := conn.(*watchedConn); ok {
		conn = watched.Conn
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}
