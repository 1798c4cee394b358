package suite_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
)

// calling returns the report of a run that calls webhooks, and checks no more.
func calling(t *testing.T, client *live.Client) *report.Report {
	t.Helper()
	s := newSuite(t, client.BaseURL())
	s.Client, s.Write, s.Triggers, s.Only = client, true, client.BaseURL(), triggerChecks
	return s.Run(t.Context())
}

// What webhooks' own URLs may do breaks nothing.
func TestLegalResponsesOfWebhooks(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]wrapper{
		"a greeting and an echo in WebSockets":       sockets(websocket.AcceptOptions{}, greets),
		"a clock that is 3 hours ahead, and no date": clockOf(3 * time.Hour),
		"two challenges of authentication": changed(calls, func(_ *http.Request, a *altered) {
			if a.status == http.StatusUnauthorized {
				a.header["Www-Authenticate"] = []string{`Bearer realm="x"`, `Basic realm="x"`}
			}
		}),
		"503 at first, and sometimes later": each(20, func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }),
		"a page of a proxy now and then": each(20, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte("<h1>Bad gateway</h1>"))
		}),
		"a connection that breaks now and then": each(25, func(http.ResponseWriter) { panic(http.ErrAbortHandler) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, tell(standIn(t, "strict-auth")))
			if result := calling(t, newSuite(t, server.URL).Client); result.Verdict != contract.Conforms {
				t.Error(text(result))
			}
		})
	}
}

// greets sends a message when a WebSocket opens, and each message back.
func greets(conn *websocket.Conn, r *http.Request) {
	_ = conn.Write(r.Context(), websocket.MessageText, []byte(`{"hello":1}`))
	for {
		kind, message, err := conn.Read(r.Context())
		switch {
		case err != nil:
			return
		case len(message) > 256<<10:
			_ = conn.Close(websocket.StatusMessageTooBig, "")
			return
		case string(message) == "\xff":
			_ = conn.Close(websocket.StatusInvalidFramePayloadData, "")
			return
		}
		_ = conn.Write(r.Context(), kind, message)
	}
}

// each lets a server respond badly to the first of some calls.
func each(of int32, respond func(http.ResponseWriter)) wrapper {
	var n atomic.Int32
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if onTriggers(r) && n.Add(1)%of == 1 {
				respond(w)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// clockOf is the clock of a server that is wrong, and that no webhook shows.
func clockOf(ahead time.Duration) wrapper {
	return func(next http.Handler) http.Handler {
		seen := before(knows("Timestamp"), func(r *http.Request) {
			if at, err := time.Parse(time.RFC3339, r.Header.Get("Timestamp")); err == nil {
				r.Header.Set("Timestamp", at.Add(-ahead).Format(time.RFC3339))
			}
		})(next)
		return changed(func(r *http.Request) bool { return !opens(r) }, func(_ *http.Request, a *altered) {
			a.header.Set("Date", time.Now().UTC().Add(ahead).Format(http.TimeFormat))
			delete(a.fields, "creationDate")
			delete(a.fields, "lastUpdated")
		})(seen)
	}
}

// Over HTTP/2 there is no header Upgrade.
func TestWebhooksOverHTTP2(t *testing.T) {
	t.Parallel()
	protocols := make(chan string, 1000)
	api := standIn(t, "strict-auth")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if onTriggers(r) {
			protocols <- r.Proto
		}
		if r.ProtoMajor == 2 {
			w = withoutUpgrade{w}
		}
		api.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	client, err := live.NewClient(server.URL, secret.New(allUser), roots)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	if result := calling(t, client); result.Verdict != contract.Conforms {
		t.Error(text(result))
	}
	if first := <-protocols; first != "HTTP/2.0" {
		t.Errorf("the first call came over %s", first)
	}
}

// withoutUpgrade leaves out a header field that HTTP/2 forbids.
type withoutUpgrade struct{ http.ResponseWriter }

func (w withoutUpgrade) WriteHeader(status int) {
	w.Header().Del("Upgrade")
	w.ResponseWriter.WriteHeader(status)
}

func (w withoutUpgrade) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Where the API refuses a write, or is down, nothing is said of the calls behind it.
func TestWritesBeforeCallsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tell    wrapper
		verdict contract.Verdict
		said    string
	}{
		"every PATCH is 503":           {blocked(changes, 503), contract.CouldNotCheck, "the webhook could not be changed for further calls"},
		"a PATCH of a status is 400":   {refuses(changes, sends("responseCode"), "webhook.responseCode is fixed"), contract.CouldNotCheck, "could not be changed"},
		"every DELETE is 500":          {blocked(deletes, 500), contract.CouldNotCheck, "the webhook could not be deleted"},
		"a POST of isWebsocket is 400": {refuses(creates, sends("isWebsocket"), "webhook.isWebsocket is fixed"), contract.CouldNotCheck, "no webhook could be made to call"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, c.tell(standIn(t, "strict-auth")))
			result := calling(t, newSuite(t, server.URL).Client)
			printed := text(result)
			if result.Verdict != c.verdict || !strings.Contains(printed, c.said) || strings.Contains(printed, "breaks:") {
				t.Error(printed)
			}
		})
	}
}

// sends matches bodies that have a property.
func sends(name string) func(object) bool {
	return func(sent object) bool { _, ok := sent[name]; return ok }
}

// blocked responds with a status in place of the server.
func blocked(when condition, status int) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if when(r) {
				w.WriteHeader(status)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
