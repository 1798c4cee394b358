package trigger

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/scenarios"
)

// unusable is why a response can't be passed on as a reply.
type unusable string

func (u unusable) Error() string { return string(u) }

var (
	errNoRoom   = errors.New("the memory budget has no room for the payload")
	errTooLarge = unusable(fmt.Sprintf("its body has more than %d bytes", scenarios.MaxReplyBody))
)

// forwardProblem says what was tried, what happened and what to do.
func (s *Server) forwardProblem(to scenarios.Forward, err error) string {
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		plain       tls.RecordHeaderError
		own         unusable
		reason      = err.Error()
		remedy      = "check forward in the scenario, and whether the URL can be reached from here"
	)
	switch proxy := outbound.ProxyProblem(err); {
	case proxy != "":
		reason, remedy = proxy, "check HTTPS_PROXY and HTTP_PROXY, or name the host of forward in NO_PROXY"
	case errors.As(err, &own):
		reason, remedy = "its response can't be passed on: "+reason, "let it respond with a status from 200 to 599, and a body that is plain or gzip"
	case errors.As(err, &name):
		reason, remedy = "the name "+name.Name+" can't be resolved", "check forward in the scenario; in a container, names are those of its network"
	case errors.Is(err, context.DeadlineExceeded):
		reason, remedy = fmt.Sprintf("it has not responded within %s", s.Settings.ReplyTimeout), "let it respond sooner, or raise triggers.replyTimeout in the scenario"
		if to.Reply != scenarios.ReplyLater {
			remedy = "let it respond sooner, raise triggers.replyTimeout in the scenario, or reply later: forward: {url: ..., reply: later}"
		}
	case errors.Is(err, syscall.ECONNREFUSED):
		reason, remedy = "no program listens there", "start it, or check the port of forward in the scenario; in a container, localhost is the container itself"
	case errors.As(err, &certificate):
		reason, remedy = "its certificate is not trusted: "+certificate.Err.Error(), certificateRemedy(certificate)
	case errors.As(err, &plain):
		reason, remedy = "it does not speak TLS", "write http:// for https:// in forward in the scenario"
	case errors.Is(err, errNoRoom):
		remedy = "raise --memory"
	}
	return fmt.Sprintf("POST %s: %s: %s", shownURL(to.URL), reason, remedy)
}

// certificateRemedy says what to do about a certificate that is not trusted.
func certificateRemedy(err error) string {
	switch {
	case errors.As(err, new(x509.HostnameError)):
		return "name a host of the certificate in forward in the scenario, or let the program there have one for this host"
	case errors.As(err, new(x509.CertificateInvalidError)):
		return "let the program there have a valid certificate"
	default:
		return "start losantmock with --ca-file and the certificate of its authority"
	}
}

// statusProblem says that a target has responded with a status that reports a failure,
// where no caller sees it.
func statusProblem(to scenarios.Forward, status int) string {
	return fmt.Sprintf("POST %s: it has responded with %d %s, which no caller sees: want 2xx", shownURL(to.URL), status, http.StatusText(status))
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
func (s *Server) noReplyFrom(to scenarios.Forward, arrived bool) string {
	if arrived {
		return fmt.Sprintf("POST %s has got the payload, and no reply came: with reply: later, send it with POST /__admin/replies/{replyId}", shownURL(to.URL))
	}
	return s.forwardProblem(to, context.DeadlineExceeded)
}
