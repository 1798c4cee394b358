package recorder

import (
	"cmp"
	"container/list"
	"slices"
	"sync/atomic"
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
	Body                         []byte // of the call, as sent; or the message of a WebSocket
	PlainSize                    int    // of the body of a call without its encoding
	ReplyID                      string

	Event SocketEvent // the zero value for a call that is no WebSocket

	sent    atomic.Pointer[[]Sent] // on the WebSocket behind the event; it grows alone
	problem atomic.Pointer[string] // why the workflow was not reached; nil for none
}

// Fail notes why the workflow of a trigger was not reached, of a text of bounded
// length.
func (t *Trigger) Fail(problem string) { t.problem.Store(&problem) }

// Problem returns why the workflow of a trigger was not reached; blank for none.
func (t *Trigger) Problem() string {
	if problem := t.problem.Load(); problem != nil {
		return *problem
	}
	return ""
}

// Sent is a message that was sent on a WebSocket.
type Sent struct {
	At     time.Time
	Body   string
	Binary bool
}

// allSent returns the messages that were sent behind an event of a WebSocket, and before
// the next one.
func (t *Trigger) allSent() []Sent {
	if sent := t.sent.Load(); sent != nil {
		return *sent
	}
	return nil
}

// NoteSent notes a message that was sent on the WebSocket of a request, with the latest
// event of it.
func (r *Recorder) NoteSent(request uint64, message Sent) {
	defer r.share.Balance()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range slices.Backward(r.events) {
		if t.Request != request {
			continue
		}
		t.sent.Store(new(append(t.allSent(), message)))
		r.bytes += message.size()
		r.revision++
		t.revision = r.revision
		r.changes.note(t.change, t)
		r.evict(r.maxBytes, 1)
		r.wake()
		return
	}
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
	var sent []journal.Message
	for _, m := range t.allSent() {
		sent = append(sent, journal.Message{Time: m.At, Data: []byte(m.Body), Binary: m.Binary})
	}
	return journal.Trigger{
		Sequence:    t.Sequence,
		RequestID:   r.ID(t.Request),
		WebhookName: t.Hook.Name,
		Payload:     t.Payload(),
		Sent:        sent,
		Problem:     t.Problem(),
	}
}

// Fire adds a trigger that the request of an entry has fired, unless the entry is
// evicted. For an event of a WebSocket the entry is nil: the trigger then has the
// request's sequence.
func (r *Recorder) Fire(t *Trigger, by *Entry) {
	defer r.share.Balance()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.triggersTotal++
	t.Sequence = r.triggersTotal
	r.revision++
	t.revision = r.revision
	kept := true
	if by != nil {
		t.Request = by.Sequence
		by.Trigger.Store(t)
		_, kept = r.position(by.Sequence)
	}
	switch {
	case !kept:
		r.triggersEvicted++
	case by == nil:
		r.events = append(r.events, t)
	default:
		r.triggers = append(r.triggers, t)
	}
	if kept {
		t.change = r.changes.note(nil, t)
		r.bytes += t.size()
	}
	r.evict(r.maxBytes, 1)
	r.wake()
}

// removeTriggersOf removes the triggers of removed entries.
func (r *Recorder) removeTriggersOf(removed []*Entry) {
	isRemoved := map[uint64]bool{}
	for _, e := range removed {
		isRemoved[e.Sequence] = true
	}
	for _, list := range []*[]*Trigger{&r.triggers, &r.events} {
		*list = slices.DeleteFunc(slices.Clone(*list), func(t *Trigger) bool {
			if isRemoved[t.Request] {
				r.bytes -= t.size()
				r.changes.forget(t.change)
			}
			return isRemoved[t.Request]
		})
	}
}

// FiredTriggers returns the triggers that the journal holds now, oldest first,
// and how many were evicted before.
func (r *Recorder) FiredTriggers() (triggers []*Trigger, evicted uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	triggers = slices.Concat(r.triggers, r.events)
	slices.SortFunc(triggers, func(a, b *Trigger) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return triggers, r.triggersEvicted
}
