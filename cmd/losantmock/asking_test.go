package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
)

// runs runs the program for a minute at most, and returns its code and what it
// printed as an error.
func runs(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr collected
	code = run(ctx, args, &stdout, &stderr)
	return code, stderr.String()
}

// written returns the name of a new file with a text.
func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A server that accepts a connection and then does not respond, or does not finish
// its response, holds up the program for a while, and not for ever.
func TestSilentServersCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(http.ResponseWriter){
		"nothing": func(http.ResponseWriter) {},
		"half of a response": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"verdict":`)
			_ = http.NewResponseController(w).Flush()
		},
	} {
		silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			begin(w)
			<-r.Context().Done()
		}))
		client := adminclient.Client{URL: silent.URL, Patience: 50 * time.Millisecond}
		err := client.Get(t.Context(), "/requests/wait", "verdict", new(any))
		if exit.CodeOf(err) != exit.CodeUnsure {
			t.Errorf("%s: %v", name, err)
		}
		silent.CloseClientConnections()
		silent.Close()
	}
}

// A verdict counts if it agrees with the number of requests that were found.
func TestVerdictsThatDoNotAgreeAreNotTrusted(t *testing.T) {
	t.Parallel()
	pattern := written(t, "{}")
	for response, want := range map[string]int{
		`{"met":true,"count":1}`:                         exit.CodeUnsure,
		`{"met":true,"count":1,"verdict":null}`:          exit.CodeUnsure,
		`{"met":true,"count":1,"verdict":"fine"}`:        exit.CodeUnsure,
		`{"met":true,"count":0,"verdict":"ok"}`:          exit.CodeUnsure,
		`{"met":false,"count":1,"verdict":"ok"}`:         exit.CodeUnsure,
		`{"met":false,"count":1,"verdict":"failed"}`:     exit.CodeUnsure,
		`{"met":true,"count":1,"verdict":"incomplete"}`:  exit.CodeUnsure,
		`{"met":true,"count":0,"verdict":"failed"}`:      exit.CodeUnsure,
		`{"met":true,"count":1,"verdict":"ok"}`:          exit.CodeOK,
		`{"met":false,"count":0,"verdict":"failed"}`:     exit.CodeFailed,
		`{"met":false,"count":0,"verdict":"incomplete"}`: exit.CodeUnsure,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, response)
		}))
		if code, said := runs(t, "verify", pattern, "--url", server.URL); code != want {
			t.Errorf("%s: ends with %d, want %d: %s", response, code, want, said)
		}
		server.Close()
	}
}

func TestWhatIsAskedWronglyIsMisuse(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	har := `{"log":{"version":"1.2","entries":[]}}`
	for _, c := range []struct {
		want string
		args []string
	}{
		{"want the URL of a server", []string{"requests", "--url", "http://127.0.0.1:99999"}},
		{"want the URL of a server", []string{"requests", "--url", "http://127.0.0.1:0"}},
		{"want the URL of a server", []string{"requests", "--url", "http://:8080"}},
		{"--operation is blank", []string{"requests", "--url", srv.URL, "--operation", ""}},
		{"--operation is blank", []string{"requests", "export", "--url", srv.URL, "--operation", ""}},
		{"--file is blank", []string{"requests", "--url", srv.URL, "--file", ""}},
		{"--within 11m0s: want a time from 0s to 10m", []string{"verify", written(t, "{}"), "--url", srv.URL, "--within", "11m"}},
		{"--within -1s", []string{"verify", written(t, "{}"), "--url", srv.URL, "--within", "-1s"}},
		{`/urll: there is no field "urll": did you mean "url"?`, []string{"verify", written(t, `{"urll":"/x"}`), "--url", srv.URL}},
		{"webhook is blank", []string{"trigger", "", "--url", srv.URL}},
		{":1: it is no request", []string{"requests", "--file", written(t, har+"\n")}},
		{": no line is a request", []string{"requests", "--file", written(t, har)}},
		{":1: it is no request", []string{"requests", "export", "--file", written(t, "{}\n")}},
		{":2: it is no request", []string{"requests", "show", "x", "--file", written(t, "null\nnull\n")}},
		{": no line is a request", []string{"requests", "--file", written(t, "garbage")}},
		{":1: invalid character", []string{"requests", "--file", written(t, "garbage\n")}},
	} {
		code, said := runs(t, c.args...)
		if code != exit.CodeUsage || !strings.Contains(said, c.want) || strings.Contains(said, "com.github") {
			t.Errorf("%v ends with %d, want %s: %s", c.args, code, c.want, said)
		}
	}
	if code, said := runs(t, "requests", "--file", written(t, "")); code != exit.CodeOK {
		t.Errorf("an empty journal: %d %s", code, said)
	}
}

// A misspelt sandbox is not there, and is not made by asking about it.
func TestAskingAboutASandboxMakesNone(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	box := srv.Sandbox(t)
	pattern := written(t, "{}")
	for _, args := range [][]string{
		{"verify", pattern, "--times", "0"}, {"requests"}, {"requests", "--follow"}, {"requests", "show", "x"}, {"requests", "export"},
	} {
		code, said := runs(t, append(args, "--url", box.URL+"x/")...)
		if code != exit.CodeUnsure || !strings.Contains(said, "no sandbox has the name") || !strings.Contains(said, "did you mean \"test-") {
			t.Errorf("%v ends with %d: %s", args, code, said)
		}
	}
	if code, said := runs(t, "verify", pattern, "--times", "0", "--url", box.URL); code != exit.CodeOK {
		t.Errorf("the sandbox that is there: %d %s", code, said)
	}
	var list struct{ Sandboxes []any }
	client := adminclient.Client{URL: srv.URL}
	if err := client.Get(t.Context(), "/sandboxes", "sandboxes", &list); err != nil || len(list.Sandboxes) != 1 {
		t.Errorf("%v, %d sandboxes", err, len(list.Sandboxes))
	}
}
