package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
)

const checkedApplication = "575ec8687ae143cd83dc4a97"

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
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("any"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, err collected
	code = run(t.Context(), append([]string{"check", "--url", url, "--application", checkedApplication, "--token-file", token, "--any-token", "--write"}, args...), &out, &err)
	return code, out.String(), err.String()
}

// readsAWebhook reports whether a request reads one.
func readsAWebhook(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/webhooks/") && len(path.Base(r.URL.Path)) == len(checkedApplication)
}

// News end well, unless --fail-on says otherwise, and count no more once they are
// accepted. What was accepted and has gone is said.
func TestNewsAreAccepted(t *testing.T) {
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
		{"news", "retries", []string{"--report", "json=" + known}, exitOK, "\nnews: "},
		{"news that fail", "retries", []string{"--fail-on", "news"}, exitFailed, "\nnews: "},
		{"news of a comparison", "retries", []string{"--against-mock"}, exitOK, "    news: has what the contract does not know: $.retries\n"},
		{"accepted news", "retries", []string{"--fail-on", "news", "--accept-news", known, "--report", "json=" + known}, exitOK, "\nconforms: "},
		{"accepted news, again", "retries", []string{"--fail-on", "news", "--accept-news", known}, exitOK, "    accepted news: webhook.get: webhook.retries: is not in the contract"},
		{"other news", "zone", []string{"--fail-on", "news", "--accept-news", known}, exitFailed, "\naccepted, and no longer found: response_schema_conformance: webhook.get: webhook.retries: "},
	} {
		property = step.property
		code, out, _ := checks(t, url, append(step.args, "--only", "response_schema_conformance")...)
		if code != step.code || !strings.Contains(out, step.said) {
			t.Errorf("%s: %d\n%s", step.name, code, out)
		}
	}
}

// A comparison shows where responses differ, by operation and field.
func TestDifferencesFromTheStandIn(t *testing.T) {
	t.Parallel()
	url := changing(t, func(r *http.Request, status int, fields map[string]any) int {
		if readsAWebhook(r) && status == http.StatusOK {
			fields["responseCode"] = 599
		}
		return status
	})
	code, out, _ := checks(t, url, "--against-mock")
	if code != exitFailed || strings.Count(out, "breaks: $.responseCode: live 599, mock 200 (creating webhooks) [") != 1 || strings.Contains(out, "\n0 difference(s)") {
		t.Errorf("%d\n%s", code, out)
	}
}

// Long bodies are written into a folder, from which the commands read them.
func TestLongBodiesAreWritten(t *testing.T) {
	t.Parallel()
	url := changing(t, func(r *http.Request, status int, _ map[string]any) int {
		if r.Method == http.MethodPost && r.ContentLength > 1<<10 && status == http.StatusCreated {
			return http.StatusTeapot
		}
		return status
	})
	folder := filepath.Join(t.TempDir(), "new", "bodies")
	code, out, said := checks(t, url, "--only", "status_code_conformance")
	if code != exitFailed || !strings.Contains(said, "--curl-bodies FOLDER writes them") {
		t.Errorf("%d %s\n%s", code, said, out)
	}
	code, out, said = checks(t, url, "--only", "status_code_conformance", "--curl-bodies", folder)
	_, rest, _ := strings.Cut(out, "--data-binary '@")
	name, _, _ := strings.Cut(rest, "'")
	body, err := os.ReadFile(filepath.Join(folder, name))
	if code != exitFailed || err != nil || len(body) < 1<<10 || strings.Contains(said, "--curl-bodies") {
		t.Errorf("%d, %v, %d bytes\n%s%s", code, err, len(body), out, said)
	}
}
