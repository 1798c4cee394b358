package suite_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/leaktest"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/contract/visible"
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
		"a page of a proxy": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(403)
			_, _ = w.Write([]byte("<h1>Please log in</h1>"))
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
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect} {
		result := newSuite(t, responding(t, status, "")).Run(t.Context())
		if result.Verdict != contract.CouldNotCheck || len(result.Findings()) != 1 {
			t.Errorf("redirects with %d: %s", status, text(result))
		}
	}
	s := newSuite(t, "http://127.0.0.1:1")
	if result := s.Run(t.Context()); result.Verdict != contract.CouldNotCheck || result.Requests != 0 {
		t.Errorf("no server listens: %s", text(result))
	}
}

// A token that the server says back in every way is in no result.
func TestReportsDoNotShowTheToken(t *testing.T) {
	size.SkipUnderRace(t)
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

// hostile are servers that mean harm, each from the third request on.
var hostile = map[string]http.HandlerFunc{
	"a body without end": func(w http.ResponseWriter, r *http.Request) {
		for block := make([]byte, 1<<20); r.Context().Err() == nil; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	},
	"a body that drips": func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	},
	"silence": func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the client is gone
		<-r.Context().Done()
	},
	"a redirect to itself": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"?token="+r.Header.Get("Authorization"), http.StatusTemporaryRedirect)
	},
	"a redirect elsewhere": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://elsewhere.example", http.StatusPermanentRedirect)
	},
	"a flood of header fields": hijacked("HTTP/1.1 200 OK\r\n", "X-Field: "+strings.Repeat("x", 1<<16)+"\r\n"),
	"a flood of 1xx":           hijacked("", "HTTP/1.1 103 Early Hints\r\nX-Field: x\r\n\r\n"),
	"a page for people": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<h1>Please log in</h1>"))
	},
	"a body that is too short": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000000000")
		_, _ = w.Write([]byte("{"))
	},
	"a body that is too long": hijacked("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", "{}"),
	"gzip without end":        zeros,
	"control characters": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"type":"\u001b[2J\u009b","message":"\u009d\u007f\u202e","` + "\u009b" + `":1}`))
	},
}

// hijacked returns a handler that writes a text, and another one for ever.
func hijacked(first, forever string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		_, err = io.WriteString(conn, first)
		for err == nil {
			_, err = io.WriteString(conn, forever)
		}
	}
}

// zeros writes zeros without end, compressed.
func zeros(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	for block := make([]byte, 1<<20); r.Context().Err() == nil; {
		if _, err := z.Write(block); err != nil {
			return
		}
	}
}

// A server that means harm ends a run early. Nothing leaks, nothing reaches a
// terminal, and the run does not conform.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	for name, attack := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := standIn(t, "default")
			var requests atomic.Int32
			server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) > 2 {
					attack(w, r)
					return
				}
				stub.ServeHTTP(w, r)
			}))
			s := &suite.Suite{Client: client(t, server.URL, leaktest.Canary), ApplicationID: app, Write: true, MaxTime: time.Second}
			result := s.Run(t.Context())
			if result.Verdict.Compare(contract.CouldNotCheck) < 0 {
				t.Errorf("%s", text(result))
			}
			for _, format := range report.Formats() {
				var b bytes.Buffer
				if err := result.Write(&b, format); err != nil {
					t.Error(err)
				}
				leaktest.Check(t, string(format), b.String())
				if shown := b.String(); visible.Lines(shown) != shown {
					t.Errorf("%s has control characters: %q", format, shown)
				}
			}
		})
	}
}

// The secrets of webhooks that the server repeats in other places, in other forms,
// are in no report.
func TestReportsShowNoSecretOfAWebhook(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	secrets := object{"token": "Zk3-secret-of-a-token", "basicAuthUsername": "u5er-n4me", "basicAuthPassword": "pa55-\"word\"", "verificationCode": "c0de<of>it"}
	var forms []string
	for _, value := range secrets {
		form := value.(string)
		quoted, _ := json.Marshal(form)
		forms = append(forms, form, strings.ToUpper(form), url.QueryEscape(form), string(quoted[1:len(quoted)-1]),
			base64.StdEncoding.EncodeToString([]byte(form)), hex.EncodeToString([]byte(form)))
	}
	server := serve(t, changed(listing, good(func(_ *http.Request, a *altered) {
		for i, item := range a.items() {
			fields := item.(object)
			maps.Copy(fields, secrets)
			fields["castBuffersAs"], fields[forms[i%len(forms)]] = strings.Join(forms, " "), 1
		}
		a.fields["sortField"], a.fields["_type"] = strings.Join(forms, "/"), strings.Join(forms, "?")
	}))(standIn(t, "strict-auth")))
	s := newSuite(t, server.URL)
	s.Write = true
	result := s.Run(t.Context())
	if result.Verdict != contract.Breaks {
		t.Errorf("%s", text(result))
	}
	for _, format := range report.Formats() {
		var b bytes.Buffer
		if err := result.Write(&b, format); err != nil {
			t.Error(err)
		}
		for _, form := range forms {
			if strings.Contains(b.String(), form) {
				t.Errorf("%s shows %s", format, form)
			}
		}
	}
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
	size.SkipUnderRace(t)
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
	size.SkipUnderRace(t)
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
