package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
)

// A question has the same verdict in Go, over HTTP and on the command line. The
// table is testdata/verdicts/table.txt.
func TestVerdicts(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	complete := verdictServer(t, mockserver.DefaultJournalEntries)
	evicted := verdictServer(t, 4)
	rows := 0
	for number, line := range strings.Split(readTable(t), "\n") {
		fields := strings.Split(line, " | ")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		rows++
		q := newAsked(t, strings.TrimSpace(fields[0]), strings.TrimSpace(fields[1]))
		for i, srv := range []*mockserver.TestServer{complete, evicted} {
			want := strings.TrimSpace(fields[2+i])
			for way, got := range map[string]decided{"Go": q.inGo(srv), "HTTP": q.overHTTP(t, srv), "verify": q.onCommandLine(t, srv)} {
				if got.verdict != want {
					t.Errorf("table.txt:%d: %s, %s: %s says %s, want %s (evicted: %d)", number+1, q.text, q.count, way, got.verdict, want, srv.Requests().Evicted())
				}
				if len(fields) > 4 && want == "invalid" && !strings.Contains(got.said, fmt.Sprintf("did you mean %q?", strings.TrimSpace(fields[4]))) {
					t.Errorf("table.txt:%d: %s: %s suggests no %s: %s", number+1, q.text, way, fields[4], got.said)
				}
			}
		}
	}
	if rows < 150 {
		t.Errorf("the table has %d rows, want at least 150", rows)
	}
}

func readTable(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/verdicts/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// verdictServer is a server that has received what testdata/verdicts/requests.txt
// lists, and keeps so many of it.
func verdictServer(t *testing.T, entries int) *mockserver.TestServer {
	t.Helper()
	srv := mockserver.Start(t, mockserver.WithScenario("testdata/verdicts/world.yaml"), mockserver.WithJournalLimits(entries, 1<<20))
	text, err := os.ReadFile("testdata/verdicts/requests.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 4)
		if len(fields) < 3 || fields[0] == "#" {
			continue
		}
		request, err := http.NewRequest(fields[0], srv.URL+fields[1], strings.NewReader(strings.Join(fields[3:], "")))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+fields[2])
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	return srv
}

// asked is a question of the table: a name and a value of each criterion, with
// semicolons between them, or the JSON of a pattern.
type asked struct {
	text    string
	count   string // such as 2 for exactly two, and 1+ for at least one
	number  int
	pattern string
	inGoAs  func(mockserver.Requests) mockserver.Requests
}

func newAsked(t *testing.T, text, count string) asked {
	t.Helper()
	number, err := strconv.Atoi(strings.TrimSuffix(count, "+"))
	if err != nil {
		t.Fatal(err)
	}
	q := asked{text: text, count: count, number: number}
	if strings.HasPrefix(text, "{") || !strings.Contains(text, " ") {
		q.pattern = text
		q.inGoAs = func(r mockserver.Requests) mockserver.Requests { return r.Matching(text) }
		return q
	}
	members := map[string]any{}
	q.inGoAs = func(r mockserver.Requests) mockserver.Requests { return r }
	for criterion := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(criterion), " ")
		narrow := narrowed(t, members, name, value)
		before := q.inGoAs
		q.inGoAs = func(r mockserver.Requests) mockserver.Requests { return narrow(before(r)) }
	}
	encoded, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	q.pattern = string(encoded)
	return q
}

