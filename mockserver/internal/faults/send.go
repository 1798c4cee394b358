package faults

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// Around returns the response to a request: its own, or that of the fault. It
// calls respond, unless the fault keeps the request from taking effect.
func (f *Fired) Around(respond func() *wire.Response) *wire.Response {
	if f == nil || !f.effect.Replaces() {
		return respond()
	}
	if f.takesEffect {
		response := respond()
		if f.sendsNothing() {
			return response // which is recorded, and not sent
		}
	}
	return f.reply()
}

// Name returns the name of the fault; blank for no fault.
func (f *Fired) Name() string {
	if f == nil {
		return ""
	}
	return f.rule.Name
}

// sendsNothing reports whether the fault breaks the connection before any part of
// a response.
func (f *Fired) sendsNothing() bool {
	return f.effect.Transport != "" && f.effect.Transport != scenarios.TransportLimitData
}

// nothingSent returns the response to a request whose connection is broken.
func nothingSent() *wire.Response { return &wire.Response{Fields: []wire.Header{}} }

// reply returns the response of a fault. The words of errors that the API does
// not document are ours.
func (f *Fired) reply() *wire.Response {
	e := f.effect
	var r *wire.Response
	switch {
	case f.sendsNothing():
		return nothingSent()
	case e.Response == scenarios.ResponseUnauthorized:
		r = wire.Unauthorized("Invalid access token")
	case e.Response == scenarios.ResponseForbidden:
		r = wire.Forbidden()
	case e.Response == scenarios.ResponseRateLimited:
		r = wire.RateLimited(e.RetryAfter)
	case e.Response == scenarios.ResponseServerError:
		r = wire.ServerError()
	case e.Response == scenarios.ResponseMaintenance:
		r = wire.Maintenance()
	default:
		r = wire.Error(e.Status, "Fault", http.StatusText(e.Status))
		if e.Body != "" || wire.Bodiless(e.Status) {
			r.Body = []byte(e.Body)
		}
	}
	r.RetryAfter = cmp.Or(e.RetryAfter, r.RetryAfter)
	for name, value := range e.Headers {
		r.More = append(r.More, wire.Field(http.CanonicalHeaderKey(name), value))
	}
	return r
}

// Breaks reports whether the fault breaks the connection.
func (f *Fired) Breaks() bool { return f != nil && f.effect.Transport != "" }

// Wait holds a response back for as long as the fault wants it.
func (f *Fired) Wait(ctx context.Context, l life.Life) {
	if f != nil && f.latency > 0 {
		l.Pause(ctx, f.latency)
	}
}

// Send sends a response as the fault wants it. No fault sends it as it is.
func (f *Fired) Send(response *wire.Response, w http.ResponseWriter, ctx context.Context, l life.Life, draw func([]byte)) {
	switch {
	case f == nil:
		response.Send(w)
	case f.effect.Transport != "":
		f.breakOff(response, w, ctx, l, draw)
	default:
		f.sendSlowly(response, w, ctx, l)
	}
}

// throttleSlices is in how many parts the bytes of a second are sent.
const throttleSlices = 10

// sendSlowly sends a body in parts, with pauses between them.
func (f *Fired) sendSlowly(response *wire.Response, w http.ResponseWriter, ctx context.Context, l life.Life) {
	e := f.effect
	response.SendHead(w)
	body := response.Sent()
	part, pause := len(body), time.Duration(0)
	if latency := e.Latency; latency != nil && latency.Chunks > 0 {
		part, pause = (len(body)+latency.Chunks-1)/latency.Chunks, latency.PerChunk
	}
	if e.Throttle > 0 {
		part = min(max(part, 1), (e.Throttle+throttleSlices-1)/throttleSlices)
		pause = max(pause, time.Duration(part)*time.Second/time.Duration(e.Throttle))
	}
	out := http.NewResponseController(w)
	for len(body) > 0 {
		if pause > 0 && (out.Flush() != nil || !l.Pause(ctx, pause)) {
			return
		}
		n := min(max(part, 1), len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		body = body[n:]
	}
}

// breakOff breaks the connection before the response, or in the middle of it.
func (f *Fired) breakOff(response *wire.Response, w http.ResponseWriter, ctx context.Context, l life.Life, draw func([]byte)) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		f.breakStream(response, w, ctx, l, draw)
		return
	}
	defer conn.Close()
	switch f.effect.Transport {
	case scenarios.TransportResetPeer:
		wire.Reset(conn)
	case scenarios.TransportEmptyResponse:
	case scenarios.TransportMalformedChunk:
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n"))
	case scenarios.TransportRandomThenClose:
		sendGarbage(conn, draw)
	case scenarios.TransportTimeout:
		staySilent(l, f.effect.Timeout, conn)
	case scenarios.TransportLimitData:
		raw := response.Raw()
		_, _ = conn.Write(raw[:min(f.effect.LimitData, len(raw))])
	}
}

// sendGarbage sends random bytes.
func sendGarbage(conn net.Conn, draw func([]byte)) {
	var garbage [64]byte
	draw(garbage[:])
	_, _ = conn.Write(garbage[:])
}

// staySilent sends nothing until a time is up, or the client has left.
func staySilent(l life.Life, d time.Duration, conn net.Conn) {
	left := make(chan struct{})
	go func() {
		defer close(left)
		for buffer := make([]byte, 512); ; {
			if _, err := conn.Read(buffer); err != nil {
				return
			}
		}
	}()
	var up <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		up = timer.C
	}
	select {
	case <-left:
		return
	case <-up:
	case <-l.Done():
	}
	_ = conn.Close()
	<-left
}
