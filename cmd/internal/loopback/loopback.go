// Package loopback listens on the loopback addresses of a machine as on one.
package loopback

import (
	"errors"
	"net"
	"sync"
	"syscall"
)

// sharedPortTries is how many free ports are tried until one is free on both loopback
// addresses.
const sharedPortTries = 16

// Listen listens on an address. By the name localhost that is each loopback address of
// this machine: a client may take either for it, and Node takes that of IPv6 first.
func Listen(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host != "localhost" || !HasIPv6() {
		return net.Listen("tcp", address)
	}
	for try := 1; ; try++ {
		listener, err := listenOnBoth(port)
		if err == nil || port != "0" || try == sharedPortTries || !errors.Is(err, syscall.EADDRINUSE) {
			return listener, err
		}
	}
}

// HasIPv6 reports whether this machine has the loopback address of IPv6.
func HasIPv6() bool {
	probe, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		return false
	}
	_ = probe.Close()
	return true
}

// listenOnBoth listens on both loopback addresses, on the same port. The address of the
// listener is that of IPv4.
func listenOnBoth(port string) (net.Listener, error) {
	first, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	_, port, err = net.SplitHostPort(first.Addr().String())
	if err != nil {
		return nil, err // can't be: it is the address of a listener
	}
	second, err := net.Listen("tcp", net.JoinHostPort("::1", port))
	if err != nil {
		_ = first.Close()
		return nil, err
	}
	return newBothListener(first, second), nil
}

// bothListener accepts the connections of two listeners.
type bothListener struct {
	net.Listener // the first
	second       net.Listener
	accepted     chan accepted
	closed       chan struct{}
	close        func() error
}

// accepted is what a listener returns from Accept.
type accepted struct {
	conn net.Conn
	err  error
}

func newBothListener(first, second net.Listener) *bothListener {
	l := &bothListener{Listener: first, second: second, accepted: make(chan accepted), closed: make(chan struct{})}
	l.close = sync.OnceValue(func() error {
		close(l.closed)
		return errors.Join(first.Close(), second.Close())
	})
	go l.acceptFrom(first)
	go l.acceptFrom(second)
	return l
}

// acceptFrom passes on what a listener accepts, until this one is closed.
func (l *bothListener) acceptFrom(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		select {
		case l.accepted <- accepted{conn, err}:
		case <-l.closed:
			if conn != nil {
				_ = conn.Close()
			}
			return
		}
	}
}

// Accept returns the next connection to either address.
func (l *bothListener) Accept() (net.Conn, error) {
	select {
	case next := <-l.accepted:
		return next.conn, next.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close closes both listeners.
func (l *bothListener) Close() error { return l.close() }