// narrowed adds a criterion to the members of a pattern, and returns the function
// that adds it to a question in Go.
func narrowed(t *testing.T, members map[string]any, name, value string) func(mockserver.Requests) mockserver.Requests {
	t.Helper()
	first, second, _ := strings.Cut(value, "=")
	plain := map[string]func(mockserver.Requests, string) mockserver.Requests{
		"operation":   mockserver.Requests.Operation,
		"method":      mockserver.Requests.Method,
		"application": mockserver.Requests.Application,
		"webhook":     mockserver.Requests.Webhook,
		"violation":   mockserver.Requests.Violation,
		"scope":       mockserver.Requests.Scope,
		"fault":       mockserver.Requests.Fault,
	}
	switch name {
	case "path":
		members["urlPath"] = value
		return func(r mockserver.Requests) mockserver.Requests { return r.Path(value) }
	case "status":
		status, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		members["status"] = status
		return func(r mockserver.Requests) mockserver.Requests { return r.Status(status) }
	case "query":
		members["queryParameters"] = equalTo(first, second)
		return func(r mockserver.Requests) mockserver.Requests { return r.Query(first, second) }
	case "header":
		members["headers"] = equalTo(first, second)
		return func(r mockserver.Requests) mockserver.Requests { return r.Header(first, second) }
	case "body":
		members["bodyPatterns"] = []any{map[string]any{"matchesJsonPath": map[string]any{"expression": "$." + first, "equalTo": second}}}
		return func(r mockserver.Requests) mockserver.Requests { return r.Body(first, second) }
	case "bodyJSON":
		members["bodyPatterns"] = []any{map[string]any{"equalToJson": value}}
		return func(r mockserver.Requests) mockserver.Requests { return r.BodyJSON(json.RawMessage(value)) }
	}
	narrow, known := plain[name]
	if !known {
		t.Fatalf("no criterion has the name %q", name)
	}
	members[name] = value
	return func(r mockserver.Requests) mockserver.Requests { return narrow(r, value) }
}

func equalTo(name, value string) map[string]any {
	return map[string]any{name: map[string]string{"equalTo": value}}
}

// decided is a verdict, with the sentence that says why it is no other.
type decided struct{ verdict, said string }

func (q asked) exact() bool { return !strings.HasSuffix(q.count, "+") }

// inGo asks with an assertion. For at least so many there is none: Count decides.
func (q asked) inGo(srv *mockserver.TestServer) decided {
	question := q.inGoAs(srv.Requests())
	if !q.exact() {
		switch found := question.Count(); {
		case question.Err() != nil:
			return decided{"invalid", question.Err().Error()}
		case found >= q.number:
			return decided{verdict: "ok"}
		case question.Evicted() > 0:
			return decided{verdict: "incomplete"}
		default:
			return decided{verdict: "failed"}
		}
	}
	var f failing
	f.run(func() { question.Times(&f, q.number) })
	switch {
	case f.message == "":
		return decided{verdict: "ok"}
	case strings.HasPrefix(f.message, "mockserver: the question is invalid"):
		return decided{"invalid", f.message}
	case strings.HasPrefix(f.message, "mockserver: incomplete"):
		return decided{"incomplete", f.message}
	default:
		return decided{"failed", f.message}
	}
}

func (q asked) overHTTP(t *testing.T, srv *mockserver.TestServer) decided {
	t.Helper()
	count := "count"
	if q.exact() {
		count = "exactly"
	}
	order := fmt.Sprintf(`{"request":%s,%q:%d,"timeout":"0s"}`, q.pattern, count, q.number)
	response, err := http.Post(srv.URL+"/__admin/requests/wait", "application/json", strings.NewReader(order))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var found struct {
		Verdict string
		Met     bool
	}
	if response.StatusCode == http.StatusUnprocessableEntity {
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return decided{"invalid", adminclient.ReasonOf(text)}
	}
	if err := json.NewDecoder(response.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	if found.Met != (found.Verdict == "ok") {
		t.Errorf("%s: met is %t and the verdict %s", q.text, found.Met, found.Verdict)
	}
	return decided{verdict: found.Verdict}
}

func (q asked) onCommandLine(t *testing.T, srv *mockserver.TestServer) decided {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pattern.json")
	if err := os.WriteFile(file, []byte(q.pattern), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"verify", file, "--url", srv.URL}
	if q.exact() {
		args = append(args, "--times", strconv.Itoa(q.number))
	}
	var out bytes.Buffer
	status := run(t.Context(), args, &out, &out)
	if verdict, ok := map[int]string{exit.CodeOK: "ok", exit.CodeFailed: "failed", exit.CodeUsage: "invalid", exit.CodeUnsure: "incomplete"}[status]; ok {
		return decided{verdict, out.String()}
	}
	return decided{fmt.Sprintf("status %d: %s", status, &out), ""}
}

// failing is a test that fails without failing the one around it.
type failing struct {
	testing.TB
	message string
}

func (f *failing) Helper() {}

func (f *failing) Name() string { return "failing" }

func (f *failing) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	panic(f)
}

func (f *failing) run(test func()) {
	defer func() {
		if problem := recover(); problem != nil && problem != any(f) {
			panic(problem)
		}
	}()
	test()
}
