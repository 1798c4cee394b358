package wire

import (
	"bytes"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxConnections is how many connections a server has at once if the system
// allows more.
const maxConnections = 1 << 20

// maxReserved is how many connections above the limit are reserved at the most.
const maxReserved = 16

// reservedTimeout is how long a reserved connection lasts at the most: the next
// urgent request waits for its place.
const reservedTimeout = 10 * time.Second

// Limits are how many connections a listener has at once.
type Limits struct {
	// Connections is the limit; 0 is four of five files that the process may have
	// open.
	Connections int
	// Urgent reports whether a request for a target, path and query as sent, is
	// served when the limit is reached. Some connections above the limit are
	// reserved for such requests.
	Urgent func(target string) bool
}

// places are what connections take while they are open.
type places struct {
	usual, reserved chan struct{}
	urgent          func(target string) bool
	closed          chan struct{} // ends the wait for a place
	close           func()
}

func newPlaces(limits Limits) *places {
	most := limits.Connections
	if most == 0 {
		most = connectionLimit()
	}
	closed := make(chan struct{})
	return &places{
		usual:    make(chan struct{}, most),
		reserved: make(chan struct{}, min(maxReserved, (most+15)/16)),
		urgent:   limits.Urgent,
		closed:   closed,
		close:    sync.OnceFunc(func() { close(closed) }),
	}
}

// take waits for a place and takes it, a reserved one if there is no other.
func (p *places) take() (leave func(), reserved bool, err error) {
	select {
	case p.usual <- struct{}{}:
		return sync.OnceFunc(func() { <-p.usual }), false, nil
	default:
	}
	select {
	case p.usual <- struct{}{}:
		return sync.OnceFunc(func() { <-p.usual }), false, nil
	case p.reserved <- struct{}{}:
		return sync.OnceFunc(func() { <-p.reserved }), true, nil
	case <-p.closed:
		return nil, false, net.ErrClosed
	}
}

// refuses reports whether the request that begins with these bytes must not use a
// reserved place. A request line that is not complete is let through: no request is
// served before its end is there.
func (p *places) refuses(begun []byte) bool {
	line, _, complete := bytes.Cut(begun, []byte("\n"))
	if !complete {
		return len(begun) == maxNoted
	}
	words := bytes.Fields(line)
	return len(words) < 2 || !p.urgent(string(words[1]))
}

// Reserved reports whether a request came on a connection that has a reserved place.
// Such a connection is closed after its response, which must not take long. It speaks
// HTTP/1 alone: one of HTTP/2 would have many requests.
func Reserved(r *http.Request) bool {
	conn, ok := r.Context().Value(connKey{}).(*watchedConn)
	return ok && conn.reserved
}
