package mockserver

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/admin"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// How long a connection may take. The times keep a slow or idle client from
// holding a connection for ever.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	idleTimeout       = 60 * time.Second
	// ShutdownTimeout is how long requests in flight have when Serve ends.
	ShutdownTimeout = 3 * time.Second
	maxHeaderBytes  = 64 << 10
)

// maxStreams is how many requests a connection of HTTP/2 has at once.
const maxStreams = 100

// Serve responds to requests on a listener until ctx is done; then it finishes
// the requests in flight, for at most [ShutdownTimeout], and closes the
// listener. It returns nil after an orderly end.
//
// It sees more than ServeHTTP can: a request that net/http refuses before any
// handler is recorded, and one whose path has a broken escape gets the response
// of the real API.
//
// The number of connections is limited: see [WithMaxConnections]. A client that
// reads nothing of its response for 10 seconds is dropped.
//
// It speaks HTTP/1.1 and HTTP/2, with up to 100 requests at once on a connection: over
// TLS, which [WithTLS] turns on, as the client chooses, and without TLS to a client
// that begins with HTTP/2. What net/http refuses of HTTP/2 is not recorded: it resets
// the stream of a request whose path has a broken escape, or whose header is illegal,
// and responds with 431 to a header that is too large. Health counts the former.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	s.reachedAt(listener)
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(io.Discard, "", 0),
		// The API responds to OPTIONS * as well, and records it.
		DisableGeneralOptionsHandler: true,
		Protocols:                    new(http.Protocols),
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: maxStreams, CountError: s.countHTTP2},
	}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true) // TLS ends below net/http
	wire.Watch(server)
	go s.watchJournal(ctx)
	limits := wire.Limits{Connections: s.maxConnections, Urgent: admin.IsAdminTarget}
	return serve(ctx, server, wire.NewListener(listener, s.tls, limits, s.refuse, s.worlds.Settings.Logger), s.worlds.Shutdown, func(deadline context.Context) {
		select {
		case <-s.worlds.Background.Close():
		case <-deadline.Done():
		}
		if err := s.worlds.File.Close(); err != nil {
			s.worlds.Settings.Logger.Error("the journal file can't be closed", "problem", err)
		}
	})
}

// reachedAt notes where a listener is reached: on this machine, if it listens on all
// addresses.
func (s *Server) reachedAt(listener net.Listener) {
	host := listener.Addr().String()
	if address, ok := listener.Addr().(*net.TCPAddr); ok && address.IP.IsUnspecified() {
		host = net.JoinHostPort("localhost", strconv.Itoa(address.Port))
	}
	s.worlds.ReachedAt(s.scheme() + "://" + host)
}

// countHTTP2 counts the requests that net/http refuses over HTTP/2, by the names that
// it has for its errors.
func (s *Server) countHTTP2(problem string) {
	if reason, refused := strings.CutPrefix(problem, "stream_PROTOCOL_ERROR_"); refused {
		s.rejected.Add(1)
		s.worlds.Settings.Logger.Warn("a request over HTTP/2 was refused, and is not recorded", "problem", reason)
	}
}

// watchJournal finds out what other programs do to the journal file while no
// request is written to it.
func (s *Server) watchJournal(ctx context.Context) {
	if panicked := s.worlds.Panics.Catch(func() { s.worlds.File.Watch(ctx) }); panicked != "" {
		s.worlds.Panics.LogWork("watching the journal file", panicked)
	}
}

// serve runs a server until ctx is done. Then release ends what holds requests
// back; requests in flight, and what finish waits for, have [ShutdownTimeout]
// together.
func serve(ctx context.Context, server *http.Server, listener net.Listener, release func(), finish func(deadline context.Context)) error {
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		release()
		deadline, cancel := context.WithTimeout(context.Background(), ShutdownTimeout)
		defer cancel()
		err := server.Shutdown(deadline)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close()
		}
		finish(deadline)
		ended <- err
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
