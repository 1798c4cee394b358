package generic

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Hub leads events to the streams that clients have open. The zero value is ready for
// use.
type Hub struct {
	mu      sync.Mutex
	streams map[*Stream]bool
}

// Stream is a stream of events to one client.
type Stream struct {
	hub       *Hub
	operation string
	path      map[string]string
	keepAlive time.Duration
	events    chan []byte
	ended     chan struct{} // closed when the stream is to end
}

// waiting is how many events wait for a client that reads slowly. Further ones are
// lost to it.
const waiting = 256

// open opens a stream, to be closed by the caller.
func (h *Hub) open(operation string, path map[string]string, keepAlive time.Duration) *Stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.streams == nil {
		h.streams = map[*Stream]bool{}
	}
	s := &Stream{hub: h, operation: operation, path: path, keepAlive: keepAlive, events: make(chan []byte, waiting), ended: make(chan struct{})}
	h.streams[s] = true
	return s
}

// Send sends an event to the open streams of an operation whose paths have the same
// ids, and returns how many these are.
func (h *Hub) Send(operation string, path map[string]string, name string, data []byte) int {
	event := append([]byte("event: "+name+"\ndata: "), data...)
	event = append(event, "\n\n"...)
	h.mu.Lock()
	defer h.mu.Unlock()
	sent := 0
	for s := range h.streams {
		if s.operation != operation || !s.at(path) {
			continue
		}
		select {
		case s.events <- event:
			sent++
		default: // the client does not read
		}
	}
	return sent
}

// End ends the open streams whose paths have the same ids: what they lead through was
// deleted.
func (h *Hub) End(path map[string]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.streams {
		if s.at(path) {
			delete(h.streams, s)
			close(s.ended)
		}
	}
}

// stream opens the stream of a call.
func (s *Server) stream(c *Call) (*wire.Response, *Stream) {
	seconds := c.number("keepAliveInterval", 2)
	opened := s.Streams.open(c.Operation.Name, c.Values.Path, time.Duration(seconds)*time.Second)
	return &wire.Response{
		Status: c.success.Status, Chunked: true,
		Fields: []wire.Header{wire.Field("Content-Type", "text/event-stream"), wire.Field("Cache-Control", "no-cache")},
	}, opened
}

// at reports whether the stream's path has the ids.
func (s *Stream) at(path map[string]string) bool {
	for param, id := range path {
		if !pairs.SameID(s.path[param], id) {
			return false
		}
	}
	return true
}

// Close lets the stream leave the hub.
func (s *Stream) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	delete(s.hub.streams, s)
}

// keepAlive is what a stream sends while there is no event: a comment, which clients
// leave out.
var keepAlive = []byte(": keepalive\n\n")

// Serve writes events to a client, until one of the contexts is done or the client is
// gone. The head of the response was written.
func (s *Stream) Serve(w http.ResponseWriter, request, world context.Context) {
	control := http.NewResponseController(w)
	ticker := time.NewTicker(s.keepAlive)
	defer ticker.Stop()
	text := keepAlive // so that the client has the head at once
	for {
		if _, err := w.Write(text); err != nil {
			return
		}
		if control.Flush() != nil {
			return
		}
		select {
		case text = <-s.events:
		case <-ticker.C:
			text = keepAlive
		case <-s.ended:
			return
		case <-request.Done():
			return
		case <-world.Done():
			return
		}
	}
}
