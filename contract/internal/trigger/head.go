package trigger

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"
)

// head is what is seen of the head of a response while it arrives.
type head struct {
	mu    sync.Mutex
	at    time.Time // when it came; zero where that is not known
	http2 bool
}

// trace returns the context of a request whose response the head is of.
func (h *head) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			conn, ok := info.Conn.(*tls.Conn)
			h.mu.Lock()
			defer h.mu.Unlock()
			h.http2 = ok && conn.ConnectionState().NegotiatedProtocol == "h2"
		},
		GotFirstResponseByte: func() { h.came(time.Now()) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			h.came(time.Time{}) // nobody says when the next one comes
			return nil
		},
	})
}

func (h *head) came(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
}

// after returns how long after the beginning the head came, and whether it came over
// HTTP/2. Where its time is not known, that of the whole response stands for it.
func (h *head) after(began time.Time) (time.Duration, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at.IsZero() {
		return time.Since(began), h.http2
	}
	return h.at.Sub(began), h.http2
}
