package trigger

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// holds are the calls and WebSockets that wait for replies.
type holds struct {
	maxPerApplication int           // of one application
	newID             func() string // unique
	room              *limit.Reservation

	mu            sync.Mutex
	byID          map[string]*hold
	byApplication map[state.ID]int
}

// hold is a call or a WebSocket that waits for replies.
type hold struct {
	id          string // "{webhook id}.{unique id}"
	application state.ID
	bytes       int64             // about what the call keeps in memory
	many        bool              // whether there may be several replies, as to a WebSocket
	replies     chan reply        // never closed
	queued      chan struct{}     // has an element if there may be replies to a WebSocket
	trigger     *recorder.Trigger // of a call; nil until it has fired
	arrived     atomic.Bool       // whether a target has got the payload, and replies later
}

// maxQueuedReplies is how many replies may be queued for one WebSocket.
const maxQueuedReplies = 64

func newHolds(most int, newID func() string) *holds {
	return &holds{maxPerApplication: most, newID: newID, byID: map[string]*hold{}, byApplication: map[state.ID]int{}}
}

// CountIn counts the calls and WebSockets in a reservation. It is called before the
// first one is held.
func (h *holds) CountIn(r *limit.Reservation) { h.room = r }

// open returns a new hold for a call of a webhook; nil if its application has too
// many, or the memory budget has no room for the bytes that the call keeps.
func (h *holds) open(hook *state.Webhook, bytes int64) *hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	application := hook.Home.Application
	if h.byApplication[application] >= h.maxPerApplication || !h.room.Take(bytes) {
		return nil
	}
	h.byApplication[application]++
	made := &hold{id: hook.ID + "." + h.newID(), application: application, bytes: bytes, many: hook.IsWebsocket, replies: make(chan reply, 1)}
	if made.many {
		made.replies, made.queued = make(chan reply, maxQueuedReplies), make(chan struct{}, 1)
	}
	h.byID[made.id] = made
	return made
}

// release removes a hold. It ignores nil.
func (h *holds) release(held *hold) {
	if held == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.byID, held.id)
	h.room.Return(held.bytes)
	if h.byApplication[held.application]--; h.byApplication[held.application] == 0 {
		delete(h.byApplication, held.application)
	}
}

// Waits reports whether a call or a WebSocket waits for a reply of an id.
func (h *holds) Waits(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.byID[id] != nil
}

// fired notes the trigger of a call that is held; it ignores nil, and a WebSocket, whose
// triggers are many.
func (h *holds) fired(held *hold, t *recorder.Trigger) {
	if held == nil || held.many {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	held.trigger = t
}

// Triggers returns the triggers of the calls that wait for replies, also of those that the
// journal no longer has.
func (h *holds) Triggers() (triggers []*recorder.Trigger) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, held := range h.byID {
		if held.trigger != nil {
			triggers = append(triggers, held.trigger)
		}
	}
	return triggers
}

// The errors of a reply.
var (
	errNoHold       = errors.New("nobody waits for this reply: it was sent already, or the call has timed out")
	ErrManyReplies  = errors.New("too many replies are on their way to this WebSocket")
	ErrReplyInvalid = errors.New("the reply can't be sent")
)

// Reply sends a copy of a reply to the call or the WebSocket of an id. A call gets
// one reply.
func (h *holds) Reply(id string, r scenarios.Reply) error {
	sent := newReply(r)
	if err := checkReply(sent); err != nil {
		return errors.Join(ErrReplyInvalid, err)
	}
	return h.send(id, sent)
}

// send sends a reply that was checked.
func (h *holds) send(id string, r reply) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	held := h.byID[id]
	if held == nil {
		return errNoHold
	}
	if !held.many {
		delete(h.byID, id)
	}
	select {
	case held.replies <- r:
		held.wake()
		return nil
	default:
		return ErrManyReplies
	}
}

// wake lets the writer of a WebSocket look for replies.
func (h *hold) wake() {
	select {
	case h.queued <- struct{}{}:
	default: // it will, or the hold is that of a call
	}
}
