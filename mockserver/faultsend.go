package mockserver

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// around gives the answer to a request that has met a fault: its own, or that
// of the fault. The handler is asked unless the fault keeps the request from
// taking effect.
func (f *firedFault) around(request answering) *reply {
	if f == nil || !f.effect.Replaces() {
		return request.answer()
	}
	if f.takesEffect {
		meant := request.answer()
		if f.effect.Transport != "" {
			return meant // and it is lost on its way
		}
	}
	return f.reply()
}

func (f *firedFault) named() string {
	if f == nil {
		return ""
	}
	return f.name
}

// nothingSent is the answer to a request whose connection is broken.
func nothingSent() *reply { return &reply{fields: []header{}} }

// reply is the answer of a fault. The words of errors that the API does not
// document are ours.
func (f *firedFault) reply() *reply {
	e := f.effect
	var r *reply
	switch {
	case e.Transport != "":
		return nothingSent()
	case e.Answer == "unauthorized":
		r = unauthorized("Invalid access token")
	case e.Answer == "forbidden":
		r = forbidden()
	case e.Answer == "rateLimited":
		r = rateLimited(e.RetryAfter)
	case e.Answer == "serverError":
		r = apiError(http.StatusInternalServerError, "ServerError", internalError)
	case e.Answer == "maintenance":
		r = apiError(http.StatusServiceUnavailable, "Maintenance", "The service is down for maintenance")
		r.retryAfter = e.RetryAfter
	default:
		r = apiError(e.Status, "Fault", http.StatusText(e.Status))
		if e.Body != "" {
			r.body = []byte(e.Body)
		}
	}
	for name, value := range e.Headers {
		r.more = append(r.more, header{http.CanonicalHeaderKey(name), []string{value}})
	}
	return r
}

func rateLimited(wait time.Duration) *reply {
	r := apiError(http.StatusTooManyRequests, "RateLimited", "Too many requests")
	r.retryAfter = max(wait, time.Second)
	return r
}

// wait holds an answer back.
func (w *world) wait(f *firedFault, r *http.Request) {
	if f != nil && f.latency > 0 {
		w.pause(r.Context(), f.latency)
	}
}

// send sends an answer as a fault has it; nil is as it is.
func (w *world) send(f *firedFault, answer *reply, rw http.ResponseWriter, r *http.Request) {
	switch {
	case f == nil:
		answer.send(rw)
	case f.effect.Transport != "":
		w.breakOff(f.effect, answer, rw)
	default:
		w.sendSlowly(f.effect, answer, rw, r)
	}
}

// slices a second is sent in, where it is throttled.
const throttleSlices = 10

// sendSlowly sends a body in parts.
func (w *world) sendSlowly(e scenarios.Effect, answer *reply, rw http.ResponseWriter, r *http.Request) {
	answer.sendHead(rw)
	body := answer.sent()
	part, pause := len(body), time.Duration(0)
	if l := e.Latency; l != nil && l.Chunks > 0 {
		part, pause = (len(body)+l.Chunks-1)/l.Chunks, l.PerChunk
	}
	if e.Throttle > 0 {
		part = min(max(part, 1), (e.Throttle+throttleSlices-1)/throttleSlices)
		pause = max(pause, time.Duration(part)*time.Second/time.Duration(e.Throttle))
	}
	out := http.NewResponseController(rw)
	for len(body) > 0 {
		if pause > 0 && (out.Flush() != nil || !w.pause(r.Context(), pause)) {
			return
		}
		n := min(max(part, 1), len(body))
		if _, err := rw.Write(body[:n]); err != nil {
			return
		}
		body = body[n:]
	}
}

// breakOff breaks the connection in place of an answer, or in the midst of it.
func (w *world) breakOff(e scenarios.Effect, answer *reply, rw http.ResponseWriter) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the next best thing to a broken connection
	}
	defer conn.Close()
	switch e.Transport {
	case "reset_peer":
		resetWhenClosed(conn)
	case "empty_response":
	case "malformed_chunk":
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n"))
	case "random_then_close":
		var garbage [64]byte
		w.ids.bytes(garbage[:])
		_, _ = conn.Write(garbage[:])
	case "timeout":
		w.staySilent(e.Timeout, conn)
	case "limit_data":
		raw := answer.raw()
		_, _ = conn.Write(raw[:min(e.LimitData, len(raw))])
	}
}

// staySilent answers nothing until a time is up, or the client has left.
func (w *world) staySilent(d time.Duration, conn net.Conn) {
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
	case <-w.life.Done():
	}
	_ = conn.Close()
	<-left
}

// resetWhenClosed lets the connection's end be a reset.
func resetWhenClosed(conn net.Conn) {
	if watched, ok := conn.(*refusalConn); ok {
		conn = watched.Conn
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// raw is the answer as it would stand on the wire.
func (r *reply) raw() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", r.status, http.StatusText(r.status))
	hasLength := false
	r.headers(func(name string, values []string) {
		hasLength = hasLength || name == "Content-Length"
		for _, value := range values {
			b.WriteString(name + ": " + value + "\r\n")
		}
	})
	body := r.sent()
	if !hasLength {
		b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("Connection: close\r\n\r\n")
	return append([]byte(b.String()), body...)
}
