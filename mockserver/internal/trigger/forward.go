package trigger

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/scenarios"
)

// forward posts the payload to a URL. The response is the reply, unless the
// scenario says that the reply comes later. A failure is noted in the trigger, in
// the log and in the reply, and so is a status that no caller sees.
func (s *Server) forward(t *recorder.Trigger, to scenarios.Forward, held *hold) {
	r, err := s.postPayload(t, to.URL)
	if err == nil && r.status/100 != 2 && (held == nil || t.Event.Kind != "") {
		s.noteProblem(t, statusProblem(to, r.status))
	}
	switch {
	case err != nil && s.Life.Err() != nil: // nobody waits any more
	case err != nil:
		problem := s.forwardProblem(to, err)
		s.noteProblem(t, problem)
		s.deliver(held, errorReply(http.StatusBadRequest, "The payload could not be forwarded: "+problem))
	case held == nil:
	case to.Reply == scenarios.ReplyLater && r.status/100 == 2:
		held.arrived.Store(true)
	case t.Event.Kind != "" && r.body == "": // no message to a WebSocket
	default:
		s.deliver(held, r)
	}
}

// noteProblem notes in the trigger and in the log why a workflow was not reached.
func (s *Server) noteProblem(t *recorder.Trigger, problem string) {
	t.Fail(problem)
	s.Logger.Error("a payload could not be forwarded", "webhook", t.Hook.Name, "problem", problem)
}

// postPayload posts the payload of a trigger to a URL, and returns the response as
// a reply. A redirect is a response as any other.
func (s *Server) postPayload(t *recorder.Trigger, url string) (r reply, err error) {
	body, err := s.marshalledPayload(t)
	if err != nil {
		return r, err
	}
	if !s.Holds.room.Take(int64(len(body))) {
		return r, errNoRoom
	}
	defer s.Holds.room.Return(int64(len(body)))
	ctx, cancel := context.WithTimeout(s.Life, s.Settings.ReplyTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.Outbound.RoundTrip(request)
	if err != nil {
		return r, err
	}
	defer response.Body.Close()
	if response.StatusCode < http.StatusOK { // of another protocol, whose body has no end
		return r, unusable(fmt.Sprintf("its status is %d", response.StatusCode))
	}
	text, err := readReply(response)
	if err != nil {
		return r, err
	}
	r = reply{response.StatusCode, response.Header, string(text)}
	if err := checkReply(r); err != nil {
		return r, unusable(err.Error())
	}
	return r, nil
}

// readReply returns the body of a response without its encoding: a reply has none.
func readReply(response *http.Response) ([]byte, error) {
	const most = scenarios.MaxReplyBody
	raw, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > most {
		return nil, errTooLarge
	}
	encoding := response.Header.Get("Content-Encoding")
	if len(raw) == 0 || encoding == "" {
		return raw, nil
	}
	plain, err := decode.Inflate(raw, encoding, most)
	if err != nil {
		return nil, unusable(fmt.Sprintf("its body has the Content-Encoding %q: %v", encoding, err))
	}
	return plain, nil
}
