package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// heartbeat is how often a stream without news says that it is alive.
const heartbeat = 15 * time.Second

// streamRequests sends the journal's entries as server-sent events, those that
// are there first. An entry comes when its request arrives, and again when it
// is answered; what it gave to a workflow comes as an event "trigger".
// Last-Event-ID goes on behind an event: nothing is lost and
// nothing comes twice. After a reset, event "reset" is followed by what comes
// then; event "incomplete" says that entries were let go.
func (a *Admin) streamRequests(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	world := a.world(r)
	current := world.Era()
	journal := current.Journal
	revision := journal.RevisionOf(r.Header.Get("Last-Event-ID"))
	var evicted uint64
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	for {
		changed := journal.Next() // before looking, so that nothing is missed between
		entries, now, gone := journal.Since(revision)
		if gone > evicted {
			evicted = gone
			fmt.Fprintf(w, "event: incomplete\ndata: {\"evicted\":%d}\n\n", gone)
		}
		for _, e := range entries {
			writeEvent(w, journal, e)
		}
		revision = now
		if out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-current.Life.Done():
			if world.Life.Err() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
		if current = world.Era(); current.Journal != journal {
			journal, revision, evicted = current.Journal, 0, 0
			fmt.Fprintf(w, "event: reset\ndata: {}\n\n")
		}
	}
}

func writeEvent(w http.ResponseWriter, j *recorder.Recorder, e recorder.Change) {
	event, value := "request", any(nil)
	if e.Trigger != nil {
		event, value = "trigger", j.Trigger(e.Trigger)
	} else {
		value = j.Request(e.Entry)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return // nothing in a request can't be written
	}
	fmt.Fprintf(w, "id: %s\nevent: %s\ndata: %s\n\n", j.EventID(e.Revision), event, data)
}
