package suite_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/leaktest"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

// What stands between us and the server is never the server's fault.
func TestFaultsOfTheNetworkAreNoBreaks(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		},
		"bad gateway": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
		"maintenance": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
		"rate limit":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) },
		"another encoding": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("x"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSuite(t, serve(t, fault).URL)
			s.Write = true
			result := s.Run(t.Context())
			for _, f := range result.Findings() {
				if f.Verdict == contract.Breaks {
					t.Errorf("%+v", f)
				}
			}
			if result.Verdict == contract.Conforms {
				t.Errorf("%s", text(result))
			}
		})
	}
	t.Attr("X11", "resets, cuts, silence, 429, 502, 503, unknown encodings and certificates break no contract")
	unknown := httptest.NewTLSServer(http.NotFoundHandler()) // whose certificate is unknown
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer unknown.Close()
	if result := newSuite(t, unknown.URL).Run(t.Context()); result.Verdict != contract.CouldNotCheck {
		t.Errorf("an unknown certificate: %s", text(result))
	}
	stalled := make(chan bool)
	defer close(stalled)
	silent := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stalled }))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if result := newSuite(t, silent.URL).Run(ctx); result.Verdict != contract.CouldNotCheck {
		t.Errorf("silence: %s", text(result))
	}
	s := newSuite(t, "http://127.0.0.1:1")
	if result := s.Run(t.Context()); result.Verdict != contract.CouldNotCheck || result.Requests != 0 {
		t.Errorf("no server listens: %s", text(result))
	}
}

// A token that the server says back in every way is in no result.
func TestReportsDoNotShowTheToken(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"an echo": leaktest.Echo,
		"an echo as the type of the content": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		},
		"a broken response": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				fmt.Fprintf(conn, "HTTP/1.1 %s\r\n\r\n", r.Header.Get("Authorization"))
				_ = conn.Close()
			}
		},
	} {
		s := &suite.Suite{Client: client(t, serve(t, handler).URL, leaktest.Canary), ApplicationID: app, Write: true}
		result := s.Run(t.Context())
		if result.Verdict.Compare(contract.CouldNotCheck) < 0 {
			t.Errorf("%s: %s", name, text(result))
		}
		for _, format := range report.Formats() {
			var b bytes.Buffer
			if err := result.Write(&b, format); err != nil {
				t.Error(err)
			}
			leaktest.Check(t, name+", "+string(format), b.String())
		}
	}
	if _, err := net.Dial("tcp", "127.0.0.1:1"); err == nil {
		t.Skip("skipped: a server listens on port 1")
	}
	_, err := client(t, "http://127.0.0.1:1", leaktest.Canary).Do(t.Context(), live.Call{Method: "GET", Target: "/"})
	leaktest.Check(t, "the network's error", fmt.Sprint(err))
}

func client(t testing.TB, baseURL, token string) *live.Client {
	t.Helper()
	c, err := live.NewClient(baseURL, secret.New(token), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// A token that stands in a query, or is one of two, is in no report.
func TestReportsDoNotShowTheTokenOfAQuery(t *testing.T) {
	t.Parallel()
	world := &scenarios.Scenario{Applications: []scenarios.Application{{ID: app, Name: "My Application"}}}
	world.Auth.Mode = scenarios.AuthStrict
	world.Auth.Tokens = []scenarios.Token{{Token: leaktest.Canary, Scopes: []string{"all.User"}}}
	server, err := mockserver.New(mockserver.WithWorld(world))
	if err != nil {
		t.Fatal(err)
	}
	refusing := changed(func(r *http.Request) bool { return r.URL.Query().Has("access_token") || scheme("JWT ")(r) }, func(_ *http.Request, a *altered) { a.fail(403, "Forbidden", "no") })
	for name, s := range map[string]*suite.Suite{
		"its own token":     {Client: client(t, serve(t, refusing(server)).URL, leaktest.Canary), ApplicationID: app},
		"a read-only token": {Client: client(t, serve(t, refusing(standIn(t, "strict-auth"))).URL, allUser), ApplicationID: app, ReadOnlyToken: secret.New(leaktest.Canary)},
	} {
		s.Write = true
		result := s.Run(t.Context())
		if result.Verdict != contract.Breaks {
			t.Errorf("%s: %s", name, text(result))
		}
		for _, format := range report.Formats() {
			var b bytes.Buffer
			if err := result.Write(&b, format); err != nil {
				t.Error(err)
			}
			leaktest.Check(t, name+", "+string(format), b.String())
		}
	}
}

// A run ends with a report whatever a server leaves out, or has in place of a text.
func TestPropertiesThatAreMissing(t *testing.T) {
	t.Parallel()
	for _, name := range size.Of([]string{"id", "items"}, []string{"id", "items"}, []string{"id", "items", "name", "token", "creationDate", "lastUpdated", "_links", "_actions", "totalCount"}) {
		for _, value := range []any{nil, object{}, []any{}} {
			wrong := func(fields object) {
				if fields[name] = value; value == nil {
					delete(fields, name)
				}
			}
			tell := changed(all, good(func(_ *http.Request, a *altered) {
				wrong(a.fields)
				for _, item := range a.items() {
					wrong(item.(object))
				}
			}))
			if result := told(t, lie{name: name, tell: tell}); result.Verdict == contract.Conforms && value != nil {
				t.Errorf("%s as %v: %s", name, value, text(result))
			}
		}
	}
}
