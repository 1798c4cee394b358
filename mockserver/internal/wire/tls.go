package wire

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// The protocols that a connection over TLS offers.
const (
	overHTTP1 = "http/1.1"
	overHTTP2 = "h2"
)

// tlsConfigs are the TLS configurations of a listener; nil for plain HTTP.
type tlsConfigs struct{ usual, reserved *tls.Config }

func newTLSConfigs(config *tls.Config) tlsConfigs {
	if config == nil {
		return tlsConfigs{}
	}
	c := tlsConfigs{config.Clone(), config.Clone()}
	c.usual.NextProtos = []string{overHTTP2, overHTTP1}
	c.reserved.NextProtos = []string{overHTTP1}
	return c
}

// of returns the configuration of a connection. One with a reserved place offers no
// HTTP/2, which would have many requests.
func (c tlsConfigs) of(reserved bool) *tls.Config {
	if reserved {
		return c.reserved
	}
	return c.usual
}

// tlsConn is the server's side of a connection over TLS. The handshake happens at the
// first read, on the goroutine of the connection and within its time for a header: a
// slow client holds up nobody. A failed one ends the connection.
type tlsConn struct {
	*tls.Conn
	secured func() bool
}

func newTLSConn(conn net.Conn, config *tls.Config, listener *Listener) *tlsConn {
	begun := &begunConn{Conn: conn}
	c := tls.Server(begun, config)
	return &tlsConn{c, sync.OnceValue(func() bool { return listener.shakeHands(c, begun) })}
}

// begunConn is a connection that notes what was read first.
type begunConn struct {
	net.Conn
	first []byte
}

// Read notes the first bytes.
func (c *begunConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.first == nil {
		c.first = bytes.Clone(p[:n])
	}
	return n, err
}

// Read reads what the client has sent, without TLS.
func (c *tlsConn) Read(p []byte) (int, error) {
	if !c.secured() {
		return 0, io.EOF // at which net/http closes the connection
	}
	return c.Conn.Read(p)
}

// tlsState returns the state of TLS for requests; nil for plain HTTP.
func (c *watchedConn) tlsState() *tls.ConnectionState {
	if c.tls == nil {
		return nil
	}
	return new(c.tls.ConnectionState())
}

// shakeHands reports whether a client speaks TLS and accepts the certificate. It logs
// why one does not, except for those that leave without a word, as probes do.
func (l *Listener) shakeHands(conn *tls.Conn, begun *begunConn) bool {
	err := conn.Handshake()
	var plain tls.RecordHeaderError
	var op *net.OpError
	switch client := conn.RemoteAddr().String(); {
	case err == nil:
		return true
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
	case errors.As(err, &plain) && plain.Conn != nil && 'A' <= plain.RecordHeader[0] && plain.RecordHeader[0] <= 'Z':
		l.refusePlain(begun)
	case errors.As(err, &op) && op.Op == "remote error": // an alert of TLS
		l.logger.Warn("a client does not accept the certificate: it has to trust the authority, and to use a name of the certificate", "client", client, "problem", err.Error())
	default:
		l.logger.Warn("a TLS handshake failed", "client", client, "problem", err.Error())
	}
	return false
}

// refusePlain responds to a client that speaks plain HTTP, as far as HTTP/1 has a
// response. Its request is recorded as far as it came at once.
func (l *Listener) refusePlain(begun *begunConn) {
	response := Error(http.StatusBadRequest, "BadRequest", "Client sent an HTTP request to an HTTPS server: the base URL begins with https://")
	refusal := newRefusal(begun.first, response.Raw(), begun.RemoteAddr().String())
	refusal.Response, refusal.Hint = response, "the client speaks http, and this server https: begin the base URL with https://"
	if _, err := begun.Write(l.refuse(refusal).Raw()); err == nil {
		linger(begun.Conn)
	}
}
