package live_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
)

func client(t testing.TB, baseURL, token string) *live.Client {
	t.Helper()
	c, err := live.NewClient(baseURL, secret.New(token), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// A response that has no end, or that inflates to one, is read to a limit.
func TestAnswersAreReadToALimit(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	zeros := make([]byte, 1<<20)
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	_, _ = z.Write(zeros)
	_ = z.Close()
	bomb := bytes.Repeat(member.Bytes(), decode.MaxResponseSize>>20+1)
	for name, handler := range map[string]http.HandlerFunc{
		"a gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		},
		"chunks without end": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		},
	} {
		_, err := client(t, serve(t, handler).URL, "token").Do(t.Context(), live.Call{Method: "GET", Target: "/"})
		t.Attr("X11", name+" read to a limit")
		if err == nil || !strings.Contains(err.Error(), "has more than") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The token goes to the one host, and not after a redirect.
func TestTheTokenFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	var stolen atomic.Bool
	thief := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) { stolen.Store(true) }))
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, thief.URL, status) }))
		e, err := client(t, server.URL, "token").Do(t.Context(), live.Call{Method: "GET", Target: "/applications"})
		if err != nil || e.Status != status || stolen.Load() {
			t.Errorf("%d: %+v %v, stolen: %t", status, e, err, stolen.Load())
		}
	}
}

// Two requests a second go to a host that is not this machine, by a clock that
// goes on when everybody waits.
func TestTheRealServiceIsAskedSlowly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := live.NewLocalClient(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), secret.New("token"))
		live.PaceLikeTheRealService(c)
		began := time.Now()
		for range 3 {
			if _, err := c.Do(t.Context(), live.Call{Method: "GET", Target: "/"}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 2*live.Pace {
			t.Errorf("3 requests in %s", took)
		}
	})
}

func TestBaseURLsThatATokenMayGoTo(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		"https://api.losant.com":      "",
		"https://api.losant.com/":     "",
		"http://127.0.0.1:8080":       "",
		"http://[::1]:8080":           "",
		"http://localhost:8080/below": "",
		"http://api.losant.com":       "in the clear",
		"http://localhost.example":    "in the clear",
		"http://127.0.0.1.example":    "in the clear",
		"ftp://api.losant.com":        "must be one such as",
		"api.losant.com":              "must be one such as",
		"https://":                    "must be one such as",
		"https:api.losant.com":        "must be one such as",
		"https://x@api.losant.com":    "no user",
		"https://api.losant.com?x=1":  "no user, query",
		"https://api.losant.com#x":    "fragment",
		"https://api.losant.com:port": "can't be read",
		"":                            "must be one such as",
	} {
		_, err := live.ParseBaseURL(text)
		if (err == nil) != (why == "") || err != nil && !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
}

// serve serves a handler until the test ends.
func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}
