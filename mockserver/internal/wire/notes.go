package wire

import (
	"context"
	"net"
	"net/http"
	"slices"
)

// notes are how the requests on a connection begin, oldest first: those that no
// handler has received yet. They are noted one by one, because several may arrive
// together, and each may follow a body of any length.
type notes [][]byte

// maxNoted is how much of a request is noted, in bytes.
const maxNoted = 8 << 10

// add notes bytes that were read, in which further requests begin at some indexes.
func (n *notes) add(read []byte, begins []int) {
	from := 0
	for _, begin := range begins {
		n.extend(read[from:begin])
		*n = append(*n, nil)
		from = begin
	}
	n.extend(read[from:])
}

// extend adds bytes to the newest request. Nothing is noted of the body of a request
// that a handler has.
func (n notes) extend(read []byte) {
	if len(n) == 0 {
		return
	}
	newest := &n[len(n)-1]
	*newest = append(*newest, read[:min(len(read), maxNoted-len(*newest))]...)
}

// oldest returns the oldest request; nil for none.
func (n notes) oldest() []byte {
	if len(n) == 0 {
		return nil
	}
	return n[0]
}

func (n *notes) removeOldest() {
	if len(*n) > 0 {
		*n = slices.Delete(*n, 0, 1) // in its place, where the next one is noted
	}
}

type connKey struct{}

// Watch makes a server report to the connections of a [Listener] which requests its
// handler receives. All others are refused by net/http. A request that came over TLS
// says so, and its Host stands in one place, over HTTP/2 too.
func Watch(server *http.Server) {
	handler := server.Handler
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, conn)
	}
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(connKey{}).(*watchedConn); ok {
			conn.accept()
			r.TLS = conn.tlsState()
		}
		r.Header.Del("Host")
		handler.ServeHTTP(w, r)
	})
}

// Conn returns the connection of the request that a context belongs to; nil for one
// that has not come through a [Listener].
func Conn(ctx context.Context) net.Conn {
	if conn, ok := ctx.Value(connKey{}).(*watchedConn); ok {
		return conn
	}
	return nil
}
