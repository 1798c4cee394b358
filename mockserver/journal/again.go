package journal

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// ofConnection are the header fields that belong to one connection or follow from the
// rest of a request.
var ofConnection = []string{
	"Connection", "Content-Length", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// Again returns a request that sends this one again to another server: its method, its
// target below the URL, its body as sent, and its header without Host and the fields of
// the connection. It fails for a request that is not there as a whole.
func (r *Request) Again(ctx context.Context, to *url.URL) (*http.Request, error) {
	if err := r.isWhole(); err != nil {
		return nil, err
	}
	again, err := http.NewRequestWithContext(ctx, r.Method, to.String(), bytes.NewReader(r.SentBody()))
	if err != nil {
		return nil, err
	}
	if again.URL, err = r.below(to); err != nil {
		return nil, err
	}
	again.Header = r.Header.Clone()
	if again.Header == nil {
		again.Header = http.Header{}
	}
	for _, named := range r.Header.Values("Connection") {
		for name := range strings.SplitSeq(named, ",") {
			again.Header.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range ofConnection {
		again.Header.Del(name)
	}
	if r.Header.Get("User-Agent") == "" {
		again.Header.Set("User-Agent", "") // net/http adds none then
	}
	return again, nil
}

// Arriving returns the request as a handler receives it when it arrives once more: its
// method, its target, its whole header and its body as sent. It fails for a request that
// is not there as a whole.
func (r *Request) Arriving(ctx context.Context) (*http.Request, error) {
	if err := r.isWhole(); err != nil {
		return nil, err
	}
	u, err := url.ParseRequestURI(r.Target)
	if err != nil {
		return nil, errors.New("its target can't be read as a URL")
	}
	arriving := &http.Request{
		Method: r.Method, URL: u, RequestURI: r.Target, Proto: r.Proto, Host: r.Host, RemoteAddr: r.RemoteAddr,
		Header: r.Header.Clone(), Body: io.NopCloser(bytes.NewReader(r.SentBody())), ContentLength: int64(len(r.SentBody())),
	}
	arriving.ProtoMajor, arriving.ProtoMinor, _ = http.ParseHTTPVersion(r.Proto)
	if r.scheme() == "https" {
		arriving.TLS = &tls.ConnectionState{}
	}
	return arriving.WithContext(ctx), nil
}

// below returns the URL of the request's target below another one: byte by byte, also
// where the target is no path that can be read.
func (r *Request) below(base *url.URL) (*url.URL, error) {
	if r.Target != "*" {
		if u, err := url.Parse(strings.TrimSuffix(base.String(), "/") + r.Target); err == nil {
			return u, nil
		}
	}
	if r.Target == "*" && strings.Trim(base.Path, "/") != "" {
		return nil, errors.New("its target * is the whole server, which has no path: leave that of the URL out")
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host, User: base.User, Opaque: strings.TrimSuffix(base.EscapedPath(), "/") + r.Target}, nil
}

// isWhole returns why a request can't be sent again; nil if it can.
func (r *Request) isWhole() error {
	switch {
	case r.Redacted:
		return errors.New("it has placeholders in place of secrets, as an export without --show-secrets has")
	case r.isMalformed():
		return errors.New("it is no request that HTTP can read")
	case r.Pending:
		return errors.New("it has no response yet")
	case r.Method == http.MethodConnect || r.Status == http.StatusSwitchingProtocols || strings.HasPrefix(r.ResponseHeader.Get("Content-Type"), "text/event-stream"):
		return errors.New("it opened a connection of another kind")
	case r.Aborted || r.Status == http.StatusRequestEntityTooLarge || r.isCutOff():
		return errCutOff
	default:
		return nil
	}
}

var errCutOff = errors.New("its body is incomplete")

// isCutOff reports whether there was more of the body than the journal has.
func (r *Request) isCutOff() bool {
	if length, err := strconv.Atoi(r.Header.Get("Content-Length")); err == nil {
		return length != len(r.SentBody())
	}
	return len(r.Body) > 0 && (r.Aborted || r.Status == http.StatusRequestEntityTooLarge)
}
