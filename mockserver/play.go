package mockserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// OnTrigger lets a function play the workflow behind every webhook: it is
// called with each trigger, on a goroutine of its own, and what it gives is
// the reply where one is waited for; nil gives none. It takes the place of what
// the scenario says, and stays after a reset; a nil function takes it away.
func (v *World) OnTrigger(workflow func(Trigger) *Reply) { v.workflow.Store(&workflow) }

// Reply responds to a call that is held open, or sends a message to a
// WebSocket, by its replyId. The error says that nobody waits for it.
func (v *World) Reply(replyID string, r Reply) error {
	if err := v.life.cause(); err != nil {
		return err
	}
	return v.world().holds.answer(replyID, r)
}

// play gives a trigger to who plays the workflow: a function in Go, a URL to
// forward to, or the scenario's replies. Where there is none, the reply may
// come through the admin API. The hold is nil where no reply is waited for.
func (w *world) play(t *trigger, hook *webhook, held *hold) {
	workflow := w.of.workflow.Load()
	switch {
	case workflow != nil && *workflow != nil:
		w.inBackground(t, held, func() {
			if r := (*workflow)(w.journal.trigger(t)); r != nil {
				w.deliver(held, *r)
			}
		})
	case hook.Forward != "":
		w.inBackground(t, held, func() { w.forward(t, hook.Forward, held) })
	case held == nil || t.event.kind != "" && t.event.kind != messageEvent:
	case hook.Reply != nil:
		w.reply(t, held, *hook.Reply)
	case len(hook.Replies) > 0:
		w.reply(t, held, hook.nextReply())
	}
}

// inBackground runs work for a trigger on a goroutine of its own. After a panic
// whoever waits for a reply gets one with status 500.
func (w *world) inBackground(t *trigger, held *hold, work func()) {
	server := w.of.server
	server.background.do(func() {
		defer func() {
			if problem := recover(); problem != nil {
				panicked := server.panics.note(problem)
				w.deliver(held, Reply{Status: http.StatusInternalServerError, Body: string(triggerError(0, internalError).body)})
				server.panics.log(t.method, t.target, panicked)
			}
		}()
		work()
	})
}

// deliver sends a reply to a hold; one that can't be sent is told in its
// place.
func (w *world) deliver(held *hold, r Reply) {
	if held == nil {
		return
	}
	if err := checkReply(r); err != nil {
		w.logger.Error("a workflow's reply can't be sent", "replyId", held.id, "problem", err)
		r = problemReply(err)
	}
	_ = w.holds.answer(held.id, r) // one that comes too late is dropped
}

// problemReply tells a caller that the one who plays the workflow made a
// mistake.
func problemReply(err error) Reply {
	return Reply{Status: http.StatusBadRequest, Body: string(triggerError(0, "The workflow's reply can't be sent: "+err.Error()).body)}
}

// reply sends a reply of the scenario, after its delay.
func (w *world) reply(t *trigger, held *hold, r Reply) {
	send := func() {
		body, err := r.Render(w.journal.trigger(t).Payload.decoded())
		if err != nil {
			w.deliver(held, problemReply(err))
			return
		}
		r.Body = body
		w.deliver(held, r)
	}
	if r.Delay <= 0 {
		send()
		return
	}
	w.inBackground(t, held, func() {
		if w.pause(w.life, r.Delay) {
			send()
		}
	})
}

// pause waits while neither ctx nor the world ends, and reports whether the
// whole time has passed.
func (w *world) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-w.life.Done():
		return false
	}
}

// forwardTransport connects to hosts that a scenario names. An address that
// only the network of a cloud has is none that a name may lead to.
var forwardTransport = &http.Transport{
	DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		dialer := net.Dialer{Timeout: 10 * time.Second}
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if remote, ok := conn.RemoteAddr().(*net.TCPAddr); ok && remote.IP.IsLinkLocalUnicast() {
			_ = conn.Close()
			return nil, fmt.Errorf("%s is an address of the local link", remote.IP)
		}
		return conn, nil
	},
	MaxIdleConnsPerHost: 16,
	IdleConnTimeout:     time.Minute,
}

// forward posts the payload to the URL that the webhook names. What is
// answered is the reply, but for 202 and 204, which leave it for later.
func (w *world) forward(t *trigger, url string, held *hold) {
	ctx, cancel := context.WithTimeout(w.life, w.triggers.ReplyTimeout)
	defer cancel()
	r, err := postPayload(ctx, url, w.journal.trigger(t).Payload)
	switch {
	case err != nil:
		w.logger.Error("a payload could not be forwarded", "url", url, "problem", err)
		w.deliver(held, problemReply(err))
	case r.Status != http.StatusAccepted && r.Status != http.StatusNoContent:
		w.deliver(held, r)
	}
}

func postPayload(ctx context.Context, url string, payload Payload) (Reply, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return Reply{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{
		Transport:     forwardTransport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, scenarios.MaxReplyBody+1))
	if err != nil {
		return Reply{}, err
	}
	headers := map[string]string{}
	for name := range response.Header {
		headers[name] = response.Header.Get(name)
	}
	return Reply{Status: response.StatusCode, Headers: headers, Body: string(answer)}, nil
}
