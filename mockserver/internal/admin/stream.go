package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// heartbeat is how often a stream without news shows that it is alive.
const heartbeat = 15 * time.Second

// lookInterval is how often a stream looks at what is not in the journal.
const lookInterval = time.Second

// stream sends the journal as server-sent events, beginning with what it keeps.
// A request is sent as event "request" when it arrives, and again when it was
// responded to; what it gave to a workflow is sent as event "trigger". Event
// "removed" has the ids of requests that were removed or evicted since then.
// "incomplete" reports that requests were evicted, "reset" that the journal begins
// again, "expectation" is a verification that failed, "health" the health when there is
// new trouble. "changed" reports that something else differs: faults, the clock,
// applications and webhooks, the scenario, or which sandboxes there are. "closed" is why
// the stream ends: the world was closed.
type stream struct {
	admin    *Admin
	about    *request
	era      *world.Era // whose journal is sent
	revision uint64     // of the journal, as far as it was sent
	evicted  uint64     // as reported last
	oldest   uint64     // the sequence of the oldest entry at the last look
	newest   uint64     // the sequence of the newest one
	stale    bool       // whether the client has events of a journal before this one
	summary  bool       // whether requests and triggers are sent in their short form
	trouble  string     // as it was at the last look
	beside   revisions  // as they were at the last look
	expected int        // the id of the latest expectation that was sent
}

// streamRequests begins a stream, behind the event that Last-Event-ID names:
// nothing is lost and nothing is sent twice.
func (a *Admin) streamRequests(r *request) (any, error) {
	summary, err := r.truth("summary")
	if err != nil {
		return nil, err
	}
	r.keepOpen()
	era, last := r.world.Era(), r.Header.Get("Last-Event-ID")
	revision, known := era.Journal.RevisionOf(last)
	s := &stream{admin: a, about: r, era: era, revision: revision, stale: last != "" && !known, summary: summary}
	s.trouble, s.beside = s.troubleNow(), s.besideNow()
	return s, nil
}

// ServeHTTP sends events until the client leaves or the world is closed.
func (s *stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := s.about.world
	defer base.Use()()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	alive, looks := time.NewTicker(heartbeat), time.NewTicker(lookInterval)
	defer alive.Stop()
	defer looks.Stop()
	if s.stale {
		writeReset(w)
	}
	for {
		changed := s.era.Journal.Next() // before looking, so that nothing is missed between
		failed := base.Expectations.Next()
		s.writeChanges(r.Context(), w)
		s.writeExpectations(w)
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-failed:
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-looks.C:
			s.writeHealth(w)
			s.writeChanged(w)
		case <-s.era.Life.Done():
			if cause := base.Life.Cause(); cause != nil {
				writeEvent(w, "", "closed", map[string]string{"reason": cause.Error()})
				return
			}
		case <-r.Context().Done():
			return
		}
		before := s.era.Journal
		if s.era = base.Era(); s.era.Journal != before {
			s.beside = s.besideNow() // with a reset the client reads everything again
			s.begin(w)
		}
	}
}

// begin begins again with what the journal keeps.
func (s *stream) begin(w http.ResponseWriter) {
	s.revision, s.evicted, s.oldest, s.newest = 0, 0, 0, 0
	writeReset(w)
}

func writeReset(w http.ResponseWriter) { writeEvent(w, "", "reset", struct{}{}) }

// writeChanges sends what has changed in the journal since the last time, until the
// client leaves.
func (s *stream) writeChanges(ctx context.Context, w http.ResponseWriter) {
	news := s.era.Journal.News(s.revision)
	if news.Forgotten {
		s.begin(w)
		news = s.era.Journal.News(0)
	}
	if news.Evicted > s.evicted {
		writeEvent(w, "", "incomplete", map[string]uint64{"evicted": news.Evicted, "oldest": news.Oldest})
		s.addEvicted(&news)
	}
	s.evicted, s.oldest, s.newest = news.Evicted, news.Oldest, news.Newest
	for _, change := range news.Changes {
		if ctx.Err() != nil {
			return
		}
		s.writeChange(w, change)
	}
	s.writeRemoved(ctx, w, news)
	s.revision = news.Revision
}

// addEvicted adds the entries that were evicted since the last look to those that were
// removed. At the first look the client has none of them.
func (s *stream) addEvicted(news *recorder.News) {
	if s.oldest == 0 {
		return
	}
	for sequence := s.oldest; sequence < news.Oldest && sequence <= s.newest; sequence++ {
		news.Removed = append(news.Removed, sequence)
	}
}

// mostRemoved is how many ids one event has.
const mostRemoved = 1000

func (s *stream) writeRemoved(ctx context.Context, w http.ResponseWriter, news recorder.News) {
	rec := s.era.Journal
	for sequences := range slices.Chunk(news.Removed, mostRemoved) {
		if ctx.Err() != nil {
			return
		}
		ids := make([]string, len(sequences))
		for i, sequence := range sequences {
			ids[i] = rec.ID(sequence)
		}
		writeEvent(w, "", "removed", map[string][]string{"ids": ids})
	}
}

func (s *stream) writeChange(w http.ResponseWriter, change recorder.Change) {
	rec := s.era.Journal
	id := rec.EventID(change.Revision)
	switch {
	case change.Trigger != nil && s.summary:
		writeEvent(w, id, "trigger", newTriggerSummary(s.era, change.Trigger))
	case change.Trigger != nil:
		writeEvent(w, id, "trigger", rec.Trigger(change.Trigger))
	case s.summary:
		writeEvent(w, id, "request", newSummary(rec, change.Entry))
	default:
		writeEvent(w, id, "request", rec.Request(change.Entry))
	}
}

// writeExpectations sends the verifications that have failed since the last time.
func (s *stream) writeExpectations(w http.ResponseWriter) {
	for _, e := range s.about.world.Expectations.Since(s.expected) {
		writeEvent(w, "", "expectation", e)
		s.expected = e.ID
	}
}

// writeHealth sends the health if there is new trouble.
func (s *stream) writeHealth(w http.ResponseWriter) {
	if now := s.troubleNow(); now != s.trouble {
		s.trouble = now
		writeEvent(w, "", "health", s.admin.healthOf(s.about.world))
	}
}

// troubleNow returns what of the health is trouble, as a text to compare.
func (s *stream) troubleNow() string {
	h := s.admin.healthOf(s.about.world)
	trouble := []any{h.RejectedBeforeHandler, h.Panics, h.Memory.Evicted, h.Memory.TablesEvicted, h.Reload}
	if file := h.JournalFile; file != nil {
		trouble = append(trouble, file.Lost, file.Problem, file.Damage)
	}
	text, _ := json.Marshal(trouble) // numbers and texts alone
	return string(text)
}

// revisions are those of what a world has beside its journal.
type revisions struct {
	era                               *world.Era // of a scenario that was loaded
	faults, clock, records, sandboxes uint64
}

func (s *stream) besideNow() revisions {
	return revisions{s.era, s.era.Faults.Revision(), s.era.State.Clock.Revision(), s.era.State.Store.Revision(), s.admin.worlds.SandboxRevision()}
}

// writeChanged reports that something beside the journal has changed.
func (s *stream) writeChanged(w http.ResponseWriter) {
	if now := s.besideNow(); now != s.beside {
		s.beside = now
		writeEvent(w, "", "changed", struct{}{})
	}
}

// writeEvent sends an event; without an id a client that comes back does not name it.
func writeEvent(w http.ResponseWriter, id, event string, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		return // every value can be written as JSON
	}
	if id != "" {
		fmt.Fprintf(w, "id: %s\n", id)
	}
	fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, data)
}
