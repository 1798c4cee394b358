package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

const checkedApplication = "575ec8687ae143cd83dc4a97"

// Two comparisons side by side know their own webhooks only: what the other one makes and
// deletes is no difference.
func TestComparisonsSideBySide(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	server, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(server)
	t.Cleanup(api.Close)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			code, out, said := checks(t, api.URL, "--any-token", "--write", "--against-mock")
			alike := code == exit.CodeOK && strings.Contains(out, "conforms: ")
			disturbed := code == exit.CodeUnsure && strings.Contains(out, "changed by others") && !strings.Contains(out, "breaks: ")
			if !alike && !disturbed {
				t.Errorf("%d %s %s", code, out, said)
			}
		})
	}
	both.Wait()
}

// changing is a stand-in that changes the objects in its responses. What it
// returns is their status.
func changing(t *testing.T, change func(r *http.Request, status int, fields map[string]any) int) string {
	t.Helper()
	stub, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorded := httptest.NewRecorder()
		stub.ServeHTTP(recorded, r)
		r.ContentLength = int64(len(body))
		status, text := recorded.Code, recorded.Body.Bytes()
		var fields map[string]any
		if json.Unmarshal(text, &fields) == nil {
			status = change(r, status, fields)
			text, _ = json.Marshal(fields)
		}
		for name, values := range recorded.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(status)
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// checks runs check on a server, and returns its exit code and what it printed.
func checks(t *testing.T, url string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return checksUntil(t.Context(), t, url, append([]string{"--any-token", "--write"}, args...)...)
}

// checksUntil runs check until a context ends.
func checksUntil(ctx context.Context, t *testing.T, url string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("any"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, err collected
	code = run(ctx, append([]string{"check", "--url", url, "--application", checkedApplication, "--token-file", token}, args...), &out, &err)
	return code, out.String(), err.String()
}

// readsAWebhook reports whether a request reads one.
func readsAWebhook(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/webhooks/") && len(path.Base(r.URL.Path)) == len(checkedApplication)
}

// News end well, unless --fail-on says otherwise, and count no more once they are
// accepted. What was accepted and has gone is said.
func TestNewsAreAccepted(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	property := "retries"
	url := changing(t, func(r *http.Request, status int, fields map[string]any) int {
		if readsAWebhook(r) && status == http.StatusOK {
			fields[property] = 3
		}
		return status
	})
	known := filepath.Join(t.TempDir(), "known.json")
	for _, step := range []struct {
		name, property string
		args           []string
		code           int
		said           string
	}{
		{"news", "retries", []string{"--report", "json=" + known}, exit.CodeOK, "\nnews: "},
		{"news that fail", "retries", []string{"--fail-on", "news"}, exit.CodeFailed, "\nnews: "},
		{"news of a comparison", "retries", []string{"--against-mock"}, exit.CodeOK, "    news: has what the contract does not know: $.retries\n"},
		{"accepted news", "retries", []string{"--fail-on", "news", "--accept-news", known, "--report", "json=" + known}, exit.CodeOK, "\nconforms: "},
		{"accepted news, again", "retries", []string{"--fail-on", "news", "--accept-news", known}, exit.CodeOK, "    accepted news: webhook.get: webhook.retries: is not in the contract"},
		{"other news", "zone", []string{"--fail-on", "news", "--accept-news", known}, exit.CodeFailed, "\naccepted, and no longer found: response_schema_conformance: webhook.get: webhook.retries: "},
	} {
		property = step.property
		code, out, _ := checks(t, url, append(step.args, "--only", "response_schema_conformance")...)
		if code != step.code || !strings.Contains(out, step.said) {
			t.Errorf("%s: %d\n%s", step.name, code, out)
		}
	}
}

// News that are accepted from a report of another version are said to be.
func TestNewsOfAnotherVersion(t *testing.T) {
	t.Parallel()
	url := changing(t, func(_ *http.Request, status int, _ map[string]any) int { return status })
	known := filepath.Join(t.TempDir(), "known.json")
	if code, out, said := checksUntil(t.Context(), t, url, "--any-token", "--only", "pagination_conformance", "--api-version", "1.28.3", "--report", "json="+known); code == exit.CodeUsage {
		t.Fatal(out, said)
	}
	const want = "is of API 1.28.3, and this run checks 1.30.0"
	if _, out, said := checksUntil(t.Context(), t, url, "--any-token", "--only", "pagination_conformance", "--accept-news", known); !strings.Contains(said, want) {
		t.Errorf("%s%s", said, out)
	}
}

// A comparison shows where responses differ, by operation and field.
func TestDifferencesFromTheStandIn(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	url := changing(t, func(r *http.Request, status int, fields map[string]any) int {
		if readsAWebhook(r) && status == http.StatusOK {
			fields["responseCode"] = 599
		}
		return status
	})
	code, out, _ := checks(t, url, "--against-mock")
	if code != exit.CodeFailed || strings.Count(out, "breaks: $.responseCode: live 599, mock 201 (creating webhooks) [") != 1 || strings.Contains(out, "\n0 difference(s)") {
		t.Errorf("%d\n%s", code, out)
	}
}

// A comparison with a stand-in conforms where the token sees other applications, breaks
// nothing where it is ended, and is a report where nothing can be read.
func TestComparisonsWithoutAFalseBreak(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	world := &scenarios.Scenario{Applications: []scenarios.Application{
		{ID: checkedApplication, Name: "One", Webhooks: []scenarios.Webhook{{ID: "575ed78e7ae143cd83dc4aab", Name: "a"}, {ID: "575ed78e7ae143cd83dc4aac", Name: "b"}}},
		{ID: "575ec8687ae143cd83dc4a98", Name: "Another", Webhooks: []scenarios.Webhook{{Name: "c"}}},
	}}
	stub, err := mockserver.New(mockserver.WithWorld(world))
	if err != nil {
		t.Fatal(err)
	}
	whole := httptest.NewServer(stub)
	t.Cleanup(whole.Close)
	ctx, cancel := context.WithCancel(t.Context())
	var requests atomic.Int32
	ended := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 200 {
			cancel()
		}
		stub.ServeHTTP(w, r)
	}))
	t.Cleanup(ended.Close)
	for name, test := range map[string]struct {
		ctx  context.Context
		url  string
		code int
		said string
	}{
		"two applications": {t.Context(), whole.URL, exit.CodeOK, "\n0 difference(s)"},
		"ended":            {ctx, ended.URL, exit.CodeUnsure, "run: the run was ended"},
		"unread":           {t.Context(), "http://127.0.0.1:1", exit.CodeUnsure, "(reading what the stand-in is to hold)"},
	} {
		file := filepath.Join(t.TempDir(), "report.json")
		code, out, said := checksUntil(test.ctx, t, test.url, "--any-token", "--write", "--against-mock", "--report", "json="+file)
		if code != test.code || !strings.Contains(out, test.said) || strings.Contains(out, "breaks") {
			t.Errorf("%s: %d %s\n%s", name, code, said, out)
		}
		if _, err := readReport(file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Long bodies are written into a folder, from which the commands read them.
func TestLongBodiesAreWritten(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	url := changing(t, func(r *http.Request, status int, _ map[string]any) int {
		if r.Method == http.MethodPost && r.ContentLength > 1<<10 && status == http.StatusCreated {
			return http.StatusTeapot
		}
		return status
	})
	folder := filepath.Join(t.TempDir(), "new", "bodies")
	code, out, said := checks(t, url, "--only", "status_code_conformance")
	if code != exit.CodeFailed || !strings.Contains(said, "--curl-bodies FOLDER writes them") {
		t.Errorf("%d %s\n%s", code, said, out)
	}
	code, out, said = checks(t, url, "--only", "status_code_conformance", "--curl-bodies", folder)
	_, rest, _ := strings.Cut(out, "--data-binary '@")
	name, _, _ := strings.Cut(rest, "'")
	body, err := os.ReadFile(filepath.Join(folder, name))
	if code != exit.CodeFailed || err != nil || len(body) < 1<<10 || strings.Contains(said, "--curl-bodies") {
		t.Errorf("%d, %v, %d bytes\n%s%s", code, err, len(body), out, said)
	}
}
