package recorder

import (
	"container/list"
	"slices"
	"time"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// The kinds of events of a WebSocket.
//
// Source: Losant's documentation of the webhook trigger.
const (
	ConnectEvent    = "connect"
	MessageEvent    = "message"
	DisconnectEvent = "disconnect"
)

// Trigger is a trigger as the journal keeps it: what its payload is built from.
// It shares its texts with the entry of the request.
type Trigger struct {
	Sequence uint64
	revision uint64        // of the journal, when it was fired
	change   *list.Element // its place in the journal's changes; under its lock
	Request  uint64        // the sequence of the entry that fired it
	At       time.Time
	Hook     CalledHook

	Method, Target, Host, Header string
	Body                         []byte // of the call, or the message of a WebSocket
	ReplyID                      string

	Event SocketEvent // the zero value for a call that is no WebSocket
}

// CalledHook is a copy of the webhook and its application at the time that a
// trigger fired.
type CalledHook struct {
	ID, Name, Token                string
	ApplicationID, ApplicationName string
	CastBuffersAs                  string
	AnnotateMultipart              bool
}

// SocketEvent is an event of a WebSocket. A message is the body of the trigger.
type SocketEvent struct {
	Kind   string // blank for no event
	Binary bool   // of a message
	Reason string // of a disconnect
	Code   int    // of a disconnect
}

// Trigger returns a trigger in its public form. It shares nothing with the
// journal.
func (r *Recorder) Trigger(t *Trigger) journal.Trigger {
	return journal.Trigger{
		Sequence:    t.Sequence,
		RequestID:   r.ID(t.Request),
		WebhookName: t.Hook.Name,
		Payload:     t.Payload(),
	}
}

// triggerOverhead is about the size of a trigger in bytes, without the texts of
// its request.
const triggerOverhead = 384

// size returns the size of a trigger. The body of a call counts for its request.
func (t *Trigger) size() int64 {
	if t.Event.Kind == "" {
		return triggerOverhead
	}
	return triggerOverhead + int64(len(t.Body)+len(t.Event.Reason))
}

// Fire adds a trigger that the request of an entry has fired. For an event of a
// WebSocket the entry is nil: the trigger then has the request's sequence.
func (r *Recorder) Fire(t *Trigger, by *Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.triggersTotal++
	t.Sequence = r.triggersTotal
	if by != nil {
		t.Request = by.Sequence
		by.Trigger.Store(t)
	}
	r.revision++
	t.revision = r.revision
	t.change = r.changes.note(nil, t)
	r.triggers = append(r.triggers, t)
	r.bytes += t.size()
	r.evictTriggers()
	r.wake()
}

// evictTriggers evicts the oldest triggers while there are too many of them, or
// their request is evicted.
func (r *Recorder) evictTriggers() {
	var oldest uint64
	if len(r.entries) > 0 {
		oldest = r.entries[0].Sequence
	}
	evicted := 0
	for len(r.triggers)-evicted > 1 {
		t := r.triggers[evicted]
		if len(r.triggers)-evicted <= r.maxEntries && r.bytes <= r.maxBytes && (t.Event.Kind != "" || t.Request >= oldest) {
			break
		}
		r.bytes -= t.size()
		r.changes.forget(t.change)
		r.triggers[evicted] = nil
		evicted++
	}
	r.triggers = r.triggers[evicted:]
	r.triggersEvicted += uint64(evicted)
}

// removeTriggersOf removes the triggers of removed entries.
func (r *Recorder) removeTriggersOf(removed []*Entry) {
	isRemoved := map[uint64]bool{}
	for _, e := range removed {
		isRemoved[e.Sequence] = true
	}
	r.triggers = slices.DeleteFunc(slices.Clone(r.triggers), func(t *Trigger) bool {
		if isRemoved[t.Request] {
			r.bytes -= t.size()
			r.changes.forget(t.change)
		}
		return isRemoved[t.Request]
	})
}

// FiredTriggers returns the triggers that the journal holds now, oldest first,
// and how many were evicted before.
func (r *Recorder) FiredTriggers() (triggers []*Trigger, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.triggers), r.triggersEvicted
}
