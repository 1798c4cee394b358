package trigger

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// forwardTransport connects to hosts that a scenario names. It refuses addresses
// of the local link, where clouds serve credentials.
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

// forward posts the payload to a URL. The response is the reply; with 202 or 204
// the reply may come later.
func (s *Server) forward(t *recorder.Trigger, url string, held *hold) {
	ctx, cancel := context.WithTimeout(s.Life, s.Settings.ReplyTimeout)
	defer cancel()
	r, err := postPayload(ctx, url, s.Journal.Trigger(t).Payload)
	switch {
	case err != nil:
		s.Logger.Error("a payload could not be forwarded", "url", url, "problem", err)
		s.deliver(held, problemReply(err))
	case r.Status != http.StatusAccepted && r.Status != http.StatusNoContent:
		s.deliver(held, r)
	}
}

// postPayload posts a payload, and returns the response as a reply.
func postPayload(ctx context.Context, url string, payload journal.Payload) (scenarios.Reply, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return scenarios.Reply{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return scenarios.Reply{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{
		Transport:     forwardTransport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return scenarios.Reply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, scenarios.MaxReplyBody+1))
	if err != nil {
		return scenarios.Reply{}, err
	}
	headers := map[string]string{}
	for name := range response.Header {
		headers[name] = response.Header.Get(name)
	}
	return scenarios.Reply{Status: response.StatusCode, Headers: headers, Body: string(text)}, nil
}
