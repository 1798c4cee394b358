package trigger

import (
	"errors"
	"sync"

	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// holds are the calls and WebSockets that are held open for replies.
type holds struct {
	maxPerApplication int           // of one application
	newID             func() string // unique

	mu            sync.Mutex
	byID          map[string]*hold
	byApplication map[state.ID]int
}

// hold is a call or a WebSocket that waits for replies.
type hold struct {
	id          string // "{webhook id}.{unique id}"
	application state.ID
	many        bool                 // whether it takes more than one reply, as a WebSocket does
	replies     chan scenarios.Reply // never closed
}

// pushedReplies is how many replies may be on their way to one WebSocket.
const pushedReplies = 64

func newHolds(most int, newID func() string) *holds {
	return &holds{maxPerApplication: most, newID: newID, byID: map[string]*hold{}, byApplication: map[state.ID]int{}}
}

// open holds a call of a webhook; nil where its application holds too many.
func (h *holds) open(hook *state.Webhook) *hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	application := hook.Home.Application
	if h.byApplication[application] >= h.maxPerApplication {
		return nil
	}
	h.byApplication[application]++
	made := &hold{id: hook.ID + "." + h.newID(), application: application, many: hook.IsWebsocket, replies: make(chan scenarios.Reply, 1)}
	if made.many {
		made.replies = make(chan scenarios.Reply, pushedReplies)
	}
	h.byID[made.id] = made
	return made
}

// release lets go of a hold; nil is none.
func (h *holds) release(held *hold) {
	if held == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.byID, held.id)
	if h.byApplication[held.application]--; h.byApplication[held.application] == 0 {
		delete(h.byApplication, held.application)
	}
}

// Waits tells whether a reply is waited for.
func (h *holds) Waits(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.byID[id] != nil
}

// What a reply may come upon.
var (
	errNobodyWaits  = errors.New("nobody waits for this reply: the call was answered, has timed out, or never was")
	ErrManyReplies  = errors.New("too many replies are on their way to this WebSocket")
	ErrReplyInvalid = errors.New("the reply can't be sent")
)

// Reply gives a copy of a reply to whom it may concern. A call takes the first
// one.
func (h *holds) Reply(id string, r scenarios.Reply) error {
	r = r.Clone()
	if err := checkReply(r); err != nil {
		return errors.Join(ErrReplyInvalid, err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	held := h.byID[id]
	if held == nil {
		return errNobodyWaits
	}
	if !held.many {
		delete(h.byID, id)
	}
	select {
	case held.replies <- r:
		return nil
	default:
		return ErrManyReplies
	}
}
