package trigger

import (
	"encoding/json"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// play passes a trigger to the workflow: a function in Go, a URL to forward to, or
// the scenario's replies. Without any of them, the reply may come through the
// admin API. The hold is nil if the call waits for no reply.
func (s *Server) play(t *recorder.Trigger, hook *state.Webhook, held *hold) {
	workflow := s.Workflow()
	switch {
	case workflow != nil:
		s.inBackground(t, held, func() {
			if r := (*workflow)(s.Journal.Trigger(t)); r != nil {
				s.deliver(held, newReply(*r))
			}
		})
	case hook.Forward != nil:
		s.inBackground(t, held, func() { s.forward(t, *hook.Forward, held) })
	case held == nil || t.Event.Kind != "" && t.Event.Kind != recorder.MessageEvent:
	case hook.Reply != nil:
		s.reply(t, held, *hook.Reply)
	case len(hook.Replies) > 0:
		s.reply(t, held, hook.NextReply())
	}
}

// inBackground runs the work of a trigger on a new goroutine. If it panics, the
// reply has status 500.
func (s *Server) inBackground(t *recorder.Trigger, held *hold, work func()) {
	s.Background.Do(func() {
		if panicked := s.Panics.Catch(work); panicked != "" {
			s.deliver(held, errorReply(http.StatusInternalServerError, wire.InternalError))
			s.Panics.Log(t.Method, t.Target, panicked)
		}
	})
}

// deliver sends a reply to a hold, or what is wrong with the reply. It ignores a
// nil hold.
func (s *Server) deliver(held *hold, r reply) {
	if held == nil {
		return
	}
	if err := checkReply(r); err != nil {
		s.Logger.Error("a workflow's reply can't be sent", "replyId", held.id, "problem", err)
		r = problemReply(err)
	}
	_ = s.Holds.send(held.id, r) // a reply that comes too late is dropped
}

// problemReply returns the reply that reports an error of the workflow.
func problemReply(err error) reply {
	return errorReply(http.StatusBadRequest, "The workflow's reply can't be sent: "+err.Error())
}

// errorReply returns a reply with an error of ours.
func errorReply(status int, message string) reply {
	return reply{status: status, body: string(errorResponse(0, message).Body)}
}

// reply sends a reply of the scenario, after its delay.
func (s *Server) reply(t *recorder.Trigger, held *hold, r scenarios.Reply) {
	send := func() {
		body, err := s.render(r, t)
		if err != nil {
			s.deliver(held, problemReply(err))
			return
		}
		r.Body = body
		s.deliver(held, newReply(r))
	}
	if r.Delay <= 0 {
		send()
		return
	}
	s.inBackground(t, held, func() {
		if s.Life.Pause(s.Life, r.Delay) {
			send()
		}
	})
}

// render returns the body of a reply to a trigger.
func (s *Server) render(r scenarios.Reply, t *recorder.Trigger) (string, error) {
	if !r.IsTemplate() {
		return r.Body, nil
	}
	defer s.Decoding.Enter(decodedSize(t))()
	return r.Render(s.Journal.Trigger(t).Payload.Decoded())
}

// marshalledPayload returns the payload of a trigger as JSON.
func (s *Server) marshalledPayload(t *recorder.Trigger) ([]byte, error) {
	defer s.Decoding.Enter(decodedSize(t))()
	return json.Marshal(s.Journal.Trigger(t).Payload)
}

// decodedSize returns about how many bytes of memory a payload takes at the most
// while it is decoded. The worst body is a list of small numbers.
func decodedSize(t *recorder.Trigger) int64 {
	const each = 64
	return each * int64(max(t.PlainSize, len(t.Body)))
}
