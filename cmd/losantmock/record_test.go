package main

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

const canary = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI1NzVlZDcwYyIsInNjb3BlIjpbImFsbCJdfQ.Zq7Wk2Lx9Vb4Nc8Mt1Rp6Ys3Hd5Gf0J"

// leaks looks for any part of the canary, plain and encoded.
func leaks(t *testing.T, where, text string) {
	t.Helper()
	text = strings.ToLower(text)
	for _, form := range []string{
		canary, hex.EncodeToString([]byte(canary)),
		base64.StdEncoding.EncodeToString([]byte(canary))[:120], base64.StdEncoding.EncodeToString([]byte("x" + canary))[4:120],
	} {
		form = strings.ToLower(form)
		for i := 0; i+8 <= len(form); i++ {
			if at := strings.Index(text, form[i:i+8]); at >= 0 {
				t.Errorf("%s shows the token: %.200q", where, text[max(0, at-40):])
				return
			}
		}
	}
}

// gossip is a real API that says the token back wherever it can, also in what
// it stores.
func gossip(t *testing.T) *httptest.Server {
	t.Helper()
	stub, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{Applications: []scenarios.Application{{
		ID: "575ec8687ae143cd83dc4a97", Name: "Plant " + canary,
		Webhooks: []scenarios.Webhook{{
			ID: "575ed78e7ae143cd83dc4aab", Name: hex.EncodeToString([]byte(canary))[:100], Token: "a-webhook-token-" + canary[:20],
			Description: "as " + base64.StdEncoding.EncodeToString([]byte(canary)), BasicAuthPassword: canary, VerificationCode: canary,
		}},
	}}}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		w.Header().Set("X-Echo", token)
		w.Header().Add("Set-Cookie", "session="+token)
		if r.URL.Query().Has("redirect") {
			http.Redirect(w, r, "https://elsewhere.example/?token="+token, http.StatusTemporaryRedirect)
			return
		}
		if r.URL.Query().Get("perPage") == "0" {
			w.Header().Set("Content-Type", "text/plain; token="+token)
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": token, token: token})
			return
		}
		stub.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

// run runs the program with the canary as its token, and gives all that it
// printed.
func runWithCanary(t *testing.T, args ...string) (string, int) {
	t.Helper()
	command := exec.Command("losantmock", args...)
	command.Env = append(command.Environ(), "LOSANT_API_TOKEN="+canary)
	out, _ := command.CombinedOutput() // some end with 1
	return string(out), command.ProcessState.ExitCode()
}

// A token put through check, pull and record appears in nothing that they
// write.
func TestTheTokenIsInNoArtefact(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	api := gossip(t)
	dir := t.TempDir()
	args := []string{"check", "--url", api.URL, "--application", "575ec8687ae143cd83dc4a97", "--write", "--any-token"}
	for _, format := range []string{"json", "junit", "github", "markdown", "text"} {
		args = append(args, "--report", format+"="+filepath.Join(dir, format))
	}
	out, code := runWithCanary(t, args...)
	leaks(t, "check", out)
	if code != exit.CodeFailed || !strings.Contains(out, "content_type_conformance") {
		t.Errorf("%d %s", code, out)
	}
	out, _ = runWithCanary(t, "check", "--url", api.URL, "--application", "575ec8687ae143cd83dc4a97", "--against-mock")
	leaks(t, "check --against-mock", out)
	if !strings.Contains(out, "difference(s)") {
		t.Errorf("%s", out)
	}
	out, code = runWithCanary(t, "pull", "--url", api.URL, "--application", "575ec8687ae143cd83dc4a97", "--out", filepath.Join(dir, "pull.yaml"))
	leaks(t, "pull", out)
	if code != 0 {
		t.Errorf("%d %s", code, out)
	}
	out, _ = runWithCanary(t, "pull", "--url", "http://127.0.0.1:1", "--application", "575ec8687ae143cd83dc4a97")
	leaks(t, "pull from nobody", out)

	var places []*http.Request
	for _, own := range []bool{true, false} {
		name := map[bool]string{true: "own.yaml", false: "theirs.yaml"}[own]
		record := exec.Command("losantmock", "record", "--url", api.URL, "--listen", "127.0.0.1:0", "--out", filepath.Join(dir, name))
		record.Env = append(record.Environ(), "LOSANT_API_TOKEN=")
		if own {
			record.Env = append(record.Environ(), "LOSANT_API_TOKEN="+canary)
		}
		out, code := recorded(t, record, func(url string) {
			places = everyPlace(t, url)
			for _, request := range places {
				response, err := http.DefaultTransport.RoundTrip(request) // a redirect is looked at, not followed
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
		leaks(t, "record", out)
		if code != exit.CodeFailed || !strings.Contains(out, "request_conformance") {
			t.Errorf("%d %s", code, out)
		}
	}
	if len(places) < 20 {
		t.Errorf("the token is tried in %d places", len(places))
	}
	t.Attr("S8", fmt.Sprintf("a token in %d places of requests and in 6 of answers, through check, pull and record: in none of %d files and outputs", len(places), 13))
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 8 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		leaks(t, file.Name(), read(t, filepath.Join(dir, file.Name())))
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", file.Name(), info.Mode(), err)
		}
	}
}

// everyPlace are requests with the canary in each place that a client could
// put it.
func everyPlace(t *testing.T, url string) []*http.Request {
	t.Helper()
	const app = "/applications/575ec8687ae143cd83dc4a97"
	encoded := base64.StdEncoding.EncodeToString([]byte("me:" + canary))
	var gzipped strings.Builder
	z := gzip.NewWriter(&gzipped)
	_, _ = z.Write([]byte(`{"name":"` + canary + `"}`)) // to memory
	_ = z.Close()
	var requests []*http.Request
	add := func(method, target, body string, fields ...string) {
		request, err := http.NewRequest(method, url+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range fields {
			name, value, _ := strings.Cut(field, ": ")
			request.Header[name] = append(request.Header[name], value) // in the case that it has here
		}
		requests = append(requests, request)
	}
	const bearer, typed = "Authorization: Bearer " + canary, "Content-Type: application/json"
	for _, target := range []string{
		"", "/webhooks", "/webhooks?perPage=0", "/webhooks/575ed78e7ae143cd83dc4aab", "/webhooks?access_token=" + canary, "/webhooks?jwt=" + canary, "/webhooks?filter=" + canary,
		"/webhooks/" + canary, "/webhooks?redirect=1", "/webhooks?access_token[]=" + canary, "/webhooks?token=" + hex.EncodeToString([]byte(canary)),
	} {
		add("GET", app+target, "", bearer)
	}
	add("GET", app, "", "aUTHORIZATION: Bearer "+canary)
	add("GET", app, "", bearer, bearer)
	add("GET", app, "", "Authorization: JWT "+canary)
	add("GET", app, "", "Authorization: Basic "+encoded)
	add("GET", app, "", "Cookie: session="+canary)
	add("GET", app, "", bearer, "X-Token: "+canary, "Referer: https://x/?t="+canary, "Origin: http://"+"localhost")
	add("POST", app+"/webhooks", `{"name":"x","description":"`+canary+`"}`, bearer, typed)
	add("POST", app+"/webhooks", `{"name":{"deep":[{"token":"`+canary+`"}]}}`, bearer, typed)
	add("POST", app+"/webhooks", `{"name":"`+encoded+`"}`, bearer, typed)
	add("POST", app+"/webhooks", `{"name":"\u0065`+canary[1:]+`"}`, bearer, typed)
	add("POST", app+"/webhooks", `{"`+canary+`":"x"`, bearer, typed)
	add("POST", app+"/webhooks", "name=x&token="+canary, bearer, "Content-Type: application/x-www-form-urlencoded")
	add("POST", app+"/webhooks", gzipped.String(), bearer, typed, "Content-Encoding: gzip")
	add("POST", "/auth/user", `{"email":"dev@example.com","password":"`+canary+`"}`, typed)
	add("PATCH", app+"/webhooks/575ed78e7ae143cd83dc4aab", canary, bearer, "Content-Type: text/plain; note="+canary)
	return requests
}

// recorded runs record while use uses it, and gives all that it printed.
func recorded(t *testing.T, record *exec.Cmd, use func(url string)) (string, int) {
	t.Helper()
	return recordedUntil(t, syscall.SIGTERM, record, use)
}

// recordedUntil is [recorded] with a signal that ends the program.
func recordedUntil(t *testing.T, end os.Signal, record *exec.Cmd, use func(url string)) (string, int) {
	t.Helper()
	stdout, err := record.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	record.Stderr = record.Stdout
	if err := record.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	var printed strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%v: %s", err, printed.String())
		}
		printed.WriteString(line)
		if url, ok := strings.CutPrefix(line, "listening    "); ok {
			use(strings.TrimSpace(url))
			break
		}
	}
	if err := record.Process.Signal(end); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(lines)
	_ = record.Wait() // the exit code says it
	return printed.String() + string(rest), record.ProcessState.ExitCode()
}

// What was recorded serves the same world again, with placeholders for
// secrets.
func TestARecordingServes(t *testing.T) {
	t.Parallel()
	api := serveProgram(t, "--scenario", "every-field")
	out := filepath.Join(t.TempDir(), "world.yaml")
	app := "/applications/575ec8687ae143cd83dc4a97"
	ask := func(url, method, target, body string) string {
		request, _ := http.NewRequest(method, url+app+target, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer any")
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(answer)
	}
	record := exec.Command("losantmock", "record", "--url", api.url, "--listen", "127.0.0.1:0", "--out", out)
	printed, code := recorded(t, record, func(url string) {
		ask(url, http.MethodGet, "", "")
		ask(url, http.MethodGet, "/webhooks", "")
		created := map[string]string{}
		for _, name := range []string{"Kept", "Gone"} {
			var webhook struct{ ID string }
			_ = json.Unmarshal([]byte(ask(url, http.MethodPost, "/webhooks", `{"name":"`+name+`","basicAuthPassword":"a password"}`)), &webhook)
			created[name] = webhook.ID
		}
		ask(url, http.MethodPatch, "/webhooks/"+created["Kept"], `{"responseCode":299}`)
		ask(url, http.MethodDelete, "/webhooks/"+created["Gone"], "")
	})
	if code != 0 || !strings.Contains(printed, "conforms: 6 requests") {
		t.Errorf("%d %s", code, printed)
	}
	if text := read(t, out); strings.Contains(text, "Gone") || strings.Contains(text, "a password") || !strings.Contains(text, "responseCode: 299") {
		t.Errorf("%s", text)
	}
	again := serveProgram(t, "--scenario", out)
	// Secrets differ; everything else is the same.
	want := withoutSecrets(t, ask(api.url, http.MethodGet, "/webhooks?_actions=false&_links=false", ""))
	got := withoutSecrets(t, ask(again.url, http.MethodGet, "/webhooks?_actions=false&_links=false", ""))
	if got != want {
		t.Error(cmp.Diff(want, got))
	}
}

func withoutSecrets(t *testing.T, list string) string {
	t.Helper()
	var decoded struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(list), &decoded); err != nil || len(decoded.Items) < 10 {
		t.Fatalf("%v %s", err, list)
	}
	for _, item := range decoded.Items {
		for _, name := range []string{"token", "basicAuthUsername", "basicAuthPassword", "verificationCode"} {
			delete(item, name)
		}
		// This scenario's longest code is its longest description too.
		if text, _ := item["description"].(string); strings.HasPrefix(text, "xxxx") || strings.HasPrefix(text, "code-") {
			delete(item, "description")
		}
	}
	text, err := json.MarshalIndent(decoded.Items, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
