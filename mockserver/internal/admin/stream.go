package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// heartbeat is how often a stream without news shows that it is alive.
const heartbeat = 15 * time.Second

// resetEvent is sent before what is in a new journal.
const resetEvent = "event: reset\ndata: {}\n\n"

// stream sends the journal as server-sent events, beginning with what it keeps.
// A request is sent as event "request" when it arrives, and again when it was
// responded to; what it gave to a workflow is sent as event "trigger". Event
// "incomplete" reports that requests were evicted, "reset" that the journal begins
// again, and "closed" why the stream ends: the world was closed.
type stream struct {
	world    *world.World
	era      *world.Era // whose journal is sent
	revision uint64     // of the journal, as far as it was sent
	evicted  uint64     // as reported last
	stale    bool       // whether the client has events of a journal before this one
}

// streamRequests begins a stream, behind the event that Last-Event-ID names:
// nothing is lost and nothing is sent twice.
func (a *Admin) streamRequests(r *request) (any, error) {
	r.keepOpen()
	era, last := r.world.Era(), r.Header.Get("Last-Event-ID")
	revision, known := era.Journal.RevisionOf(last)
	return &stream{world: r.world, era: era, revision: revision, stale: last != "" && !known}, nil
}

// ServeHTTP sends events until the client leaves or the world is closed.
func (s *stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.world.Use()()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	if s.stale {
		fmt.Fprint(w, resetEvent)
	}
	for {
		changed := s.era.Journal.Next() // before looking, so that nothing is missed between
		s.writeChanges(r.Context(), w)
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-s.era.Life.Done():
			if cause := s.world.Life.Cause(); cause != nil {
				fmt.Fprintf(w, "event: closed\ndata: {\"reason\":%s}\n\n", wire.Quoted(cause.Error()))
				return
			}
		case <-r.Context().Done():
			return
		}
		before := s.era.Journal
		if s.era = s.world.Era(); s.era.Journal != before {
			s.revision, s.evicted = 0, 0
			fmt.Fprint(w, resetEvent)
		}
	}
}

// writeChanges sends what has changed in the journal since the last time, until the
// client leaves.
func (s *stream) writeChanges(ctx context.Context, w http.ResponseWriter) {
	changes, now, evicted := s.era.Journal.Since(s.revision)
	if evicted > s.evicted {
		fmt.Fprintf(w, "event: incomplete\ndata: {\"evicted\":%d}\n\n", evicted)
	}
	s.evicted = evicted
	for _, change := range changes {
		if ctx.Err() != nil {
			return
		}
		writeEvent(w, s.era.Journal, change)
	}
	s.revision = now
}

func writeEvent(w http.ResponseWriter, rec *recorder.Recorder, change recorder.Change) {
	event, value := "request", any(nil)
	if change.Trigger != nil {
		event, value = "trigger", rec.Trigger(change.Trigger)
	} else {
		value = rec.Request(change.Entry)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return // every request can be written as JSON
	}
	fmt.Fprintf(w, "id: %s\nevent: %s\ndata: %s\n\n", rec.EventID(change.Revision), event, data)
}
