package mockserver

import (
	"net/http"

	"github.com/losantmock/losantmock/scenarios"
)

// play gives a trigger to who plays the workflow: a function in Go, a URL to
// forward to, or the scenario's replies. Where there is none, the reply may
// come through the admin API. The hold is nil where no reply is waited for.
func (s *triggers) play(t *trigger, hook *webhook, held *hold) {
	workflow := s.workflow()
	switch {
	case workflow != nil:
		s.inBackground(t, held, func() {
			if r := (*workflow)(s.journal.trigger(t)); r != nil {
				s.deliver(held, *r)
			}
		})
	case hook.Forward != "":
		s.inBackground(t, held, func() { s.forward(t, hook.Forward, held) })
	case held == nil || t.event.kind != "" && t.event.kind != messageEvent:
	case hook.Reply != nil:
		s.reply(t, held, *hook.Reply)
	case len(hook.Replies) > 0:
		s.reply(t, held, hook.nextReply())
	}
}

// inBackground runs work for a trigger on a goroutine of its own. After a panic
// whoever waits for a reply gets one with status 500.
func (s *triggers) inBackground(t *trigger, held *hold, work func()) {
	s.background.do(func() {
		defer func() {
			if problem := recover(); problem != nil {
				panicked := s.panics.note(problem)
				s.deliver(held, scenarios.Reply{Status: http.StatusInternalServerError, Body: string(triggerError(0, internalError).body)})
				s.panics.log(t.method, t.target, panicked)
			}
		}()
		work()
	})
}

// deliver sends a reply to a hold; one that can't be sent is told in its
// place.
func (s *triggers) deliver(held *hold, r scenarios.Reply) {
	if held == nil {
		return
	}
	if err := checkReply(r); err != nil {
		s.logger.Error("a workflow's reply can't be sent", "replyId", held.id, "problem", err)
		r = problemReply(err)
	}
	_ = s.holds.answer(held.id, r) // one that comes too late is dropped
}

// problemReply tells a caller that the one who plays the workflow made a
// mistake.
func problemReply(err error) scenarios.Reply {
	return scenarios.Reply{Status: http.StatusBadRequest, Body: string(triggerError(0, "The workflow's reply can't be sent: "+err.Error()).body)}
}

// reply sends a reply of the scenario, after its delay.
func (s *triggers) reply(t *trigger, held *hold, r scenarios.Reply) {
	send := func() {
		body, err := r.Render(s.journal.trigger(t).Payload.decoded())
		if err != nil {
			s.deliver(held, problemReply(err))
			return
		}
		r.Body = body
		s.deliver(held, r)
	}
	if r.Delay <= 0 {
		send()
		return
	}
	s.inBackground(t, held, func() {
		if s.life.pause(s.life, r.Delay) {
			send()
		}
	})
}
