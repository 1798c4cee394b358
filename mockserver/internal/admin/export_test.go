package admin_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// export returns a request in a format.
func export(t testing.TB, srv *mockserver.TestServer, id, format string) mocktest.Response {
	t.Helper()
	return mocktest.Send(t, srv.URL, "GET /__admin/requests/"+id+"/export?format="+format, "")
}

// sending is what is sent to a server.
type sending struct {
	request, body string
	lines         []string
}

// sendings returns requests whose exports have to say which of them they are of: many
// differ in a single byte.
func sendings() (all []sending) {
	for _, c := range exported {
		all = append(all, sending{c.request, c.body, strings.Split(c.lines, "\r\n")})
	}
	drawn := rand.New(rand.NewPCG(23, 1))
	alphabet := []string{`"`, "'", "`", `\`, "$", "\n", "\r", "\t", "\x00", "\xff", "é", "\u202e", "{}", "2e2", "%", "!", "a"}
	for range size.Of(20, 50, 300) {
		var body strings.Builder
		for range 1 + drawn.IntN(12) {
			body.WriteString(alphabet[drawn.IntN(len(alphabet))])
		}
		all = append(all, sending{"PUT /webhooks/the_webhook_token/drawn", body.String(), []string{"Content-Type: text/plain", fmt.Sprint("X-Number: ", drawn.IntN(1<<30))}})
	}
	return all
}

var exported = []struct{ name, request, body, lines string }{
	{"a list", "GET " + mocktest.WebhooksPath, "", ""},
	{"a list with a query", "GET " + mocktest.WebhooksPath + "?perPage=1&page=0", "", ""},
	{"a parameter that is there twice", "GET " + mocktest.WebhooksPath + "?perPage=1&perPage=1", "", ""},
	{"an escaped path", "GET /a%2Fb%20'c'?d=%22%60e", "", ""},
	{"a body", "POST " + mocktest.WebhooksPath, `{"name":"Door","responseCode":200}`, mocktest.SendsJSON},
	{"a number in another spelling", "POST " + mocktest.WebhooksPath, `{"name":"Door","responseCode":2e2}`, mocktest.SendsJSON},
	{"keys in another order", "POST " + mocktest.WebhooksPath, `{"responseCode":200,"name":"Door"}`, mocktest.SendsJSON},
	{"blanks", "POST " + mocktest.WebhooksPath, "{\n\t\"name\": \"Door\", \"responseCode\": 200}\n", mocktest.SendsJSON},
	{"a key twice", "POST " + mocktest.WebhooksPath, `{"name":"a","name":"b"}`, mocktest.SendsJSON},
	{"quotes of every kind", "POST " + mocktest.WebhooksPath, `{"name":"it's a \"quote\" and a ` + "`tick`" + ` \\"}`, mocktest.SendsJSON},
	{"a violation", "POST " + mocktest.WebhooksPath, `{"nam":12345678901234567890}`, mocktest.SendsJSON},
	{"no JSON", "POST " + mocktest.WebhooksPath, `{"name":`, mocktest.SendsJSON},
	{"a list of JSON", "POST " + mocktest.WebhooksPath, `[1, -0, 1e400]`, mocktest.SendsJSON},
	{"a text of JSON", "POST " + mocktest.WebhooksPath, `"name"`, mocktest.SendsJSON},
	{"marks that turn a text around", "POST " + mocktest.WebhooksPath, "{\"name\":\"a\u202e\u2028b\"}", mocktest.SendsJSON},
	{"a form", "POST /webhooks/the_webhook_token", "a=1&a=2", "Content-Type: application/x-www-form-urlencoded"},
	{"binary", "POST /webhooks/the_webhook_token", "\xff\xfe\r\n'", "Content-Type: application/octet-stream"},
	{"a NUL", "POST /webhooks/the_webhook_token", "a\x00b", "Content-Type: text/plain"},
	{"a NUL at the end", "POST /webhooks/the_webhook_token", "a\x00", "Content-Type: text/plain"},
	{"a body like an option", "POST /webhooks/the_webhook_token", "-d@/etc/passwd", "Content-Type: text/plain"},
	{"no body", "POST /webhooks/the_webhook_token/none", "", ""},
	{"a field that differs", "POST /webhooks/the_webhook_token", "", "X-Field: it's `1`"},
	{"compressed", "POST " + mocktest.WebhooksPath, gzipped(`{"name":"Packed"}`), mocktest.SendsJSON + "\r\nContent-Encoding: gzip"},
	{"to no operation", "PURGE /nowhere", "", ""},
	{"about the whole server", "OPTIONS *", "", ""},
	{"large", "POST /webhooks/the_webhook_token", strings.Repeat("large 'body' ", 5000), "Content-Type: text/plain"},
}

// sendExported sends the requests to a server, and returns what it has recorded.
func sendExported(t *testing.T, srv *mockserver.TestServer) []mockserver.Request {
	t.Helper()
	for _, c := range sendings() {
		mocktest.Send(t, srv.URL, c.request, c.body, c.lines...)
	}
	return srv.Requests().All()
}

// The command of each request sends the same bytes again.
func TestExportedCommandsSendTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipped: %s is missing", program)
		}
	}
	srv := mockserver.Start(t)
	for _, r := range sendExported(t, srv) {
		command := export(t, srv, r.ID, "curl")
		if command.Status != http.StatusOK || command.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Fatalf("%s %s: %d %s", r.Method, r.Target, command.Status, command.Body)
		}
		shell := exec.CommandContext(t.Context(), "bash")
		shell.Stdin = strings.NewReader(command.Body + " -sS\n")
		if out, err := shell.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v %s", command.Body, err, out)
		}
		all := srv.Requests().All()
		checkSame(t, r, all[len(all)-1])
	}
}

// checkSame checks that a request was sent once more, byte by byte.
func checkSame(t *testing.T, first, again mockserver.Request) {
	t.Helper()
	form := func(r mockserver.Request) string {
		return fmt.Sprintf("%s %s %s %s %q %q", r.Method, r.BasePath, r.Target, r.Host, r.Header, r.SentBody())
	}
	if first.ID == again.ID || form(first) != form(again) {
		t.Errorf("again\n%s, and before\n%s", form(again), form(first))
	}
}

// The pattern of each request counts it once, beside others that are nearly the same.
func TestExportedPatternsCountOnce(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, r := range sendExported(t, srv) {
		pattern := export(t, srv, r.ID, "wiremock")
		if pattern.Status != http.StatusOK || pattern.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s", r.Method, r.Target, pattern.Status, pattern.Body)
			continue
		}
		found := mocktest.Decode[struct {
			Requests []struct{ Method, URL, BodyAsBase64 string }
		}](t, mocktest.Send(t, srv.URL, "POST /__admin/requests/find", pattern.Body, mocktest.SendsJSON))
		if len(found.Requests) != 1 || found.Requests[0].URL != r.Target || found.Requests[0].Method != r.Method {
			t.Errorf("%s %s %q: %d match %s", r.Method, r.Target, r.Body, len(found.Requests), pattern.Body)
		}
	}
}

// The Go code of each request compiles, and finds it once on a server that has received
// the same requests.
func TestExportedAssertionsFindTheRequest(t *testing.T) {
	t.Parallel()
	size.SkipUnderRace(t)
	srv := mockserver.Start(t)
	var code strings.Builder
	for _, c := range sendings() {
		fmt.Fprintf(&code, "\tmocktest.Send(t, srv.URL, %q, %q", c.request, c.body)
		for _, line := range c.lines {
			fmt.Fprintf(&code, ", %q", line)
		}
		code.WriteString(")\n")
	}
	whole := regexp.MustCompile(`(?s)^srv\.Requests\(\)\..*\.\s+Once\(t\)\n$`)
	for i, r := range sendExported(t, srv) {
		assertion := export(t, srv, r.ID, "go")
		if assertion.Status != http.StatusOK || !whole.MatchString(assertion.Body) || !strings.Contains(assertion.Body, fmt.Sprintf("Status(%d)", r.Status)) {
			t.Errorf("%s %s: %d %s", r.Method, r.Target, assertion.Status, assertion.Body)
			continue
		}
		fmt.Fprintf(&code, "\tt.Run(\"%d\", func(t *testing.T) {\n%s\t})\n", i+1, assertion.Body)
	}
	runTest(t, `package exported

import (
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

func TestExported(t *testing.T) {
	srv := mockserver.Start(t)
`+code.String()+"}\n")
}

// runTest runs a test that is in no file of the module, and may import its internal
// packages.
func runTest(t *testing.T, program string) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file, overlay := filepath.Join(t.TempDir(), "program"), filepath.Join(t.TempDir(), "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(here, "exported", "exported_test.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{file: program, overlay: string(replace)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	compiled := filepath.Join(t.TempDir(), "exported.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-o", compiled, "-overlay", overlay, "./exported").CombinedOutput(); err != nil {
		t.Fatalf("it does not compile: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), compiled, "-test.v").CombinedOutput()
	if err != nil || strings.Count(string(out), "    --- PASS") != len(sendings()) {
		t.Errorf("%v\n%s", err, out)
	}
}

// What no export can hold is refused with what to do.
func TestExportsRefuse(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", strings.Repeat("x", 64<<10+1), "Content-Type: text/plain")
	mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "no HTTP\r\n\r\n")
	all := srv.Requests().All()
	for _, c := range []struct {
		id, format string
		status     int
		want       string
	}{
		{all[0].ID, "wiremock", 409, "the body has 65537 bytes, and a pattern holds 65536: match a part of it"},
		{all[0].ID, "go", 409, "the body has 65537 bytes"},
		{all[0].ID, "curl", 200, "curl -i -X POST"},
		{all[1].ID, "curl", 409, "no command can send what HTTP can't read as a request"},
		{all[0].ID, "java", 422, `\"java\" is none of curl, go, wiremock`},
		{"00000000-0000-0000-0000-000000000000", "go", 404, "no request has the id"},
	} {
		if a := export(t, srv, c.id, c.format); a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %.300s, want %d with %s", c.format, a.Status, a.Body, c.status, c.want)
		}
	}
}
