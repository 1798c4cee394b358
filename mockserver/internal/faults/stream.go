package faults

import (
	"context"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// breakStream is breakOff over HTTP/2, where many requests share a connection. A fault
// of the connection ends all of them. Any other fault resets the stream of its request
// alone, as net/http does after this panic.
func (f *Fired) breakStream(response *wire.Response, w http.ResponseWriter, ctx context.Context, l life.Life, draw func([]byte)) {
	switch f.effect.Transport {
	case scenarios.TransportResetPeer, scenarios.TransportEmptyResponse, scenarios.TransportRandomThenClose:
		f.breakShared(ctx, draw)
	case scenarios.TransportMalformedChunk: // HTTP/2 has no chunks
		w.Header()["Content-Type"] = wire.ContentTypeJSON.Values
		_, _ = w.Write([]byte("no chunk"))
		_ = http.NewResponseController(w).Flush()
	case scenarios.TransportTimeout:
		waitSilently(ctx, f.effect, l)
	case scenarios.TransportLimitData:
		head := len(response.Raw()) - len(response.Sent())
		if part := f.effect.LimitData - head; part >= len(response.Sent()) && !response.IsStream() {
			response.Send(w)
			return
		} else if part >= 0 {
			sendPart(response, w, part)
		}
	}
	panic(http.ErrAbortHandler)
}

// breakShared breaks the connection of a request. A recorder of tests has none.
func (f *Fired) breakShared(ctx context.Context, draw func([]byte)) {
	conn := wire.Conn(ctx)
	if conn == nil {
		return
	}
	switch f.effect.Transport {
	case scenarios.TransportResetPeer:
		wire.Reset(conn)
	case scenarios.TransportRandomThenClose:
		sendGarbage(conn, draw)
	}
	_ = conn.Close()
}

// sendPart sends the head of a response, and the first bytes of its body.
func sendPart(response *wire.Response, w http.ResponseWriter, part int) {
	response.SendHead(w)
	_, _ = w.Write(response.Sent()[:part])
	_ = http.NewResponseController(w).Flush()
}

// waitSilently waits until the time of a fault is up, or the client has left.
func waitSilently(ctx context.Context, effect scenarios.Effect, l life.Life) {
	if effect.Timeout > 0 {
		l.Pause(ctx, effect.Timeout)
		return
	}
	select {
	case <-ctx.Done():
	case <-l.Done():
	}
}
