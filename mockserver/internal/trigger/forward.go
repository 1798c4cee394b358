package trigger

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/scenarios"
)

var errNoRoom = errors.New("the memory budget has no room for the payload")

// forward posts the payload to a URL. The response is the reply, unless the
// scenario says that the reply comes later. A failure is noted in the trigger, in
// the log and in the reply.
func (s *Server) forward(t *recorder.Trigger, to scenarios.Forward, held *hold) {
	r, err := s.postPayload(t, to.URL)
	switch {
	case err != nil && s.Life.Err() != nil: // nobody waits any more
	case err != nil:
		problem := s.forwardProblem(to.URL, err)
		t.Fail(problem)
		s.Logger.Error("a payload could not be forwarded", "webhook", t.Hook.Name, "problem", problem)
		s.deliver(held, scenarios.Reply{Status: http.StatusBadRequest, Body: string(errorResponse(0, "The payload could not be forwarded: "+problem).Body)})
	case to.Reply == scenarios.ReplyLater && r.Status/100 == 2:
	case t.Event.Kind != "" && r.Body == "": // no message to a WebSocket
	default:
		s.deliver(held, r)
	}
}

// postPayload posts the payload of a trigger to a URL, and returns the response as
// a reply. A redirect is a response as any other.
func (s *Server) postPayload(t *recorder.Trigger, url string) (r scenarios.Reply, err error) {
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
	text, err := io.ReadAll(io.LimitReader(response.Body, scenarios.MaxReplyBody+1))
	if err != nil {
		return r, err
	}
	headers := map[string]string{}
	for name := range response.Header {
		headers[name] = response.Header.Get(name)
	}
	return scenarios.Reply{Status: response.StatusCode, Headers: headers, Body: string(text)}, nil
}

// forwardProblem says what was tried, what happened and what to do.
func (s *Server) forwardProblem(to string, err error) string {
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		plain       tls.RecordHeaderError
		reason      = err.Error()
		remedy      = "check forward in the scenario, and whether the URL can be reached from here"
	)
	switch {
	case errors.As(err, &name):
		reason, remedy = "the name "+name.Name+" can't be resolved", "check forward in the scenario; in a container, names are those of its network"
	case errors.Is(err, context.DeadlineExceeded):
		reason = fmt.Sprintf("it has not responded within %s", s.Settings.ReplyTimeout)
		remedy = "let it respond sooner, raise triggers.replyTimeout in the scenario, or reply later: forward: {url: ..., reply: later}"
	case errors.Is(err, syscall.ECONNREFUSED):
		reason, remedy = "no program listens there", "start it, or check the port of forward in the scenario; in a container, localhost is the container itself"
	case errors.As(err, &certificate):
		reason, remedy = "its certificate is not trusted: "+certificate.Err.Error(), "start losantmock with --ca-file and the certificate of its authority"
	case errors.As(err, &plain):
		reason, remedy = "it does not speak TLS", "write http:// for https:// in forward in the scenario"
	case errors.Is(err, errNoRoom):
		remedy = "raise --memory"
	}
	return fmt.Sprintf("POST %s: %s: %s", shownURL(to), reason, remedy)
}

// mostShown is how many bytes of a URL are shown.
const mostShown = 200

// shownURL returns a URL as problems have it: without its query, which may hold a
// secret.
func shownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "the URL"
	}
	u.RawQuery, u.Fragment = "", ""
	shown := u.String()
	return shown[:min(len(shown), mostShown)]
}

// noReplyFrom explains why a call has got no reply from the URL that its
// webhook forwards to.
func (s *Server) noReplyFrom(to scenarios.Forward) string {
	if to.Reply == scenarios.ReplyLater {
		return fmt.Sprintf("POST %s has got the payload, and no reply came: with reply: later, send it with POST /__admin/replies/{replyId}", shownURL(to.URL))
	}
	return s.forwardProblem(to.URL, context.DeadlineExceeded)
}
